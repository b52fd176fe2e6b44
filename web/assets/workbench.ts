// The bench: files, editor, tabs and the questions around them, in one piece.
import { all, button, make, sheet } from "./dom";
import { conflict } from "./conflict";
import { Editor } from "./editor";
import { refresh } from "./events";
import { Files, type Change, type Open } from "./files";
import { fileTabs, savedWord } from "./tabs";
import { say, words } from "./words";

export class Workbench {
  readonly files: Files;
  private editor: Editor;
  private paths: string[] = [];
  private asked = 0; // how often a file was asked for; only the last is shown

  constructor(private base: string, private step: string) {
    this.files = new Files(base, (file, change) => this.hear(file, change));
    const host = document.querySelector<HTMLElement>("[data-editor]")!;
    this.editor = new Editor(host, (path, text) => this.files.change(path, text), () => void this.files.flush());
    document.addEventListener("file:closed", (event) => this.close((event as CustomEvent<string>).detail));
  }

  /** start opens what was open, or what the address or the server names. */
  async start(first: string): Promise<void> {
    const asked = new URLSearchParams(location.search).get("file");
    const kept = this.kept();
    for (const path of kept.paths) if (await this.files.read(path).catch(() => null)) this.paths.push(path);
    const path = asked ?? (kept.step === this.step && this.paths.at(-1) || first);
    if (path && this.asked === 0) await this.show(path); // else the learner was quicker
    this.tree();
  }

  /** show opens the file at the line; a file that is not there can be made. */
  async show(path: string, line?: number): Promise<void> {
    const asked = ++this.asked;
    const file = await this.files.read(path).catch(() => null);
    if (asked !== this.asked) return;
    if (!file) return this.ask(path);
    if (!this.paths.includes(path)) this.paths.push(path);
    this.editor.show(path, file.text, line);
    this.draw();
    this.keep(path);
  }

  close(path: string): void {
    void this.files.save(path).then(() => {
      if (!this.files.dirty().some((file) => file.path === path)) this.files.close(path);
      this.paths = this.paths.filter((p) => p !== path);
      this.editor.forget(path);
      const next = this.paths.at(-1);
      this.keep(next);
      if (next && !this.editor.path) void this.show(next);
      else this.draw();
    });
  }

  /** ask asks for the path of a new file and makes it. */
  ask(path = ""): void {
    const field = make("input", { type: "text", value: path, "aria-label": words.newName, placeholder: words.newName, required: "", spellcheck: "false" });
    const says = make("p", { class: "aside", role: "status" }, words.newName);
    const does = make("div", { class: "dialog-actions" });
    const form = make("form", {}, says, field, does);
    const dialog = sheet(words.newFile, "dialog-small", form);
    does.append(button(words.cancel, () => dialog.close()), make("button", { class: "button button-main" }, words.create));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = field.value.trim().replace(/^\/+/, "");
      this.files.create(name).then(async (made) => {
        if (!made) return void (says.textContent = words.exists);
        dialog.close();
        await this.show(name);
      }).catch((err: Error) => (says.textContent = err.message));
    });
    field.focus();
  }

  /** askRemove removes the file in view, once the learner has said so. */
  askRemove(): void {
    const path = this.editor.path;
    if (!path) return;
    const does = make("div", { class: "dialog-actions" });
    const dialog = sheet(say(words.remove, { path }), "dialog-small", make("p", {}, words.removeSays), does);
    const go = () => void this.files.remove(path).then(() => (dialog.close(), this.close(path)));
    does.append(button(words.cancel, () => dialog.close()), button(say(words.remove, { path }), go, "button-main"));
  }

  /** draw brings everything around the editor up to date. */
  draw(): void {
    const path = this.editor.path;
    const file = this.files.open.get(path);
    const row = document.querySelector<HTMLElement>("[data-open-files]")!;
    fileTabs(row, this.paths, this.listed(), path, { show: (p) => void this.show(p), close: (p) => this.close(p) });
    savedWord(document.querySelector<HTMLElement>("[data-saved]")!, file);
    conflict(this.files, file);
    this.tree();
  }

  /** tree marks the file in view and those not yet saved, after each swap too. */
  tree(): void {
    const dirty = new Set(this.files.dirty().map((file) => file.path));
    for (const link of all("#tree a[data-file]")) {
      const path = link.dataset.file!;
      if (path === this.editor.path) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.toggleAttribute("data-dirty", dirty.has(path));
    }
    all("[data-new-file]").forEach((b) => (b.hidden = false));
    this.desk();
  }

  /** knows tells whether the tree lists the file. */
  knows(path: string): boolean {
    return this.listed().includes(path);
  }

  private listed(): string[] {
    return all("#tree a[data-file]").map((link) => link.dataset.file!);
  }

  private desk(): void {
    const path = this.editor.path;
    const reset = document.querySelector<HTMLFormElement>("[data-reset=file]");
    const label = document.querySelector<HTMLElement>("[data-remove-label]");
    if (!reset || !label) return;
    reset.hidden = path === "";
    label.closest("button")!.hidden = path === "";
    reset.querySelector<HTMLInputElement>("[name=path]")!.value = path;
    reset.querySelector("span")!.textContent = say(words.reset, { path });
    label.textContent = say(words.remove, { path });
  }

  private hear(file: Open, change: Change): void {
    if (change === "text") this.editor.replace(file.path, file.text);
    if (change === "tree") void refresh("tree");
    this.draw();
  }

  /** kept is what this tab had open, so that a new step or a reload finds it. */
  private kept(): { step: string; paths: string[] } {
    const none = { step: "", paths: [] };
    try {
      return { ...none, ...JSON.parse(sessionStorage.getItem(`cnalab.open ${this.base}`) ?? "{}") };
    } catch {
      return none;
    }
  }

  private keep(last = ""): void {
    const paths = [...this.paths.filter((p) => p !== last), ...(last ? [last] : [])];
    sessionStorage.setItem(`cnalab.open ${this.base}`, JSON.stringify({ step: this.step, paths }));
  }
}
