// xterm writes its styles as <style> elements and as style attributes of
// spans. The page's content security policy forbids both, because text that a
// stranger got into a page could do so too. Here they become what only scripts
// can make, which the policy allows: adopted style sheets, and properties of
// an element's style. The policy itself stays as it is.

HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
};

/** withAdoptedStyles calls open; style elements that it makes become adopted style sheets. */
export function withAdoptedStyles(open: () => void): void {
  const create = document.createElement;
  document.createElement = ((tag: string) => (tag === "style" ? styleElement() : create.call(document, tag))) as typeof create;
  try {
    open();
  } finally {
    document.createElement = create;
  }
}

/** styleElement stands for a style element: its text is a sheet of the document until it is removed. */
function styleElement(): HTMLElement {
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
