// Bars of one column, drawn by uPlot in the colours of the page.
import uPlot from "uplot";
import type { Measured } from "./chart";
import { onThemeChange } from "./terminal-theme";

const height = 150;
const room = 1.2; // above the highest bar, for its number

interface Drawn {
  plot: uPlot;
  data: Measured;
}

const drawn = new Map<HTMLElement, Drawn>();
const widths = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const { plot } = drawn.get(target as HTMLElement) ?? {};
    if (plot && contentRect.width > 0 && Math.round(contentRect.width) !== plot.width) plot.setSize({ width: Math.round(contentRect.width), height });
  }
});
onThemeChange(() => drawn.forEach(({ data }, place) => draw(place, data)));

/** draw draws a column of the data into its place, instead of what was there. */
export function draw(place: HTMLElement, data: Measured): void {
  drawn.get(place)?.plot.destroy();
  for (const old of drawn.keys()) if (!old.isConnected) drawn.delete(old);
  const at = data.header.indexOf(place.dataset.column!);
  const values = data.rows.map((row) => Number(row[at] ?? 0) || 0);
  const names = data.rows.map((row) => row[0] ?? "");
  const plot = new uPlot(options(place, names, values), [values.map((_, i) => i), values], place);
  plot.root.setAttribute("role", "img");
  plot.root.setAttribute("aria-label", names.map((name, i) => `${name}: ${values[i]}`).join(", "));
  drawn.set(place, { plot, data });
  widths.observe(place);
}

function options(place: HTMLElement, names: string[], values: number[]): uPlot.Options {
  const [ink, edge, accent, soft] = ["var(--ink-soft)", "var(--edge)", "var(--accent)", "var(--accent-soft)"].map((colour) => read(place, colour)) as [string, string, string, string];
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  return {
    width: Math.max(Math.round(place.clientWidth), 120), height,
    legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, names.length - 0.4] }, y: { range: [0, Math.max(...values, 1) * room] } },
    axes: [
      { font, stroke: ink, grid: { show: false }, ticks: { show: false }, size: 26, splits: () => names.map((_, i) => i), values: () => names },
      { font, stroke: ink, grid: { stroke: edge, width: 1 }, ticks: { show: false }, size: 44, space: 36 },
    ],
    series: [{}, { stroke: accent, fill: soft, width: 1, paths: uPlot.paths.bars!({ size: [0.6, 56] }), points: { show: false } }],
    hooks: { draw: [(plot) => numbers(plot, values, read(place, "var(--ink)"), font)] },
  };
}

/** numbers writes each bar's number above it. */
function numbers(plot: uPlot, values: number[], ink: string, font: string): void {
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = ink;
  ctx.font = font.replace(/^\d+/, String(12 * uPlot.pxRatio));
  ctx.textAlign = "center";
  values.forEach((value, i) => ctx.fillText(value.toLocaleString(document.documentElement.lang), plot.valToPos(i, "x", true), plot.valToPos(value, "y", true) - 5 * uPlot.pxRatio));
  ctx.restore();
}

/** read is a colour of the page as a canvas takes it. */
function read(place: HTMLElement, colour: string): string {
  const probe = document.createElement("span");
  probe.style.color = colour;
  place.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
