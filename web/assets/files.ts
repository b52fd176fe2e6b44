// The learner's files as this page holds them. Every change is kept in the
// browser at once and sent to the server a moment later; a save names the
// text that it changes, so that nobody's work is overwritten in silence.
import { Drafts } from "./drafts";
import { words } from "./words";

/** Open is one file that the page holds. */
export interface Open {
  path: string;
  text: string; // as it is in the editor
  saved: string; // as the server has it, as far as we know
  etag: string; // of saved; empty for a file that is not there yet
  theirs?: { text: string; etag: string }; // somebody else's text, until the learner chooses
  removed?: boolean; // somebody else removed it
  unsent?: boolean; // the last save did not reach the server
}

/** Refusal is a file that the server will not take. */
export interface Refusal {
  path: string;
  why: string;
}

export type Change = "text" | "state" | "tree";
type Listener = (file: Open, change: Change) => void;

const saveDelay = 400;
const retryDelay = 3000;

export class Files {
  readonly open = new Map<string, Open>();
  private timers = new Map<string, number>();
  private saves = new Map<string, Promise<void>>();
  private drafts: Drafts;

  constructor(private base: string, private notify: Listener) {
    this.drafts = new Drafts(base);
    addEventListener("pagehide", () => this.dirty().forEach((file) => void this.put(file, true).catch(() => {})));
  }

  /** read returns the file, with what was typed before and never saved; null where there is none. */
  async read(path: string): Promise<Open | null> {
    const known = this.open.get(path);
    if (known) return known;
    const answer = await ask(this.address(path), { headers: { Accept: "text/plain" } });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(await sentence(answer));
    const text = await content(answer);
    const file: Open = { path, text, saved: text, etag: answer.headers.get("ETag") ?? "" };
    this.open.set(path, file);
    this.restore(file);
    return file;
  }

  /** change takes what the learner typed. */
  change(path: string, text: string): void {
    const file = this.open.get(path);
    if (!file || file.text === text) return;
    file.text = text;
    this.drafts.keep(file);
    this.notify(file, "state");
    clearTimeout(this.timers.get(path));
    this.timers.set(path, setTimeout(() => void this.save(path), saveDelay));
  }

  /** save sends the file now, and again until the server has the latest. */
  save(path: string): Promise<void> {
    clearTimeout(this.timers.get(path));
    const file = this.open.get(path);
    if (!file || file.theirs || file.removed) return Promise.resolve();
    const before = this.saves.get(path) ?? Promise.resolve();
    const after = before.then(async () => {
      if (file.text !== file.saved || file.etag === "") await this.send(file);
    });
    this.saves.set(path, after);
    return after;
  }

  /** flush saves everything; false where something could not be. */
  async flush(): Promise<boolean> {
    await Promise.all([...this.open.keys()].map((path) => this.save(path)));
    return this.dirty().length === 0;
  }

  dirty(): Open[] {
    return [...this.open.values()].filter((file) => file.text !== file.saved || file.theirs || file.removed);
  }

  /** create makes a file, false where there is one of that name. */
  async create(path: string, text = ""): Promise<boolean> {
    const answer = await ask(this.address(path), { method: "PUT", headers: { "If-None-Match": "*" }, body: text });
    if (answer.status === 412) return false;
    if (!answer.ok) throw new Error(await sentence(answer));
    const file = { path, text, saved: text, etag: answer.headers.get("ETag") ?? "" };
    this.open.set(path, file);
    this.notify(file, "tree");
    return true;
  }

  close(path: string): void {
    const file = this.open.get(path);
    if (file) this.drafts.drop(file);
    this.open.delete(path);
  }

  /** refresh asks the server whether it has another text than we think. */
  async refresh(path: string, etag?: string): Promise<void> {
    await this.saves.get(path);
    const file = this.open.get(path);
    if (!file || (etag && etag === file.etag)) return;
    const answer = await fetch(this.address(path), { headers: { Accept: "text/plain", "If-None-Match": file.etag } });
    if (answer.status === 404) return this.removedElsewhere(file);
    if (answer.ok) this.differs(file, await content(answer), answer.headers.get("ETag") ?? "");
  }

