// One shell on the page: an xterm, and the socket to what runs in it.
import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { make } from "./dom";
import { isPageKey } from "./keys";
import { withAdoptedStyles } from "./adopted-styles";
import type { ShellInfo } from "./terminal-api";
import type { Command } from "./terminal-panel";
import { TerminalSocket } from "./terminal-socket";
import { terminalTheme } from "./terminal-theme";
import { say, words } from "./words";

export interface Handlers {
  ended(why: string): void;
  changed(): void;
}

const readerKey = "cnalab.reader";
const startUp = 3000; // milliseconds that a shell's start-up may take before it is said

/** withoutControls is the text without what would press keys: a page that somebody copies from may hide some. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\r\n]/gu, "");
}

export class TerminalView {
  readonly host = make("div", { class: "terminal-screen" });
  readonly id: string;
  ended = "";
  slow = false; // its start-up takes long
  private notice: string;
  private starting = true; // it has printed nothing
  private away = false;
  toast = ""; // a sentence that goes away by itself
  private timer = 0;
  private terminal: Terminal;
  private fit = new FitAddon();
  private socket: TerminalSocket;
  private earlier = 0; // bytes to come that were printed before this page looked
  private replaying = false; // their answers would be typed into another program
  private ready: Promise<void>;

  constructor(base: string, readonly info: ShellInfo, private name: string, container: HTMLElement, private handlers: Handlers) {
    this.id = info.id;
    this.notice = info.addresses ? "" : words.termBefore;
    container.append(this.host);
    Terminal.strings.promptLabel = say(words.termInput, { n: name });
    Terminal.strings.tooMuchOutput = words.termMuch;
    const style = getComputedStyle(document.documentElement);
    this.terminal = new Terminal({
      allowProposedApi: true, // for the widths of Korean
      cursorBlink: false, fontFamily: style.getPropertyValue("--mono"), fontSize: 13, lineHeight: 1.2,
      minimumContrastRatio: 4.5, scrollback: 5000, screenReaderMode: readerMode(), theme: terminalTheme(),
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.loadAddon(new WebLinksAddon());
    this.terminal.unicode.activeVersion = "11";
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    withAdoptedStyles(() => this.terminal.open(this.host));
    let promptIsThere = () => {};
    this.ready = new Promise((resolve) => (promptIsThere = resolve));
    setTimeout(() => (promptIsThere(), this.late()), startUp);
    this.socket = new TerminalSocket(base, info.id, {
      begins: (from, behind, anew) => this.begin(from, behind, anew),
      bytes: (bytes, shown) => (this.started(), this.write(bytes, () => (shown(), promptIsThere()))),
      ended: (why) => this.end(why),
      says: (sentence) => this.showToast(sentence),
      away: (is) => ((this.away = is), this.handlers.changed()),
    });
    this.host.addEventListener("paste", (event) => this.pasted(event), { capture: true }); // before xterm
    this.terminal.onData((text) => this.replaying || this.socket.type(text));
    this.terminal.onBinary((text) => this.socket.type(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    this.terminal.onResize(({ cols, rows }) => this.socket.resize(cols, rows));
    new ResizeObserver(() => this.resize()).observe(this.host);
  }

  /** label is what its tab says. */
  get label(): string {
    return say(this.info.inside ? words.termInside : words.terminal, { n: this.name });
  }

  /** says is the sentence above it. */
  get says(): string {
    if (this.away) return words.termAway;
    if (this.starting) return this.slow ? words.termSlow : words.termStarts;
    return this.notice;
  }

  show(is: boolean): void {
    this.host.hidden = !is;
    if (is) this.resize();
  }

  focus(): void {
    this.terminal.focus();
  }

  /** run types a command as if it were pasted, and presses Enter where nothing is left to fill in. */
  async run(command: Command): Promise<void> {
    await this.ready;
    this.terminal.paste(command.text);
    if (command.enter) this.socket.type("\r");
    this.terminal.scrollToBottom();
  }

  restyle(): void {
    this.terminal.options.theme = terminalTheme();
  }

  clear(): void {
    this.terminal.clear();
    this.focus();
  }

  readAloud(is: boolean): void {
    this.terminal.options.screenReaderMode = is;
  }

  async copy(): Promise<void> {
    const selected = this.terminal.getSelection();
    if (!selected) return this.showToast(words.termSelect);
    await navigator.clipboard.writeText(selected);
    this.showToast(words.copied);
    this.focus();
  }

  async paste(): Promise<void> {
    const text = await navigator.clipboard.readText().catch(() => null);
    if (text === null) return this.showToast(words.termPaste);
    this.terminal.paste(withoutControls(text));
    this.focus();
  }

  private pasted(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.terminal.paste(withoutControls(event.clipboardData?.getData("text/plain") ?? ""));
  }

  /** drop takes it off the page; the shell goes on. */
  drop(): void {
    this.socket.close();
    this.terminal.dispose();
    this.host.remove();
  }

  /** begin gets ready for what comes: what was printed earlier asks nothing of the terminal any more. */
  private begin(from: number, behind: number, anew: boolean): void {
    if (anew) this.terminal.reset();
    this.earlier = behind - from;
  }

  private write(bytes: Uint8Array, shown: () => void): void {
    this.earlier -= bytes.length;
    const left = this.earlier;
    this.replaying ||= left >= 0;
    this.terminal.write(bytes, () => {
      if (left <= 0) this.replaying = false;
      shown();
    });
  }

  private started(): void {
    if (!this.starting) return;
    this.starting = this.slow = false;
    this.handlers.changed();
  }

  private late(): void {
    this.slow = this.starting && !this.ended && !this.info.inside;
    this.handlers.changed();
  }

  private resize(): void {
    if (this.host.offsetParent === null || this.host.clientHeight < 20) return;
    this.fit.fit();
  }

  /** key tells xterm which keys are its own. */
  private key(event: KeyboardEvent): boolean {
    if (isPageKey(event)) return false;
    const clipboard = event.ctrlKey && event.shiftKey && !event.altKey && event.code === "KeyC";
    if (!clipboard) return !(event.ctrlKey && event.shiftKey && event.code === "KeyV"); // the browser pastes
    event.preventDefault();
    if (event.type === "keydown" && this.terminal.hasSelection()) void this.copy();
    return false;
  }

  private showToast(sentence: string): void {
    this.toast = sentence;
    this.handlers.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => ((this.toast = ""), this.handlers.changed()), 4000);
  }

  private end(why: string): void {
    this.ended = why;
    this.starting = this.slow = false;
    this.notice = why === "sandbox" ? words.termSandbox : words.termGone;
    this.host.dataset.ended = why;
    this.terminal.options.disableStdin = true;
    this.terminal.options.cursorInactiveStyle = "none";
    this.handlers.ended(why);
  }
}

/** readerMode tells whether the learner has chosen the mode for screen readers. */
export function readerMode(): boolean {
  return localStorage.getItem(readerKey) === "yes";
}

export function rememberReaderMode(is: boolean): void {
  localStorage.setItem(readerKey, is ? "yes" : "no");
}
