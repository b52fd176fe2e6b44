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
    if (document.querySelector("dialog[open]")) return; // the page behind it waits
    if (event.key === "?" && !typing(event)) show();
    if (alt(event) && event.code in digits) go(event, digits[event.code]!);
    if (alt(event) && event.code === "Digit4") goToTerminal(event);
    if (event.key === "Escape" && (event.target as Element).closest?.("#result-bar")) document.getElementById("cancel")?.click();
    if ((mac ? event.metaKey : event.ctrlKey) && event.key === "Enter") {
      event.preventDefault();
      document.querySelector<HTMLFormElement>("form[data-check]")?.requestSubmit();
    }
  });
}

/** panes are where one goes with the keys or a skip link: the pane to show in a narrow window, and what to focus, the first that is there. */
const panes = {
  text: ["text", "#text"],
  files: ["editor", "#tree a[aria-current]", "#tree a", "#tree button"],
  panels: ["panels", "#panels [role=tab][aria-selected=true]"],
  editor: ["editor", "[data-editor]"],
  check: ["", "#check"],
} as const;

/** digits are where Alt and a digit lead. */
const digits: Record<string, keyof typeof panes> = { Digit1: "text", Digit2: "files", Digit3: "panels", Digit5: "editor", Digit6: "check" };

/** isPageKey tells whether a key is the page's own also where a terminal has the focus. */
export function isPageKey(event: KeyboardEvent): boolean {
  if (alt(event) && (event.code in digits || event.code === "Digit4")) return true;
  return (mac ? event.metaKey : event.ctrlKey) && event.key === "Enter";
}

/** alt tells whether Alt is held alone: with Ctrl it is the AltGr that types @ and # on many keyboards. */
function alt(event: KeyboardEvent): boolean {
  return event.altKey && !event.ctrlKey && !event.metaKey;
}

function go(event: Event, pane: keyof typeof panes): void {
  event.preventDefault();
  const [view, ...selectors] = panes[pane];
  document.getElementById(`tab-${view}`)?.click();
  const target = selectors.map((selector) => document.querySelector<HTMLElement>(selector)).find(Boolean);
  for (let folder = target?.closest("details"); folder; folder = folder.parentElement?.closest("details")) folder.open = true;
  target?.focus();
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
