// The row of shells: which there are, which one is shown, and what the
// buttons around them do.
import { all, make } from "./dom";
import { ask, list, type Listed } from "./line";
import { follow } from "./shade";
import { reader, rememberReader, Shell } from "./shell";
import { words } from "./words";

export class Shells {
  private shells: Shell[] = [];
  private shown: Shell | undefined;
  private numbers = 0;
  private refused = "";
  private ready: Promise<void>;

  constructor(private base: string, private place: HTMLElement) {
    follow(() => this.shells.forEach((shell) => shell.restyle()));
    place.addEventListener("click", (event) => {
      const does = (event.target as Element).closest<HTMLElement>("[data-terminal-action]")?.dataset.terminalAction;
      if (does) this.do(does);
    });
    this.draw();
    this.ready = this.find();
  }

  /** focus goes to the shell that is shown, or to the button that opens one. */
  async focus(): Promise<void> {
    await this.ready;
    if (this.shown) this.shown.focus();
    else this.part("first").focus();
  }

  /** run types a command into the shell that is shown, into a new one where there is none. */
  async run(command: string): Promise<void> {
    await this.ready;
    if (!this.shown || this.shown.ended) await this.open();
    this.shown?.focus();
    await this.shown?.run(command);
  }

  /** find shows the shells that are there already. */
  private async find(): Promise<void> {
    const there = await list(this.base).catch((err: Error) => ((this.refused = err.message), [] as Listed[]));
    for (const one of there) this.add(one);
    const kept = sessionStorage.getItem(this.key);
    this.choose(this.shells.find((shell) => shell.id === kept) ?? this.shells.at(0));
  }

  /** open opens another shell, on this machine or inside the sandbox. */
  async open(inside = false): Promise<void> {
    await this.ready;
    try {
      this.refused = "";
      this.choose(this.add(await ask<Listed>(this.base, "POST", inside ? "?inside" : "")));
      this.shown!.focus();
    } catch (err) {
      this.refused = (err as Error).message;
      this.draw();
    }
  }

  private add(one: Listed): Shell {
    const shell: Shell = new Shell(this.base, one, String(++this.numbers), this.part("screens"), {
      ended: (why) => (why === "exited" || why === "closed" ? this.drop(shell) : this.draw()),
      says: () => this.draw(),
    });
    this.shells.push(shell);
    return shell;
  }

  private close(shell: Shell): void {
    if (!shell.ended) void ask(this.base, "DELETE", `/${shell.id}`).catch(() => {}); // it has ended by itself if this fails
    this.drop(shell);
  }

  private drop(shell: Shell): void {
    const at = this.shells.indexOf(shell);
    if (at < 0) return;
    const inside = shell.host.contains(document.activeElement) || this.part("tabs").contains(document.activeElement);
    this.shells.splice(at, 1);
    shell.drop();
    if (this.shells.length === 0) this.numbers = 0;
    if (this.shown === shell) this.choose(this.shells[at] ?? this.shells.at(-1));
    else this.draw();
    if (inside) void this.focus();
  }

  private choose(shell: Shell | undefined): void {
    this.shown = shell;
    if (shell) sessionStorage.setItem(this.key, shell.id);
    for (const one of this.shells) one.show(one === shell);
    this.draw();
  }

  private do(what: string): void {
    if (what === "copy") void this.shown?.copy();
    if (what === "paste") void this.shown?.paste();
    if (what === "clear") this.shown?.clear();
    if (what !== "reader") return;
    rememberReader(!reader());
    this.shells.forEach((shell) => shell.readAloud(reader()));
    this.draw();
  }

  /** draw brings everything around the shells up to date. */
  private draw(): void {
    this.part("top").hidden = this.shells.length === 0;
    this.part("none").hidden = this.shells.length > 0;
    this.part("first").hidden = false;
    this.tabs();
    this.say("says", this.refused || this.shown?.says || "");
    this.say("passing", this.shown?.passing ?? "");
    for (const item of all("[data-terminal-action=reader]", this.place)) item.setAttribute("aria-pressed", String(reader()));
  }

  private say(where: string, sentence: string): void {
    const place = this.part(where);
    place.hidden = sentence === "";
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  private tabs(): void {
    const now = this.shells.map((shell) => `${shell.id}${shell === this.shown}`).join();
    const row = this.part("tabs");
    if (row.dataset.now === now) return; // else the focus would be lost
    row.dataset.now = now;
    row.replaceChildren(...this.shells.map((shell) => this.tab(shell)));
  }

  private tab(shell: Shell): HTMLElement {
    const choose = make("button", { type: "button", class: "tab" }, shell.label);
    if (shell === this.shown) choose.setAttribute("aria-current", "true");
    choose.addEventListener("click", () => (this.choose(shell), shell.focus()));
    const close = make("button", { type: "button", class: "button button-quiet", "aria-label": `${words.closeTab} ${shell.label}` }, "×");
    close.addEventListener("click", () => this.close(shell));
    return make("span", { class: "file-tab" }, choose, close);
  }

  private part(name: string): HTMLElement {
    return this.place.querySelector<HTMLElement>(`[data-terminal-${name}]`)!;
  }

  private get key(): string {
    return `cnalab.terminal ${this.base}`;
  }
}
