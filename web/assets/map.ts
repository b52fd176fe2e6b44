// On the catalogue, the lab under the pointer highlights its piece of the map.
import { all } from "./dom";

export function highlightMap(): void {
  for (const item of all(".lab-item[data-lab]")) {
    const pieces = document.querySelectorAll<SVGGElement>(`.piece[data-lab="${item.dataset.lab}"]`);
    const highlight = (on: boolean) => pieces.forEach((piece) => piece.toggleAttribute("data-highlighted", on));
    for (const on of ["pointerenter", "focusin"]) item.addEventListener(on, () => highlight(true));
    for (const off of ["pointerleave", "focusout"]) item.addEventListener(off, () => highlight(false));
  }
}
