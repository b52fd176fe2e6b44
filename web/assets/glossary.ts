// Words that are explained show what they mean under the pointer and at the
// focus. Without this script the browser shows it at a click.
import { all } from "./dom";

const pause = 150;

export function glossary(): void {
  for (const word of all<HTMLButtonElement>("button.word")) {
    const means = word.popoverTargetElement as HTMLElement | null;
    if (!means) continue;
    let timer = 0;
    const show = () => means.matches(":popover-open") || means.showPopover({ source: word });
    const hide = () => means.matches(":popover-open") && means.hidePopover();
    word.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && (timer = setTimeout(show, pause)));
    word.addEventListener("pointerleave", () => (clearTimeout(timer), document.activeElement !== word && hide()));
    word.addEventListener("focus", () => word.matches(":focus-visible") && show());
    word.addEventListener("blur", hide);
    word.addEventListener("click", (event) => (event.preventDefault(), show()));
  }
}
