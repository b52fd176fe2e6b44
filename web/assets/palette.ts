// One list of all that the page has to offer: its files, its steps and what
// its buttons do. It is made of the page's own links and buttons each time it
// opens, so it offers what they offer at that moment and does what they do.
import { all, make, sheet } from "./dom";
import { words } from "./words";

interface Offer {
  label: string;
  kind: string;
  does: HTMLElement;
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
  const offers = gather();
  const list = make("ul", { id: "offers", class: "commands", role: "listbox", "aria-label": words.go });
  const none = make("p", { class: "empty", role: "status" });
  const field = make("input", {
    type: "text", role: "combobox", "aria-label": words.goTo, "aria-expanded": "true", "aria-controls": "offers",
    "aria-autocomplete": "list", placeholder: words.goTo, autocomplete: "off", spellcheck: "false",
  });
  const dialog = sheet(words.go, "dialog-small dialog-top", field, list, none);
  const choose = (offer: Offer | undefined) => {
    if (!offer) return;
    dialog.close();
    offer.does.click();
  };
  const draw = () => {
    const found = match(offers, field.value);
    none.textContent = found.length === 0 ? words.goNone : "";
    list.replaceChildren(...found.map((offer, i) => row(offer, i, () => choose(offer))));
    mark(field, list, 0);
    return found;
  };
  let found = draw();
  field.addEventListener("input", () => (found = draw()));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(field, list, (at(list) + step + found.length) % Math.max(1, found.length));
    if (event.key === "Enter") choose(found[at(list)]);
    if (step || event.key === "Enter") event.preventDefault();
  });
  field.focus();
}

function row(offer: Offer, index: number, does: () => void): HTMLElement {
  const made = make("li", { id: `offer-${index}`, class: "command", role: "option", "aria-selected": "false" },
    make("span", {}, offer.label), " ", make("span", { class: "command-kind" }, offer.kind));
  made.addEventListener("click", does);
  return made;
}

/** at is the row that is marked. */
function at(list: HTMLElement): number {
  return all(".offer", list).findIndex((offer) => offer.getAttribute("aria-selected") === "true");
}

function mark(field: HTMLElement, list: HTMLElement, index: number): void {
  all(".offer", list).forEach((offer, i) => offer.setAttribute("aria-selected", String(i === index)));
  const marked = list.children[index];
  marked?.scrollIntoView({ block: "nearest" });
  if (marked) field.setAttribute("aria-activedescendant", marked.id);
  else field.removeAttribute("aria-activedescendant");
}

/** gather finds what can be done now; a button that is hidden offers nothing. */
function gather(): Offer[] {
  const offer = (kind: string, name: (e: HTMLElement) => string) => (does: HTMLElement): Offer => ({ label: name(does), kind, does });
  const actions = "#check, #cancel, .next-step, #hint-more, .solution form button, [data-new-file], #workspace-menu .menu-item, " +
    "[data-terminal-new], [data-terminal-action], [data-open-sandbox], [data-close-sandbox], .part form button, [data-keys], [data-theme-switch] button";
  return [
    ...all("#tree a[data-file]").map(offer(words.aFile, (link) => link.dataset.file!)),
    ...all(".step a").map(offer(words.aStep, (link) => `${text(link.querySelector(".step-number")!)} ${link.title}`)),
    ...all(actions).filter((b) => !b.closest("[hidden]:not(.panel)")).map(offer(words.anAction, named)),
  ];
}

/** named is what a button does, with the part or the menu that it belongs to. */
function named(b: HTMLElement): string {
  const label = b.ariaLabel ?? text(b.querySelector("span") ?? b);
  const part = b.closest<HTMLElement>(".part")?.dataset.part;
  if (part) return label.includes(part) ? label : `${part}: ${label}`;
  const menu = b.closest("[data-theme-switch]")?.closest("details")?.querySelector("summary")?.ariaLabel;
  return menu ? `${menu}: ${label}` : label;
}

function text(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  copy.querySelectorAll("kbd, .unseen").forEach((hidden) => hidden.remove());
  return (copy.textContent ?? "").trim();
}

/** match keeps what has the letters in their order, the closest first. */
function match(offers: Offer[], typed: string): Offer[] {
  const letters = typed.toLowerCase().replace(/\s+/g, "");
  const scored = offers.map((offer) => ({ offer, score: score(offer.label.toLowerCase(), letters) }));
  const found = scored.filter(({ score }) => score >= 0).sort((a, b) => a.score - b.score);
  return found.slice(0, most).map(({ offer }) => offer);
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
