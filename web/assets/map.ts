// On the catalogue, the place under the pointer lights its piece of the shop.
import { all } from "./dom";

export function pathMap(): void {
  for (const place of all(".place[data-lab]")) {
    const pieces = document.querySelectorAll<SVGGElement>(`.piece[data-lab="${place.dataset.lab}"]`);
    const light = (on: boolean) => pieces.forEach((piece) => piece.toggleAttribute("data-highlighted", on));
    for (const on of ["pointerenter", "focusin"]) place.addEventListener(on, () => light(true));
    for (const off of ["pointerleave", "focusout"]) place.addEventListener(off, () => light(false));
  }
}
