// xterm writes its styles as <style> elements and as style attributes of
// spans. The page's content security policy forbids both, because text that a
// stranger got into a page could do so too. Here they become what only scripts
// can make, which the policy allows: adopted style sheets, and properties of
// an element's style. The policy itself stays as it is.

HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
};

/** styled calls does, in which style elements that scripts make become sheets. */
export function styled(does: () => void): void {
  const create = document.createElement;
  document.createElement = ((tag: string) => (tag === "style" ? sheet() : create.call(document, tag))) as typeof create;
  try {
    does();
  } finally {
    document.createElement = create;
  }
}

/** sheet stands for a style element: its text is a sheet of the document until it is removed. */
function sheet(): HTMLElement {
  const rules = new CSSStyleSheet();
  const element = document.createElement("template");
  Object.defineProperty(element, "textContent", { set: (text: string) => rules.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== rules);
    Element.prototype.remove.call(element);
  };
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
  return element;
}