  /** refreshAll does so for every file, after the connection was away. */
  async refreshAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((path) => this.refresh(path).catch(() => {})));
    await this.flush();
  }

  /** resolve ends a conflict with the text that the learner chose. */
  resolve(path: string, text: string): Promise<void> {
    const file = this.open.get(path);
    if (!file) return Promise.resolve();
    if (file.theirs) [file.saved, file.etag] = [file.theirs.text, file.theirs.etag];
    if (file.removed) [file.saved, file.etag] = ["", ""];
    file.theirs = file.removed = undefined;
    file.text = text;
    this.notify(file, "text");
    return this.save(path);
  }

  private async send(file: Open): Promise<void> {
    const text = file.text;
    try {
      const answer = await this.put(file, false);
      if (answer.status === 412) return this.differs(file, await content(answer), answer.headers.get("ETag") ?? "");
      if (answer.status === 404) return this.removedElsewhere(file);
      if (!answer.ok) return this.refused(file, await sentence(answer));
      [file.saved, file.etag, file.unsent] = [text, answer.headers.get("ETag") ?? "", false];
      if (file.text === text) this.drafts.drop(file);
      else this.timers.set(file.path, setTimeout(() => void this.save(file.path), saveDelay));
    } catch {
      file.unsent = true; // the draft is in the browser
      this.timers.set(file.path, setTimeout(() => void this.save(file.path), retryDelay));
    }
    this.notify(file, "state");
  }

  private put(file: Open, keepalive: boolean): Promise<Response> {
    const condition: Record<string, string> = file.etag ? { "If-Match": file.etag } : { "If-None-Match": "*" };
    return fetch(this.address(file.path), { method: "PUT", headers: condition, body: file.text, keepalive });
  }

  private differs(file: Open, text: string, etag: string): void {
    if (!etag && !text) return this.removedElsewhere(file);
    if (text === file.text || file.text === file.saved) {
      const typed = file.text;
      Object.assign(file, { text, saved: text, etag, theirs: undefined, removed: undefined });
      this.drafts.drop(file);
      this.notify(file, typed === text ? "state" : "text");
      return;
    }
    file.theirs = { text, etag };
    this.notify(file, "state");
  }

  /** refused: the server answers, but will not take the text; the draft stays. */
  private refused(file: Open, why: string): void {
    file.unsent = true;
    document.dispatchEvent(new CustomEvent<Refusal>("files:refused", { detail: { path: file.path, why } }));
    this.notify(file, "state");
  }

  /** removedElsewhere asks what to do with the text, where it was nowhere else. */
  private removedElsewhere(file: Open): void {
    if (file.text === file.saved && !file.theirs) this.close(file.path);
    else file.removed = true;
    this.notify(file, "tree");
  }

  private restore(file: Open): void {
    const draft = this.drafts.of(file.path);
    if (!draft || draft.text === file.text) return;
    if (draft.etag !== file.etag) file.theirs = { text: file.text, etag: file.etag };
    file.text = draft.text;
    file.unsent = true;
    void this.save(file.path);
  }

  private address(path: string): string {
    return `${this.base}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
  }
}

/** ask fetches, and says in a sentence that there was no answer. */
function ask(address: string, how: RequestInit): Promise<Response> {
  return fetch(address, how).catch(() => {
    throw new Error(words.noAnswer);
  });
}

/** content is a file's text with all its bytes: text() would take the mark that a UTF-8 file may begin with. */
async function content(answer: Response): Promise<string> {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer());
}

/** sentence is what the server says of a refused request. */
async function sentence(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => "");
  return text.trim().slice(0, 300) || `HTTP ${answer.status}`;
}
