// The charts of a text: numbers that the learner has measured, from a CSV file of the
// workspace. What draws them is fetched only where there is something to draw.
import { all, make } from "./dom";

/** Measured is a file's content: names of columns, and rows of which the first cell is the name. */
export interface Measured {
  header: string[];
  rows: string[][];
}

/** charts draws them all, and returns what draws those of a changed file anew; without a path, all. */
export function charts(base: string): (path?: string) => void {
  const draw = (path?: string) => {
    for (const figure of all("[data-chart]")) {
      if (!path || figure.dataset.chart === path) void fill(figure, base).catch(() => {});
    }
  };
  document.addEventListener("htmx:after:swap", () => all("[data-chart]:not([data-filled])").length > 0 && draw());
  draw();
  return draw;
}

async function fill(figure: HTMLElement, base: string): Promise<void> {
  figure.dataset.filled = "";
  const address = `${base}/files/${figure.dataset.chart!.split("/").map(encodeURIComponent).join("/")}`;
  const answer = await fetch(address, { headers: { Accept: "text/plain" }, cache: "no-store" });
  if (!answer.ok && answer.status !== 404) return; // the server is away: what was drawn stays
  const data = answer.ok ? parse(await answer.text()) : { header: [], rows: [] };
  const some = data.rows.length > 0;
  figure.querySelector<HTMLElement>(".chart-empty")!.hidden = some;
  figure.querySelector<HTMLElement>(".chart-plots")!.hidden = !some;
  figure.querySelector(".chart-table")?.remove();
  if (!some) return;
  figure.append(table(figure, data));
  const { draw } = await import("./chart-draw");
  for (const plot of all(".chart-plot", figure)) draw(plot, data);
}

/** parse reads what has no quotes: a header, and rows of as many cells. */
function parse(text: string): Measured {
  const [header = [], ...rows] = text.trim().split(/\r?\n/).map((line) => line.split(",").map((cell) => cell.trim()));
  return { header, rows: rows.filter((row) => row.length === header.length) };
}

/** table has the same numbers, for who cannot see the bars, or wants to know exactly. */
function table(figure: HTMLElement, { header, rows }: Measured): HTMLElement {
  const plots = all(".chart-plot", figure);
  const label = (name: string) => plots.find((plot) => plot.dataset.column === name)?.querySelector("p")?.textContent ?? name;
  const head = make("tr", {}, ...header.map((name, i) => make("th", { scope: "col" }, i === 0 ? name : label(name))));
  const body = rows.map(([name = "", ...cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, cell))));
  const caption = figure.querySelector("figcaption")?.textContent ?? "";
  return make("div", { class: "chart-table", tabindex: "0", role: "region", "aria-label": caption }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}
