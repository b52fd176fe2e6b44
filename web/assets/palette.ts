// The command palette: one list of all that the page has to offer, its files,
// its steps and what its buttons do. It is made of the page's own links and buttons each time it
// opens, so it has what they have at that moment and does what they do.
import { all, make, openDialog } from "./dom";
import { words } from "./words";

interface Command {
  label: string;
  kind: string;
  element: HTMLElement;
}

const mac = navigator.platform.startsWith("Mac");
const most = 50;

export function palette(): void {
  const opener = document.querySelector<HTMLButtonElement>("[data-go]");
  if (!opener) return;
  opener.hidden = false;
  opener.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey || !(mac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    open();
  });
}

function open(): void {
  if (document.querySelector("dialog[open]")) return;
  const commands = gather();
  const list = make("ul", { id: "commands", class: "commands", role: "listbox", "aria-label": words.go });
  const none = make("p", { class: "empty", role: "status" });
  const field = make("input", {
    type: "text", role: "combobox", "aria-label": words.goTo, "aria-expanded": "true", "aria-controls": "commands",
    "aria-autocomplete": "list", placeholder: words.goTo, autocomplete: "off", spellcheck: "false",
  });
  const dialog = openDialog(words.go, "dialog-small dialog-top", field, list, none);
  const choose = (command: Command | undefined) => {
    if (!command) return;
    dialog.close();
    command.element.click();
  };
  const draw = () => {
    const found = match(commands, field.value);
    none.textContent = found.length === 0 ? words.goNone : "";
    list.replaceChildren(...found.map((command, i) => row(command, i, () => choose(command))));
    select(field, list, 0);
    return found;
  };
  let found = draw();
  field.addEventListener("input", () => (found = draw()));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(field, list, (selectedIndex(list) + step + found.length) % Math.max(1, found.length));
    if (event.key === "Enter") choose(found[selectedIndex(list)]);
    if (step || event.key === "Enter") event.preventDefault();
  });
  field.focus();
}

function row(command: Command, index: number, run: () => void): HTMLElement {
  const made = make("li", { id: `command-${index}`, class: "command", role: "option", "aria-selected": "false" },
    make("span", {}, command.label), " ", make("span", { class: "command-kind" }, command.kind));
  made.addEventListener("click", run);
  return made;
}

/** selectedIndex is the row that is selected. */
function selectedIndex(list: HTMLElement): number {
  return all(".command", list).findIndex((command) => command.getAttribute("aria-selected") === "true");
}

function select(field: HTMLElement, list: HTMLElement, index: number): void {
  all(".command", list).forEach((command, i) => command.setAttribute("aria-selected", String(i === index)));
  const selected = list.children[index];
  selected?.scrollIntoView({ block: "nearest" });
  if (selected) field.setAttribute("aria-activedescendant", selected.id);
  else field.removeAttribute("aria-activedescendant");
}

/** gather finds what can be done now; a button that is hidden offers nothing. */
function gather(): Command[] {
  const command = (kind: string, name: (e: HTMLElement) => string) => (element: HTMLElement): Command => ({ label: name(element), kind, element });
  const actions = "#check, #cancel, .next-step, #hint-more, .solution form button, [data-new-file], #workspace-menu .menu-item, " +
    "#panels [role=tab], [data-terminal-new], [data-terminal-action], .stages [data-open-sandbox], [data-close-sandbox], .part form button, [data-keys], [data-theme-switch] button";
  return [
    ...all("#tree a[data-file]").map(command(words.aFile, (link) => link.dataset.file!)),
    ...all(".stepper .step a").map(command(words.aStep, (link) => `${text(link.querySelector(".step-number")!)} ${link.title}`)),
    ...all(actions).filter((b) => !b.closest("[hidden]:not(.panel)")).map(command(words.anAction, nameOf)),
  ];
}

/** nameOf is what a button does, with the part or the menu that it belongs to. */
function nameOf(b: HTMLElement): string {
  const label = b.ariaLabel ?? text(b.querySelector("span") ?? b);
  const part = b.closest<HTMLElement>(".part")?.dataset.part;
  if (part) return label.includes(part) ? label : `${part}: ${label}`;
  const menu = b.closest("[data-theme-switch]")?.closest("details")?.querySelector("summary")?.ariaLabel;
  return menu ? `${menu}: ${label}` : label;
}

function text(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  copy.querySelectorAll("kbd, .visually-hidden").forEach((hidden) => hidden.remove());
  return (copy.textContent ?? "").trim();
}

/** match keeps what has the letters in their order, the closest first. */
function match(commands: Command[], typed: string): Command[] {
  const letters = typed.toLowerCase().replace(/\s+/g, "");
  const scored = commands.map((command) => ({ command, score: score(command.label.toLowerCase(), letters) }));
  const found = scored.filter(({ score }) => score >= 0).sort((a, b) => a.score - b.score);
  return found.slice(0, most).map(({ command }) => command);
}

/** score is how far apart the letters stand; less is better, -1 is none. */
function score(label: string, letters: string): number {
  const whole = label.replace(/\s+/g, "").indexOf(letters);
  if (whole >= 0) return whole;
  let from = 0;
  let apart = 100;
  for (const letter of letters) {
    const found = label.indexOf(letter, from);
    if (found < 0) return -1;
    apart += found - from;
    from = found + 1;
  }
  return apart;
}
