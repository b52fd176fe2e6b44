// The tabs of the terminal: which shells there are, which one is shown, and what the
// buttons around them do.
import { all, make } from "./dom";
import { listShells, request, type ShellInfo } from "./terminal-api";
import type { Command } from "./terminal-panel";
import { onThemeChange } from "./terminal-theme";
import { readerMode, rememberReaderMode, TerminalView } from "./terminal-view";
import { words } from "./words";

export class TerminalTabs {
  private views: TerminalView[] = [];
  private current: TerminalView | undefined;
  private count = 0;
  private error = ""; // until another shell is opened, shown or closed, or the sandbox opens or closes
  private phase = ""; // of the sandbox at the error
  private opening = 0; // shells that were asked for and are not there yet
  private known = false; // which shells are there already
  private ready: Promise<void>;

  constructor(private base: string, private panel: HTMLElement) {
    onThemeChange(() => this.views.forEach((view) => view.restyle()));
    panel.addEventListener("click", (event) => {
      const action = (event.target as Element).closest<HTMLElement>("[data-terminal-action]")?.dataset.terminalAction;
      if (action) this.do(action);
    });
    document.addEventListener("htmx:after:swap", () => this.error && this.phase !== phase() && this.forget());
    this.draw();
    this.ready = this.restore();
  }

  /** focus goes to the shell that is shown, or to the button that opens one. */
  async focus(): Promise<void> {
    await this.ready;
    if (this.current) this.current.focus();
    else this.part("first").focus();
  }

  /** run types a command into the shell that is shown, into a new one where there is none. */
  async run(command: Command): Promise<void> {
    await this.ready;
    if (!this.current || this.current.ended) await this.open();
    this.current?.focus();
    await this.current?.run(command);
  }

  /** restore shows the shells that are there already. */
  private async restore(): Promise<void> {
    const there = await listShells(this.base).catch((err: Error) => (this.fail(err), [] as ShellInfo[]));
    for (const one of there) this.add(one);
    this.known = true;
    const kept = sessionStorage.getItem(this.key);
    this.choose(this.views.find((view) => view.id === kept) ?? this.views.at(0));
  }

  /** open opens another shell: the learner's own, a plain one, or one inside the sandbox. */
  async open(kind: "" | "plain" | "inside" = ""): Promise<void> {
    this.opening++;
    this.draw();
    await this.ready;
    try {
      this.error = "";
      this.choose(this.add(await request<ShellInfo>(this.base, "POST", kind && `?kind=${kind}`)));
      this.current!.focus();
    } catch (err) {
      this.fail(err as Error);
    } finally {
      this.opening--;
      this.draw();
    }
  }

  /** fail keeps why; whoever calls it draws. */
  private fail(err: Error): void {
    [this.error, this.phase] = [err.message, phase()];
  }

  private forget(): void {
    this.error = "";
    this.draw();
  }

  private add(one: ShellInfo): TerminalView {
    const view: TerminalView = new TerminalView(this.base, one, String(++this.count), this.part("screens"), {
      ended: (why) => (why === "exited" || why === "closed" ? this.drop(view) : this.draw()),
      changed: () => this.draw(),
    });
    this.views.push(view);
    return view;
  }

  private close(view: TerminalView): void {
    if (!view.ended) void request(this.base, "DELETE", `/${view.id}`).catch(() => {}); // it has ended by itself if this fails
    this.drop(view);
  }

  private drop(view: TerminalView): void {
    const at = this.views.indexOf(view);
    if (at < 0) return;
    const inside = view.host.contains(document.activeElement) || this.part("tabs").contains(document.activeElement);
    this.views.splice(at, 1);
    view.drop();
    this.error = "";
    if (this.views.length === 0) this.count = 0;
    if (this.current === view) this.choose(this.views[at] ?? this.views.at(-1));
    else this.draw();
    if (inside) void this.focus();
  }

  private choose(view: TerminalView | undefined): void {
    this.current = view;
    if (view) sessionStorage.setItem(this.key, view.id);
    for (const one of this.views) one.show(one === view);
    this.draw();
  }

  private do(what: string): void {
    if (what === "copy") void this.current?.copy();
    if (what === "paste") void this.current?.paste();
    if (what === "clear") this.current?.clear();
    if (what !== "reader") return;
    rememberReaderMode(!readerMode());
    this.views.forEach((view) => view.readAloud(readerMode()));
    this.draw();
  }

  /** draw brings everything around the shells up to date. */
  private draw(): void {
    this.part("toolbar").hidden = this.views.length === 0;
    this.part("none").hidden = !this.known || this.views.length > 0;
    this.part("first").hidden = false;
    this.part("plain").hidden = !this.current?.slow;
    this.tabs();
    this.write("says", this.error || (this.opening > 0 ? words.termStarts : this.current?.says) || "");
    this.write("toast", this.current?.toast ?? "");
    for (const item of all("[data-terminal-action=reader]", this.panel)) item.setAttribute("aria-pressed", String(readerMode()));
  }

  private write(where: string, sentence: string): void {
    const line = this.part(where);
    line.hidden = sentence === "";
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  private tabs(): void {
    const now = this.views.map((view) => `${view.id}${view === this.current}`).join();
    const row = this.part("tabs");
    if (row.dataset.drawn === now) return; // else the focus would be lost
    row.dataset.drawn = now;
    row.replaceChildren(...this.views.map((view) => this.tab(view)));
  }

  private tab(view: TerminalView): HTMLElement {
    const choose = make("button", { type: "button", class: "tab" }, view.label);
    if (view === this.current) choose.setAttribute("aria-current", "true");
    choose.addEventListener("click", () => (this.forget(), this.choose(view), view.focus()));
    const close = make("button", { type: "button", class: "button button-quiet", "aria-label": `${words.closeTab} ${view.label}` }, "×");
    close.addEventListener("click", () => this.close(view));
    return make("span", { class: "file-tab" }, choose, close);
  }

  private part(name: string): HTMLElement {
    return this.panel.querySelector<HTMLElement>(`[data-terminal-${name}]`)!;
  }

  private get key(): string {
    return `cnalab.terminal ${this.base}`;
  }
}

/** phase is how far the sandbox is. */
function phase(): string {
  return document.getElementById("status")?.dataset.state ?? "";
}
