// The line to one shell. When it breaks it is made again, and goes on where
// it broke; the shell has gone on meanwhile.

export interface Hears {
  /** Bytes came that begin at the place; shown must be called with their end. */
  bytes(bytes: Uint8Array, shown: () => void): void;
  /** What comes up to the place was printed before, from the place on; anew where it is not what was left. */
  begins(from: number, behind: number, anew: boolean): void;
  ended(why: string): void;
  says(sentence: string): void;
  away(is: boolean): void;
}

interface Said {
  from?: number;
  behind?: number;
  ended?: string;
  say?: string;
}

const piece = 32 * 1024;
const patience = 1000;

export class Line {
  private socket: WebSocket | null = null;
  private got = -1;
  private shown = 0;
  private told = 0;
  private size: [number, number] | null = null;
  private over = false;
  private tries = 0;
  private away = 0;

  constructor(private base: string, private id: string, private hears: Hears) {
    this.connect();
  }

  /** type sends text in pieces, because what is pasted may be long. */
  type(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < bytes.length; at += piece) this.socket.send(bytes.slice(at, at + piece));
  }

  resize(columns: number, rows: number): void {
    this.size = [columns, rows];
    this.tell({ size: this.size });
  }

  close(): void {
    this.over = true;
    clearTimeout(this.away);
    this.socket?.close();
  }

  private tell(what: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(what));
  }

  private connect(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.base}/terminal/${this.id}?seen=${this.got}`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.socket) return;
      if (typeof data === "string") this.heard(JSON.parse(data) as Said);
      else this.take(new Uint8Array(data as ArrayBuffer), socket);
    });
    socket.addEventListener("close", () => socket === this.socket && this.lost());
    this.socket = socket;
  }

  private heard(said: Said): void {
    if (said.from !== undefined) {
      this.tries = 0;
      clearTimeout(this.away);
      this.away = 0;
      this.hears.away(false);
      this.hears.begins(said.from, said.behind ?? said.from, this.got >= 0 && said.from !== this.got);
      this.got = this.shown = this.told = said.from;
      if (this.size) this.tell({ size: this.size });
    }
    if (said.say) this.hears.says(said.say);
    if (said.ended) this.end(said.ended);
  }

  private take(bytes: Uint8Array, socket: WebSocket): void {
    this.got += bytes.length;
    const end = this.got;
    this.hears.bytes(bytes, () => {
      if (socket !== this.socket) return; // those of an earlier line need not be told
      this.shown = end;
      if (this.shown - this.told < piece && this.shown < this.got) return;
      this.told = this.shown;
      this.tell({ shown: this.shown });
    });
  }

  private end(why: string): void {
    if (this.over) return;
    this.over = true;
    this.hears.ended(why);
  }

  /** lost tries again, slower each time, until the server answers that there is no such shell. */
  private lost(): void {
    if (this.over) return;
    this.away ||= setTimeout(() => this.hears.away(true), patience);
    setTimeout(() => void this.again(), Math.min(5000, 250 * 2 ** this.tries++));
  }

  private async again(): Promise<void> {
    if (this.over) return;
    const all = await list(this.base).catch(() => null);
    if (!all) return this.lost();
    if (!all.some((shell) => shell.id === this.id)) {
      clearTimeout(this.away);
      this.hears.away(false);
      return this.end("server");
    }
    this.connect();
  }
}

export interface Listed {
  id: string;
  addresses: boolean;
  inside: boolean;
}

/** list asks for the lab's shells. */
export async function list(base: string): Promise<Listed[]> {
  return ask<Listed[]>(base, "GET");
}

/** ask asks the server; what it refuses is an error with its sentence. */
export async function ask<T>(base: string, method: string, which = ""): Promise<T> {
  const answer = await fetch(`${base}/terminal${which}`, { method, headers: { Accept: "application/json" } });
  if (answer.status === 204) return undefined as T;
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${said.say} ${said.next}`);
  return said as T;
}
