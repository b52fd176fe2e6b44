// The keyboard shortcuts, and the list of them.
import { all, button, make, openDialog } from "./dom";
import { words } from "./words";

const mac = navigator.platform.startsWith("Mac");
const main = mac ? "⌘" : "Ctrl ";

export function keys(): void {
  const opener = document.querySelector<HTMLButtonElement>("[data-keys]");
  if (!opener) return;
  opener.hidden = false;
  opener.addEventListener("click", show);
  skipLinks();
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !typing(event)) show();
    if (event.altKey && event.code in digits) go(event, digits[event.code]!);
    if (event.altKey && event.code === "Digit4") goToTerminal(event);
    if (event.key === "Escape" && (event.target as Element).closest?.("#result-bar")) document.getElementById("cancel")?.click();
    if ((mac ? event.metaKey : event.ctrlKey) && event.key === "Enter") {
      event.preventDefault();
      document.querySelector<HTMLFormElement>("form[data-check]")?.requestSubmit();
    }
  });
}

/** panes are where one goes with the keys or a skip link: the pane to show in a narrow window, and what to focus. */
const panes = {
  text: ["text", "#text"],
  files: ["editor", "#tree a[aria-current], #tree a"],
  panels: ["panels", "#panels [role=tab][aria-selected=true]"],
  editor: ["editor", "[data-editor]"],
  check: ["", "#check"],
} as const;

/** digits are where Alt and a digit lead. */
const digits: Record<string, keyof typeof panes> = { Digit1: "text", Digit2: "files", Digit3: "panels", Digit5: "editor", Digit6: "check" };

/** isPageKey tells whether a key is the page's own also where a terminal has the focus. */
export function isPageKey(event: KeyboardEvent): boolean {
  if (event.altKey && (event.code in digits || event.code === "Digit4")) return true;
  return (mac ? event.metaKey : event.ctrlKey) && event.key === "Enter";
}

function go(event: Event, pane: keyof typeof panes): void {
  event.preventDefault();
  const [view, selector] = panes[pane];
  document.getElementById(`tab-${view}`)?.click();
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** skipLinks go where the keys go; without scripts they are plain links. */
function skipLinks(): void {
  for (const link of all("[data-skip]")) link.addEventListener("click", (event) => go(event, link.dataset.skip as keyof typeof panes));
}

/** goToTerminal goes to where one types commands. */
function goToTerminal(event: KeyboardEvent): void {
  event.preventDefault();
  document.dispatchEvent(new Event("terminal:show"));
}

/** typing tells whether a key is text: in a field, or in the editor. */
function typing(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** show lists the keys. */
function show(): void {
  if (document.querySelector("dialog[open]")) return;
  const rows: [string, string][] = [
    [`${main}⏎`, words.keyCheck], [`${main}K`, words.keyOpen], [`${main}S`, words.keySave],
    ["Alt 1", words.keyText], ["Alt 2", words.keyFiles], ["Alt 3", words.keyPanels],
    ["Alt 4", words.keyTerminal], ["Alt 5", words.keyEditor], ["Alt 6", words.keyBar],
    ["Alt 1 2 3", words.keyLeave],
    [mac ? "⌘C ⌘V" : "Ctrl Shift C, V", words.keyTermCopy],
    ["Esc", words.keyEscape], ["Esc", words.keyCancel], ["?", words.keyHelp],
  ];
  const list = make("div", { class: "key-list" });
  for (const [key, does] of rows) list.append(make("kbd", {}, key), make("span", {}, does));
  const actions = make("div", { class: "dialog-actions" });
  const dialog = openDialog(words.keys, "dialog-small", list, actions);
  actions.append(button(words.close, () => dialog.close()));
}
