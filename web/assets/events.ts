// The server's events: pieces of the page to swap, lines of logs, files that
// changed. When the connection breaks the page says so, keeps trying, and once
// it is back asks for everything that it may have missed.
import htmx from "htmx.org";
import { appendLog, type Line } from "./log";
import { words } from "./words";

export interface Handlers {
  file(path: string, etag: string): void;
  reconnected(restarted: boolean): void;
}

/** Hello begins a connection: which start of the server it is, and the milliseconds between its signs of life. */
interface Hello {
  id: string;
  beat: number;
}

const pieces = "[hx-swap-oob]:not([hidden])"; // each says itself that it can be swapped
const offlineDelay = 1500;
const hiddenDelay = 10_000; // a browser has six connections to a server, and tabs in sight come first
const missedBeats = 3; // so many, and a connection that still stands has nobody at its other end
const refreshes = new Set<Set<string>>(); // for each refresh under way, the pieces that events have brought since it began

/** listen hears the events for as long as the page can be seen. */
export function listen(address: string, handlers: Handlers): void {
  const events = new Events(address, handlers);
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") events.open();
    else timer = setTimeout(() => events.close(), hiddenDelay);
  };
  document.addEventListener("visibilitychange", look);
  look();
}

class Events {
  private source: EventSource | undefined;
  private server = "";
  private beat = 15_000; // milliseconds between two signs of life; the server says how many
  private silence = 0; // the timer that ends when there were none
  private away = 0; // the timer until the page says that the server is away

  constructor(private address: string, private handlers: Handlers) {}

  open(): void {
    if (this.source) return;
    const source = new EventSource(this.address);
    this.source = source;
    this.alive();
    this.on("hello", (data) => this.connected(JSON.parse(data) as Hello));
    this.on("swap", (data) => {
      const id = /id="([^"]*)"/.exec(data)?.[1] ?? "";
      refreshes.forEach((newer) => newer.add(id));
      swap(data);
    });
    this.on("log", (data) => appendLog(JSON.parse(data) as Line));
    this.on("file", (data) => {
      const { path, etag } = JSON.parse(data) as { path: string; etag: string };
      this.handlers.file(path, etag);
    });
    this.on("beat", () => {});
    source.addEventListener("error", () => {
      this.lost();
      if (source.readyState === EventSource.CLOSED) this.refused(source);
    });
  }

  close(): void {
    this.source?.close();
    this.source = undefined;
    clearTimeout(this.silence);
    delete document.documentElement.dataset.online;
  }

  private on(name: string, hear: (data: string) => void): void {
    this.source!.addEventListener(name, (event) => {
      this.alive();
      hear((event as MessageEvent<string>).data);
    });
  }

  private connected({ id, beat }: Hello): void {
    this.beat = beat;
    this.alive();
    clearTimeout(this.away);
    this.away = 0;
    offline(false);
    document.documentElement.dataset.online = ""; // so that tests can wait for the connection
    if (this.server) this.handlers.reconnected(this.server !== id);
    this.server = id;
  }

  /** alive waits anew for the next sign of life; without one the connection is made again. */
  private alive(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.close();
      this.lost();
      this.open();
    }, missedBeats * this.beat);
  }

  private lost(): void {
    delete document.documentElement.dataset.online;
    this.away ||= setTimeout(() => offline(true), offlineDelay);
  }

  /** refused: the browser tries no more, because the server answered with something else. */
  private refused(source: EventSource): void {
    setTimeout(async () => {
      await locked(this.address.replace(/events.*/, "files"));
      if (this.source !== source) return;
      this.close();
      this.open();
    }, offlineDelay);
  }
}

/** swap replaces each piece of the page that the text holds. */
export function swap(text: string): void {
  void htmx.swap({ text, swap: "none", target: document.body });
}

/** refresh asks for the page again and swaps the pieces of those ids, or all; what events bring meanwhile is newer, and stays. */
export async function refresh(...only: string[]): Promise<void> {
  const newer = new Set<string>();
  refreshes.add(newer);
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wanted = only.length > 0 ? only.map((id) => page.getElementById(id)) : [...page.querySelectorAll(pieces)];
    swap(wanted.map((piece) => (piece && !newer.has(piece.id) ? piece.outerHTML : "")).join(""));
  } finally {
    refreshes.delete(newer);
  }
}

/** locked looks whether the server answers, but to another key than ours. */
async function locked(address: string): Promise<void> {
  const answer = await fetch(address).catch(() => null);
  if (answer?.status === 401) offline(true, words.locked);
}

function offline(is: boolean, says = words.offline): void {
  document.documentElement.toggleAttribute("data-offline", is);
  const notice = document.getElementById("offline");
  if (!notice || (notice.hidden === !is && notice.textContent === (is ? says : ""))) return;
  notice.textContent = is ? says : "";
  notice.hidden = !is;
}
