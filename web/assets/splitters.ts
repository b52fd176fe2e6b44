// Splitters between panes, moved by dragging or with the arrow keys.
import { all } from "./dom";

/** splitters makes each splitter set the size of the panes beside it. */
export function splitters(lab: HTMLElement): void {
  for (const splitter of all("[data-splitter]", lab)) {
    const vertical = splitter.dataset.splitter === "column";
    const [name, frame] = vertical ? ["--text-width", lab] : ["--editor-height", splitter.parentElement!];
    splitter.hidden = false;
    const set = (percent: number) => {
      const at = Math.round(Math.min(80, Math.max(20, percent)));
      lab.style.setProperty(name, `${at}%`);
      splitter.setAttribute("aria-valuenow", String(at));
      localStorage.setItem(`cnalab.pane${name}`, String(at));
    };
    const saved = Number(localStorage.getItem(`cnalab.pane${name}`));
    if (saved) set(saved);
    else splitter.setAttribute("aria-valuenow", vertical ? "40" : "58");
    drag(splitter, frame, vertical, set);
    arrowKeys(splitter, vertical, set);
  }
}

function drag(splitter: HTMLElement, frame: HTMLElement, vertical: boolean, set: (percent: number) => void): void {
  splitter.addEventListener("pointerdown", (down) => {
    down.preventDefault();
    splitter.setPointerCapture(down.pointerId);
    splitter.toggleAttribute("data-dragging", true);
    const move = (event: PointerEvent) => {
      const box = frame.getBoundingClientRect();
      set(vertical ? (100 * (event.clientX - box.left)) / box.width : (100 * (event.clientY - box.top)) / box.height);
    };
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("lostpointercapture", () => {
      splitter.removeEventListener("pointermove", move);
      splitter.toggleAttribute("data-dragging", false);
    }, { once: true });
  });
}

function arrowKeys(splitter: HTMLElement, vertical: boolean, set: (percent: number) => void): void {
  const steps: Record<string, number> = vertical ? { ArrowLeft: -2, ArrowRight: 2 } : { ArrowUp: -2, ArrowDown: 2 };
  splitter.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(Number(splitter.getAttribute("aria-valuenow")) + step);
  });
}
