// The editor: one CodeMirror view, one state for each open file. It lives in
// a shadow root, because there CodeMirror brings its styles as adopted style
// sheets, which the page's content security policy lets through.
import { basicSetup } from "codemirror";
import { indentWithTab } from "@codemirror/commands";
import { indentUnit } from "@codemirror/language";
import { Annotation, EditorState, Prec, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { languageOf } from "./languages";
import { editorTheme } from "./editor-theme";
import { withoutEndings } from "./line-endings";
import { words } from "./words";

const fromOutside = Annotation.define<boolean>();

/** nothing is what the view shows where no file is open. */
const nothing = [editorTheme, EditorView.editable.of(false), placeholder(words.pick), EditorView.contentAttributes.of({ "aria-label": words.pick, tabindex: "0" })];

export class Editor {
  readonly view: EditorView;
  private states = new Map<string, EditorState>();
  path = "";

  constructor(host: HTMLElement, private typed: (path: string, text: string) => void, private save: () => void) {
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({ parent: root as unknown as Element, root, extensions: nothing });
    host.focus = () => this.focus(); // who goes to the editor goes where one types
    host.toggleAttribute("data-on", true);
  }

  /** show puts the file into the view, with the cursor where it was. */
  show(path: string, text: string, line?: number): void {
    if (this.path) this.states.set(this.path, this.view.state);
    if (this.path !== path) {
      this.path = path;
      this.view.setState(this.states.get(path) ?? this.fresh(path, text));
    }
    this.replace(path, text);
    if (line) this.go(line);
  }

  /** replace takes a text from outside, keeping the cursor where it can. */
  replace(path: string, text: string): void {
    if (path !== this.path) {
      this.states.delete(path);
      return;
    }
    const old = this.view.state.doc.toString();
    const now = withoutEndings(text);
    if (old === now) return;
    this.view.dispatch({ changes: difference(old, now), annotations: fromOutside.of(true) });
  }

  go(line: number): void {
    const doc = this.view.state.doc;
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    this.view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  forget(path: string): void {
    this.states.delete(path);
    if (path === this.path) {
      this.path = "";
      this.view.setState(EditorState.create({ extensions: nothing }));
    }
  }

  private fresh(path: string, text: string): EditorState {
    return EditorState.create({ doc: text, extensions: [...this.extensions(path), languageOf(path)] });
  }

  private extensions(path: string): Extension[] {
    const own = [
      { key: "Mod-s", run: () => (this.save(), true) },
      { key: "Mod-Enter", run: () => true }, // the page checks; see keys.ts
    ];
    return [
      Prec.highest(keymap.of(own)),
      basicSetup,
      keymap.of([indentWithTab]),
      indentUnit.of(/\.(ya?ml|json|md)$/.test(path) ? "  " : "\t"),
      EditorState.tabSize.of(4),
      EditorState.phrases.of(words.editor),
      EditorView.contentAttributes.of({ "aria-label": path, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        const typed = update.docChanged && !update.transactions.some((t) => t.annotation(fromOutside));
        if (typed) this.typed(path, update.state.doc.toString());
      }),
      editorTheme,
    ];
  }
}

/** difference is the one stretch in which two texts differ. */
function difference(old: string, text: string): { from: number; to: number; insert: string } {
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from++;
  let end = 0;
  const most = Math.min(old.length, text.length) - from;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from, to: old.length - end, insert: text.slice(from, text.length - end) };
}
