// The WebSocket to one shell. When it breaks it is made again, and goes on where
// it broke; the shell has gone on meanwhile.
import { listShells } from "./terminal-api";

export interface Handlers {
  /** Bytes came; shown must be called with their end. */
  bytes(bytes: Uint8Array, shown: () => void): void;
  /** Output begins at from; what comes before behind was printed earlier; anew where it does not go on where it broke. */
  begins(from: number, behind: number, anew: boolean): void;
  ended(why: string): void;
  says(sentence: string): void;
  away(is: boolean): void;
}

interface Message {
  from?: number;
  behind?: number;
  ended?: string;
  say?: string;
}

const chunk = 32 * 1024;
const awayDelay = 1000;

export class TerminalSocket {
  private socket: WebSocket | null = null;
  private received = -1;
  private shown = 0;
  private acknowledged = 0;
  private size: [number, number] | null = null;
  private closed = false;
  private tries = 0;
  private awayTimer = 0;

  constructor(private base: string, private id: string, private handlers: Handlers) {
    this.connect();
  }

  /** type sends text in chunks, because what is pasted may be long. */
  type(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < bytes.length; at += chunk) this.socket.send(bytes.slice(at, at + chunk));
  }

  resize(columns: number, rows: number): void {
    this.size = [columns, rows];
    this.send({ size: this.size });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.awayTimer);
    this.socket?.close();
  }

  private send(what: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(what));
  }

  private connect(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.base}/terminal/${this.id}?seen=${this.received}`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.socket) return;
      if (typeof data === "string") this.onMessage(JSON.parse(data) as Message);
      else this.onBytes(new Uint8Array(data as ArrayBuffer), socket);
    });
    socket.addEventListener("close", () => socket === this.socket && this.onClose());
    this.socket = socket;
  }

  private onMessage(message: Message): void {
    if (message.from !== undefined) {
      this.tries = 0;
      clearTimeout(this.awayTimer);
      this.awayTimer = 0;
      this.handlers.away(false);
      this.handlers.begins(message.from, message.behind ?? message.from, this.received >= 0 && message.from !== this.received);
      this.received = this.shown = this.acknowledged = message.from;
      if (this.size) this.send({ size: this.size });
    }
    if (message.say) this.handlers.says(message.say);
    if (message.ended) this.finish(message.ended);
  }

  private onBytes(bytes: Uint8Array, socket: WebSocket): void {
    this.received += bytes.length;
    const end = this.received;
    this.handlers.bytes(bytes, () => {
      if (socket !== this.socket) return; // those of an earlier connection need no acknowledgement
      this.shown = end;
      if (this.shown - this.acknowledged < chunk && this.shown < this.received) return;
      this.acknowledged = this.shown;
      this.send({ shown: this.shown });
    });
  }

  private finish(why: string): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers.ended(why);
  }

  /** onClose tries again, slower each time, until the server answers that there is no such shell. */
  private onClose(): void {
    if (this.closed) return;
    this.awayTimer ||= setTimeout(() => this.handlers.away(true), awayDelay);
    setTimeout(() => void this.reconnect(), Math.min(5000, 250 * 2 ** this.tries++));
  }

  private async reconnect(): Promise<void> {
    if (this.closed) return;
    const all = await listShells(this.base).catch(() => null);
    if (!all) return this.onClose();
    if (!all.some((shell) => shell.id === this.id)) {
      clearTimeout(this.awayTimer);
      this.handlers.away(false);
      return this.finish("server");
    }
    this.connect();
  }
}
