// What the page asks when two people, or two tabs, changed one file.
import { button, make } from "./dom";
import type { Files, Open } from "./files";
import { keepEndings } from "./line-endings";
import { words } from "./words";

/** conflict shows or hides the question for the file that is in view. */
export function conflict(files: Files, file: Open | undefined): void {
  const notice = document.getElementById("conflict")!;
  notice.hidden = !file?.theirs && !file?.removed;
  if (!file || notice.hidden) {
    notice.replaceChildren();
    return;
  }
  const says = make("div", { class: "notice-says" }, file.removed ? words.gone : words.conflict);
  const actions = make("div", { class: "notice-actions" }, ...(file.removed ? afterRemoval(files, file) : choices(files, file)));
  notice.replaceChildren(says, actions);
}

function choices(files: Files, file: Open): HTMLButtonElement[] {
  const theirs = file.theirs!;
  const both = () => void import("./merge").then(({ seeBoth }) =>
    seeBoth(file.path, theirs.text, file.text, (text) => void files.resolve(file.path, keepEndings(file.text, text))),
  );
  return [
    button(words.seeBoth, both),
    button(words.keepMine, () => void files.resolve(file.path, file.text)),
    button(words.takeTheirs, () => void files.resolve(file.path, theirs.text)),
  ];
}

function afterRemoval(files: Files, file: Open): HTMLButtonElement[] {
  return [
    button(words.writeAgain, () => void files.resolve(file.path, file.text)),
    button(words.letGo, () => {
      files.close(file.path);
      document.dispatchEvent(new CustomEvent("file:closed", { detail: file.path }));
    }),
  ];
}
