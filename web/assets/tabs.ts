// A row of tabs of which one is chosen, with the pointer or the arrow keys.
import { all } from "./dom";

/** tabs makes a row of tabs choose; chosen gets the id of the panel that is chosen. */
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
