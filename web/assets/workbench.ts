// The workbench: files, editor, tabs and the questions around them, in one piece.
import { all, button, make, openDialog } from "./dom";
import { conflict } from "./conflict";
import { Editor } from "./editor";
import { refresh } from "./events";
import { Files, type Change, type Open } from "./files";
import { fileTabs, savedState } from "./file-tabs";
import { keepEndings } from "./line-endings";
import { showNotice } from "./notice";
import { say, words } from "./words";

export class Workbench {
  readonly files: Files;
  private editor: Editor;
  private paths: string[] = [];
  private requests = 0; // how often a file was asked for; only the last is shown

  /** drawn is called whenever something of the files is shown otherwise than before. */
  constructor(private base: string, private step: string, private drawn: () => void) {
    this.files = new Files(base, (file, change) => this.fileChanged(file, change));
    const host = document.querySelector<HTMLElement>("[data-editor]")!;
    const typed = (path: string, text: string) => this.files.change(path, keepEndings(this.files.open.get(path)?.text ?? "", text));
    this.editor = new Editor(host, typed, () => void this.files.flush());
    document.addEventListener("file:closed", (event) => this.close((event as CustomEvent<string>).detail));
  }

  /** start opens what was open, or what the address or the server names. */
  async start(first: string): Promise<void> {
    const wanted = new URLSearchParams(location.search).get("file");
    const before = this.openBefore();
    for (const path of before.paths) if (await this.files.read(path).catch(() => null)) this.paths.push(path);
    const path = wanted ?? (before.step === this.step && this.paths.at(-1) || first);
    if (path && this.requests === 0) await this.show(path); // else the learner was quicker
    this.markTree();
  }

  /** choose opens the file at the line, as somebody does who goes on in it. */
  async choose(path: string, line?: number): Promise<void> {
    await this.show(path, line);
    if (this.editor.path === path) this.editor.focus();
  }

  /** show opens the file at the line; a file that is not there can be made. */
  private async show(path: string, line?: number): Promise<void> {
    const request = ++this.requests;
    const file = await this.files.read(path).catch((err: Error) => err);
    if (request !== this.requests) return;
    if (file instanceof Error) return showNotice(file.message, () => this.editor.path === path);
    if (!file) return this.createFile(path);
    if (!this.paths.includes(path)) this.paths.push(path);
    this.editor.show(path, file.text, line);
    this.draw();
    this.rememberOpen(path);
  }

  close(path: string): void {
    void this.files.save(path).then(() => {
      if (!this.files.dirty().some((file) => file.path === path)) this.files.close(path);
      this.paths = this.paths.filter((p) => p !== path);
      this.editor.forget(path);
      const next = this.paths.at(-1);
      this.rememberOpen(next);
      if (next && !this.editor.path) void this.show(next);
      else this.draw();
    });
  }

  /** createFile asks for the path of a new file and makes it. */
  createFile(path = ""): void {
    const field = make("input", { type: "text", value: path, "aria-label": words.newName, placeholder: words.newName, required: "", spellcheck: "false" });
    const says = make("p", { class: "aside", role: "status" }, words.newName);
    const actions = make("div", { class: "dialog-actions" });
    const form = make("form", {}, says, field, actions);
    const dialog = openDialog(words.newFile, "dialog-small", form);
    actions.append(button(words.cancel, () => dialog.close()), make("button", { class: "button button-main" }, words.create));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = field.value.trim().replace(/^\/+/, "");
      this.files.create(name).then(async (made) => {
        if (!made) return void (says.textContent = words.exists);
        dialog.close();
        await this.choose(name);
      }).catch((err: Error) => (says.textContent = err.message));
    });
    field.focus();
  }

  /** draw brings everything around the editor up to date. */
  draw(): void {
    const path = this.editor.path;
    const file = this.files.open.get(path);
    const row = document.querySelector<HTMLElement>("[data-open-files]")!;
    fileTabs(row, this.paths, this.listed(), path, { show: (p) => void this.choose(p), close: (p) => this.close(p) });
    savedState(document.querySelector<HTMLElement>("[data-saved]")!, file);
    conflict(this.files, file, () => this.editor.focus());
    this.markTree();
    this.drawn();
  }

  /** markTree marks the file in view and those not yet saved, after each swap too. */
  markTree(): void {
    const dirty = new Set(this.files.dirty().map((file) => file.path));
    for (const link of all("#tree a[data-file]")) {
      const path = link.dataset.file!;
      if (path === this.editor.path) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.toggleAttribute("data-dirty", dirty.has(path));
    }
    all("[data-new-file]").forEach((b) => (b.hidden = false));
    this.nameFileActions();
  }

  /** knows tells whether the tree lists the file. */
  knows(path: string): boolean {
    return this.listed().includes(path);
  }

  private listed(): string[] {
    return all("#tree a[data-file]").map((link) => link.dataset.file!);
  }

  /** nameFileActions puts the path of the file in view into the workspace menu. */
  private nameFileActions(): void {
    const path = this.editor.path;
    const labels = { file: say(words.reset, { path }), removal: say(words.remove, { path }) };
    for (const [scope, label] of Object.entries(labels)) {
      const form = document.querySelector<HTMLFormElement>(`[data-reset=${scope}]`);
      if (!form) continue;
      form.hidden = path === "";
      form.querySelector<HTMLInputElement>("[name=path]")!.value = path;
      form.querySelector("span")!.textContent = label;
    }
  }

  private fileChanged(file: Open, change: Change): void {
    if (change === "text") this.editor.replace(file.path, file.text);
    if (change === "tree") void refresh("tree");
    if (!this.files.open.has(file.path) && this.paths.includes(file.path)) return this.close(file.path); // nothing of the learner's was in it
    this.draw();
  }

  /** openBefore is what this tab had open, so that a new step or a reload finds it. */
  private openBefore(): { step: string; paths: string[] } {
    const none = { step: "", paths: [] };
    try {
      return { ...none, ...JSON.parse(sessionStorage.getItem(`cnalab.open ${this.base}`) ?? "{}") };
    } catch {
      return none;
    }
  }

  private rememberOpen(last = ""): void {
    const paths = [...this.paths.filter((p) => p !== last), ...(last ? [last] : [])];
    sessionStorage.setItem(`cnalab.open ${this.base}`, JSON.stringify({ step: this.step, paths }));
  }
}
