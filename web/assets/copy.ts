// A copy button on each block of code.
import { all, button } from "./dom";
import { words } from "./words";

const blocks = ".prose pre, pre.code, div.code";

export function copyButtons(): void {
  add(document);
  document.addEventListener("htmx:after:swap", () => add(document));
}

function add(within: ParentNode): void {
  for (const block of all(blocks, within)) {
    if (block.querySelector(".copy") || block.closest(":has(> .copy)")) continue;
    block.append(copier(block));
  }
}

function copier(block: HTMLElement): HTMLButtonElement {
  const made = button(words.copy, () => {
    const code = block.querySelector("code") ?? block.querySelector("pre") ?? block;
    void navigator.clipboard.writeText((code.textContent ?? "").trimEnd()).then(() => {
      made.textContent = words.copied;
      setTimeout(() => (made.textContent = words.copy), 2000);
    });
  }, "copy");
  return made;
}
