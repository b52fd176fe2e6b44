// Small helpers to make and find elements.

type Child = Node | string;

/** make makes an element with attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** button makes a button that does something. */
export function button(label: string, click: () => void, kind = ""): HTMLButtonElement {
  const made = make("button", { type: "button", class: `button ${kind}`.trim() }, label);
  made.addEventListener("click", click);
  return made;
}

/** all finds every element of a selector. */
export function all<E extends HTMLElement>(selector: string, within: ParentNode = document): E[] {
  return [...within.querySelectorAll<E>(selector)];
}

/** openDialog shows a dialog that Escape closes and that is gone after. */
export function openDialog(title: string, kind: string, ...children: Child[]): HTMLDialogElement {
  const dialog = make("dialog", { class: `dialog ${kind}`.trim(), "aria-labelledby": "dialog-title" });
  dialog.append(make("h2", { id: "dialog-title" }, title), ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
