// A copy button on each block of code, a run button on each of commands, and
// the buttons that copy a path. A command in which something has to be filled in
// is not run as it is: it says so as YOUR-NAME, in capitals.
import { all, button, make } from "./dom";
import type { Command } from "./terminal-panel";
import { words } from "./words";

const blocks = ".prose pre, pre.code, div.code";
const placeholder = /\bYOUR-[A-Z]/;
const commands = "[data-language=sh], [data-language=bash], [data-language=console]";

export function codeButtons(): void {
  add(document);
  showCopyPath();
  document.addEventListener("htmx:after:swap", () => (add(document), showCopyPath()));
  document.addEventListener("click", (event) => {
    const from = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (from) void copy(from.dataset.copy!, from.querySelector("span") ?? from);
  });
}

/** showCopyPath shows the buttons that need a script to copy. */
function showCopyPath(): void {
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
    if (block.querySelector(".copy") || block.closest(":has(> .code-actions)")) continue;
    const actions = make("div", { class: "code-actions" });
    if (block.matches(commands) && document.querySelector("[data-terminal]")) actions.append(...runButton(block));
    actions.append(copyButton(block));
    block.prepend(actions);
  }
}

/** runButton asks whoever has a terminal to run the block, or to type it where something is to be filled in; there is none where a shell might run what stands before that. */
function runButton(block: HTMLElement): HTMLButtonElement[] {
  const text = commandsOf(textOf(block), block.dataset.language === "console");
  const enter = !placeholder.test(text);
  if (!enter && text.includes("\n")) return [];
  const made = button(enter ? words.run : words.fillIn, () => {
    document.dispatchEvent(new CustomEvent<Command>("terminal:run", { detail: { text, enter } }));
  }, "copy");
  if (!enter) made.title = words.fillInSays;
  return [made];
}

/** commandsOf is what one would type: of a conversation only what stands after its prompts. */
function commandsOf(text: string, conversation: boolean): string {
  if (!conversation) return text;
  const lines = text.split("\n").filter((line) => /^[$#] /.test(line));
  return lines.map((line) => line.slice(2)).join("\n");
}

function textOf(block: HTMLElement): string {
  const code = block.querySelector("code") ?? block.querySelector("pre") ?? block;
  return (code.textContent ?? "").trimEnd();
}

function copyButton(block: HTMLElement): HTMLButtonElement {
  const made = button(words.copy, () => void copy(textOf(block), made), "copy");
  return made;
}
