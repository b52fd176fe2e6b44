// A copy button on each block of code, and the buttons that copy a path.
import { all, button } from "./dom";
import { words } from "./words";

const blocks = ".prose pre, pre.code, div.code";

export function copyButtons(): void {
  add(document);
  paths();
  document.addEventListener("htmx:after:swap", () => (add(document), paths()));
  document.addEventListener("click", (event) => {
    const from = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (from) void copy(from.dataset.copy!, from.querySelector("span") ?? from);
  });
}

/** paths shows the buttons that need a script to copy. */
function paths(): void {
  all("[data-copy]").forEach((b) => (b.hidden = false));
}

/** copy puts the text on the clipboard and says so where its label is. */
async function copy(text: string, label: HTMLElement): Promise<void> {
  const before = label.textContent;
  await navigator.clipboard.writeText(text);
  label.textContent = words.copied;
  setTimeout(() => (label.textContent = before), 2000);
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
    void copy((code.textContent ?? "").trimEnd(), made);
  }, "copy");
  return made;
}
