// The terminal's panel. What is in it is fetched when it is first shown.
import type { TerminalTabs } from "./terminal-tabs";

/** Command is what goes into a terminal, and whether Enter is pressed after it. */
export interface Command {
  text: string;
  enter: boolean;
}

/** terminalPanel brings the terminals once they are wanted; reveal brings the panel into view. */
export function terminalPanel(base: string, reveal: () => void): { show(): void } {
  const panel = document.querySelector<HTMLElement>("[data-terminal]")!;
  const none = panel.querySelector<HTMLElement>("[data-terminal-none]")!;
  let tabs: Promise<TerminalTabs> | undefined;
  const load = () => (tabs ??= bring());
  // That there is no shell is said once it is known.
  async function bring(): Promise<TerminalTabs> {
    none.hidden = true;
    try {
      const { TerminalTabs } = await import("./terminal-tabs");
      return new TerminalTabs(base, panel);
    } catch (err) {
      none.hidden = false;
      tabs = undefined;
      throw err;
    }
  }
  panel.querySelector<HTMLElement>("[data-terminal-first]")!.hidden = false;
  panel.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-terminal-new], [data-terminal-first]")) void load().then((loaded) => loaded.open());
    if (target.closest("[data-terminal-plain]")) void load().then((loaded) => loaded.open("plain"));
    if (target.closest("button[data-terminal-inside]")) void load().then((loaded) => loaded.open("inside"));
  });
  document.addEventListener("terminal:show", () => {
    reveal();
    void load().then((loaded) => loaded.focus());
  });
  document.addEventListener("terminal:run", (event) => {
    reveal();
    void load().then((loaded) => loaded.run((event as CustomEvent<Command>).detail));
  });
  return { show: () => void load() };
}
