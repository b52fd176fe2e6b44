// Lines that parts log, added as they come. The page holds a bounded number;
// lines that come faster than they can be shown are counted and left out.
import { all, make } from "./dom";
import { words } from "./words";

export interface Line {
  part: string;
  time: string;
  text: string;
}

const most = 1000;
const perFrame = 200;
let waiting: Line[] = [];
let part = "";

export function appendLog(line: Line): void {
  if (waiting.push(line) === 1) requestAnimationFrame(draw);
}

/** logTools shows the filter, and keeps it through swaps of the log. */
export function logTools(): void {
  const tools = document.querySelector<HTMLElement>("[data-log-tools]");
  const select = document.querySelector<HTMLSelectElement>("[data-log-part]");
  if (!tools || !select) return;
  tools.hidden = false;
  select.value = part;
  select.onchange = () => {
    part = select.value;
    filter();
  };
  filter();
}

function filter(): void {
  for (const line of all(".line")) line.hidden = part !== "" && line.dataset.part !== part;
}

function draw(): void {
  const list = document.querySelector<HTMLElement>("[data-lines]");
  const lines = waiting;
  waiting = [];
  if (!list) return;
  const pane = list.closest<HTMLElement>(".panel");
  const follows = pane ? pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40 : false;
  if (lines.length > perFrame) list.append(make("li", { class: "line" }, words.tooFast));
  list.append(...lines.slice(-perFrame).map(row));
  while (list.childElementCount > most) list.firstElementChild!.remove();
  if (pane && follows) pane.scrollTop = pane.scrollHeight;
}

function row(line: Line): HTMLElement {
  const { level, says, rest } = parse(line.text);
  const at = new Date(line.time);
  const clock = Number.isNaN(at.getTime()) ? "" : at.toTimeString().slice(0, 8);
  const made = make("li", { class: "line", "data-part": line.part, "data-level": level },
    make("time", { class: "line-time" }, clock), " ",
    make("span", { class: "line-part" }, line.part), " ",
    make("span", { class: "line-says" }, says), " ",
    make("span", { class: "line-rest" }, rest));
  made.hidden = part !== "" && line.part !== part;
  return made;
}

/** parse takes a line of log/slog apart; lab/log.go does the same for the first ones. */
export function parse(text: string): { level: string; says: string; rest: string } {
  if (!text.startsWith("{")) return { level: "", says: text, rest: "" };
  try {
    const { time: _, level = "", msg = "", ...others } = JSON.parse(text);
    const rest = Object.entries(others).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    return { level: String(level).toLowerCase(), says: String(msg), rest: rest.join(" ") };
  } catch {
    return { level: "", says: text, rest: "" };
  }
}
