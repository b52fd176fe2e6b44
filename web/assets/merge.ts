// Two texts of one file side by side, so that nobody has to guess.
import { MergeView } from "@codemirror/merge";
import { basicSetup } from "codemirror";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { button, make, openDialog } from "./dom";
import { languageOf } from "./languages";
import { editorTheme } from "./editor-theme";
import { words } from "./words";

/** seeBoth shows theirs beside mine; use gets what the learner makes of mine. */
export function seeBoth(path: string, theirs: string, mine: string, use: (text: string) => void): void {
  const host = make("div", { class: "merge" });
  const names = make("div", { class: "merge-names" }, make("span", {}, words.theirs), make("span", {}, words.mine));
  const actions = make("div", { class: "dialog-actions" });
  const dialog = openDialog(path, "", names, host, actions);
  const root = host.attachShadow({ mode: "open" });
  const common = [basicSetup, editorTheme, languageOf(path), EditorState.phrases.of(words.editor)];
  const name = (is: string) => EditorView.contentAttributes.of({ "aria-label": is, tabindex: "0" });
  const view = new MergeView({
    a: { doc: theirs, extensions: [...common, name(words.theirs), EditorState.readOnly.of(true)] },
    b: { doc: mine, extensions: [...common, name(words.mine)] },
    parent: root as unknown as Element,
    root,
    revertControls: "a-to-b",
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
  actions.append(
    button(words.cancel, () => dialog.close()),
    button(words.useMerged, () => {
      dialog.close();
      use(view.b.state.doc.toString());
    }, "button-main"),
  );
  dialog.addEventListener("close", () => view.destroy());
  view.b.focus();
}
