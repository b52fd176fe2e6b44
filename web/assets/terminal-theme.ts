// The terminal's colours: the page's own, so that it follows the theme. xterm
// needs them as numbers, so they are read off an element that has them.
import type { ITheme } from "@xterm/xterm";

const ansi: [keyof ITheme, string, string][] = [
  ["black", "var(--slate-12)", "var(--slate-5)"], ["brightBlack", "var(--slate-11)", "var(--slate-10)"],
  ["red", "var(--red-11)", "var(--red-11)"], ["brightRed", "var(--red-10)", "var(--red-10)"],
  ["green", "var(--green-11)", "var(--green-11)"], ["brightGreen", "var(--green-10)", "var(--green-10)"],
  ["yellow", "var(--not-yet)", "var(--amber-11)"], ["brightYellow", "var(--amber-11)", "var(--amber-9)"],
  ["blue", "var(--indigo-11)", "var(--indigo-11)"], ["brightBlue", "var(--indigo-10)", "var(--indigo-10)"],
  ["magenta", "var(--violet-11)", "var(--violet-11)"], ["brightMagenta", "var(--violet-10)", "var(--violet-10)"],
  ["cyan", "color-mix(in oklab, var(--indigo-11), var(--green-11))", "color-mix(in oklab, var(--indigo-11), var(--green-11))"],
  ["brightCyan", "color-mix(in oklab, var(--indigo-10), var(--green-10))", "color-mix(in oklab, var(--indigo-10), var(--green-10))"],
  ["white", "var(--slate-8)", "var(--slate-11)"], ["brightWhite", "var(--slate-6)", "var(--slate-12)"],
];

/** terminalTheme reads the theme as it is now. */
export function terminalTheme(): ITheme {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const read = (colour: string) => {
    probe.style.color = colour;
    return hex(getComputedStyle(probe).color);
  };
  const dark = brightness(read("var(--surface)")) < 128;
  const theme: ITheme = {
    background: read("var(--surface)"), foreground: read("var(--ink)"),
    cursor: read("var(--accent)"), cursorAccent: read("var(--surface)"),
    selectionBackground: read("var(--indigo-5)"), selectionInactiveBackground: read("var(--slate-5)"),
    scrollbarSliderBackground: `${read("var(--slate-8)")}66`, scrollbarSliderHoverBackground: `${read("var(--slate-8)")}99`,
    scrollbarSliderActiveBackground: read("var(--slate-8)"),
  };
  for (const [name, day, night] of ansi) (theme as Record<string, string>)[name] = read(dark ? night : day);
  probe.remove();
  return theme;
}

const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;

/** hex turns any colour of CSS into #rrggbb. */
function hex(colour: string): string {
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return "#" + [red!, green!, blue!].map((part) => part.toString(16).padStart(2, "0")).join("");
}

function brightness(colour: string): number {
  const part = (at: number) => parseInt(colour.slice(at, at + 2), 16);
  return 0.3 * part(1) + 0.6 * part(3) + 0.1 * part(5);
}

/** onThemeChange calls back whenever the theme has changed. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
