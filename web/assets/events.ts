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

const pieces = "[hx-swap-oob]:not([hidden])"; // each says itself that it can be swapped
const offlineDelay = 1500;
const refreshes = new Set<Set<string>>(); // for each refresh under way, the pieces that events have brought since it began

export function listen(address: string, handlers: Handlers): void {
  let server = "";
  let timer = 0;
  const connect = () => {
    const source = new EventSource(address);
    source.addEventListener("hello", (event) => {
      const { id } = JSON.parse(event.data) as { id: string };
      clearTimeout(timer);
      timer = 0;
      offline(false);
      document.documentElement.dataset.online = ""; // so that tests can wait for the connection
      if (server) handlers.reconnected(server !== id);
      server = id;
    });
    source.addEventListener("swap", (event) => {
      const id = /id="([^"]*)"/.exec(event.data)?.[1] ?? "";
      refreshes.forEach((newer) => newer.add(id));
      swap(event.data);
    });
    source.addEventListener("log", (event) => appendLog(JSON.parse(event.data) as Line));
    source.addEventListener("file", (event) => {
      const { path, etag } = JSON.parse(event.data) as { path: string; etag: string };
      handlers.file(path, etag);
    });
    source.addEventListener("error", () => {
      delete document.documentElement.dataset.online;
      timer ||= setTimeout(() => offline(true), offlineDelay);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => void locked(address.replace(/events.*/, "files")).then(connect), offlineDelay);
    });
  };
  connect();
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
