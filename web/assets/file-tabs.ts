// The row of open files above the editor, and the word that says whether the
// one in view is saved.
import { make } from "./dom";
import type { Open } from "./files";
import { words } from "./words";

interface Actions {
  show(path: string): void;
  close(path: string): void;
}

/** fileTabs draws a tab for each open path; all are the paths of the whole workspace. */
export function fileTabs(row: HTMLElement, paths: string[], all: string[], now: string, actions: Actions): void {
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", words.openFiles);
  row.replaceChildren(...paths.map((path) => {
    const choose = make("button", { type: "button", class: "tab", title: path }, short(path, all));
    if (path === now) choose.setAttribute("aria-current", "true");
    choose.addEventListener("click", () => actions.show(path));
    const close = make("button", { type: "button", class: "button button-quiet", "aria-label": `${words.closeTab} ${path}` }, "×");
    close.addEventListener("click", () => actions.close(path));
    return make("span", { class: "file-tab" }, choose, close);
  }));
  row.querySelector("[aria-current]")?.parentElement!.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** short is the file's name, with its folder where another has the same. */
function short(path: string, all: string[]): string {
  const name = path.split("/").at(-1)!;
  const twins = all.filter((other) => other !== path && other.split("/").at(-1) === name);
  return twins.length > 0 ? path.split("/").slice(-2).join("/") : name;
}

export function savedState(element: HTMLElement, file: Open | undefined): void {
  const state = !file ? "" : file.unsent ? "kept" : file.text !== file.saved ? "unsaved" : "saved";
  const says = { "": "", kept: words.keptHere, unsaved: words.unsaved, saved: words.saved }[state] ?? "";
  if (element.dataset.state === state && element.textContent === says) return;
  element.dataset.state = state;
  element.textContent = says;
}
