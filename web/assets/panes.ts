// Panes: edges that are dragged or moved with arrow keys, and tabs.
import { all } from "./dom";

/** edges makes each edge move the measure that its neighbours have. */
export function edges(lab: HTMLElement): void {
  for (const edge of all("[data-splitter]", lab)) {
    const upright = edge.dataset.edge === "column";
    const [name, frame] = upright ? ["--text-width", lab] : ["--editor-height", edge.parentElement!];
    edge.hidden = false;
    const set = (percent: number) => {
      const at = Math.round(Math.min(80, Math.max(20, percent)));
      lab.style.setProperty(name, `${at}%`);
      edge.setAttribute("aria-valuenow", String(at));
      localStorage.setItem(`cnalab.pane${name}`, String(at));
    };
    const kept = Number(localStorage.getItem(`cnalab.pane${name}`));
    if (kept) set(kept);
    else edge.setAttribute("aria-valuenow", upright ? "40" : "58");
    drag(edge, frame, upright, set);
    arrows(edge, upright, set);
  }
}

function drag(edge: HTMLElement, frame: HTMLElement, upright: boolean, set: (percent: number) => void): void {
  edge.addEventListener("pointerdown", (down) => {
    down.preventDefault();
    edge.setPointerCapture(down.pointerId);
    edge.toggleAttribute("data-dragging", true);
    const move = (event: PointerEvent) => {
      const box = frame.getBoundingClientRect();
      set(upright ? (100 * (event.clientX - box.left)) / box.width : (100 * (event.clientY - box.top)) / box.height);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", () => {
      edge.removeEventListener("pointermove", move);
      edge.toggleAttribute("data-dragging", false);
    }, { once: true });
  });
}

function arrows(edge: HTMLElement, upright: boolean, set: (percent: number) => void): void {
  const steps: Record<string, number> = upright ? { ArrowLeft: -2, ArrowRight: 2 } : { ArrowUp: -2, ArrowDown: 2 };
  edge.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(Number(edge.getAttribute("aria-valuenow")) + step);
  });
}

/** tabs makes a row of tabs choose; chosen is told the id of what is chosen. */
export function tabs(list: HTMLElement, chosen: (id: string) => void): (id: string) => void {
  list.hidden = false;
  const row = () => all<HTMLButtonElement>("[role=tab]", list);
  const choose = (id: string) => {
    for (const tab of row()) {
      const on = tab.getAttribute("aria-controls") === id;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    chosen(id);
  };
  list.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest("[role=tab]");
    if (tab) choose(tab.getAttribute("aria-controls")!);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const now = row().findIndex((tab) => tab === document.activeElement);
    const next = row().at((now + step) % row().length);
    next?.focus();
    next?.click();
  });
  return choose;
}
