// The terminal's pane. What is in it is fetched when it is first looked at.
import type { Shells } from "./shells";

/** terminal brings the shells where the page has a place for them; show leads there. */
export function terminal(base: string, show: () => void): { looked(): void } {
  const place = document.querySelector<HTMLElement>("[data-terminal]")!;
  let shells: Promise<Shells> | undefined;
  const load = () => (shells ??= import("./shells").then(({ Shells }) => new Shells(base, place)));
  place.querySelector<HTMLElement>("[data-terminal-first]")!.hidden = false;
  place.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-terminal-new], [data-terminal-first]")) void load().then((loaded) => loaded.open());
    if (target.closest("button[data-terminal-inside]")) void load().then((loaded) => loaded.open(true));
  });
  document.addEventListener("terminal:show", () => {
    show();
    void load().then((loaded) => loaded.focus());
  });
  document.addEventListener("terminal:run", (event) => {
    show();
    void load().then((loaded) => loaded.run((event as CustomEvent<string>).detail));
  });
  return { looked: () => void load() };
}
