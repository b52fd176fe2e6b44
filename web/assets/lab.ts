// The lab page: what belongs to the whole of it, and which events lead where.
import { all } from "./dom";
import { hideNotice, hideWhenOver, problemsEnd, showNotice } from "./notice";
import { listen, refresh } from "./events";
import type { Refusal } from "./files";
import { charts } from "./chart";
import { logTools } from "./log";
import { questions } from "./questions";
import { splitters } from "./splitters";
import { tabs } from "./tabs";
import { relativeTimes } from "./relative-time";
import { terminalPanel } from "./terminal-panel";
import { words } from "./words";

export async function startLab(lab: HTMLElement): Promise<void> {
  const base = lab.dataset.base!;
  splitters(lab);
  const view = views(lab);
  const terminals = terminalPanel(base, () => (view("panels"), panel("panel-terminal")));
  const panel = panels((id) => id === "panel-terminal" && terminals.show());
  logTools();
  relativeTimes();
  questions(base, lab.dataset.step!);
  const measured = charts(base);
  const { Workbench } = await import("./workbench");
  const workbench = new Workbench(base, lab.dataset.step!, hideWhenOver);
  const { files } = workbench;
  document.addEventListener("files:refused", (event) => {
    const { path, why } = (event as CustomEvent<Refusal>).detail;
    showNotice(`${path}: ${why}`, () => !files.open.get(path)?.unsent);
  });
  problemsEnd();
  saveFirst(files, panel);
  links(workbench, view);
  document.addEventListener("htmx:after:swap", () => (workbench.markTree(), logTools(), relativeTimes()));
  keepFocus();
  listen(`${base}/events?step=${lab.dataset.step}`, {
    file: (path, etag) => {
      measured(path);
      void files.refresh(path, etag).catch(() => {});
      if (!workbench.knows(path) || etag === "") void refresh("tree");
    },
    reconnected: () => void refresh().then(() => (measured(), files.refreshAll())),
  });
  await workbench.start(lab.querySelector<HTMLElement>("[data-editor]")!.dataset.open ?? "");
}

/** panels makes the pane below the editor show one thing at a time. */
function panels(onShow: (id: string) => void): (id: string) => void {
  const list = document.querySelector<HTMLElement>("[data-panels]")!;
  const choose = tabs(list, (id) => {
    all(".panel").forEach((panel) => (panel.hidden = panel.id !== id));
    const log = document.getElementById("panel-log")!;
    log.scrollTop = log.scrollHeight; // the latest line is what one looks for
    onShow(id);
  });
  choose(list.querySelector("[aria-selected=true]")!.getAttribute("aria-controls")!);
  return choose;
}

/** views makes a narrow window show one pane at a time. */
function views(lab: HTMLElement): (id: string) => void {
  return tabs(lab.querySelector<HTMLElement>("[data-views]")!, (id) => (lab.dataset.view = id));
}

/** saveFirst holds back forms that act on files until what was typed is saved. */
function saveFirst(files: { dirty(): unknown[]; flush(): Promise<boolean>; refreshAll(): Promise<void> }, panel: (id: string) => void): void {
  const ready = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches("[data-check]")) {
      panel("panel-checks");
      hideNotice();
    }
    if (!form.matches("[data-save-first]") || ready.delete(form) || files.dirty().length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void files.flush().then((all) => {
      if (!all) return showNotice(words.notSaved, () => files.dirty().length === 0);
      ready.add(form);
      form.requestSubmit(event.submitter);
    });
  }, true);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = (event as CustomEvent<{ ctx: { sourceElement?: Element } }>).detail.ctx.sourceElement; // gone from the page by now, perhaps
    if (form?.matches("[data-save-first]:not([data-check])")) void files.refreshAll();
  });
}

/** links opens files in the editor wherever the page names one. */
function links(workbench: { choose(path: string, line?: number): Promise<void>; createFile(): void }, view: (id: string) => void): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-new-file]")) return workbench.createFile();
    if (target.closest("[data-dismiss]")) return void (target.closest<HTMLElement>(".notice")!.hidden = true);
    const link = target.closest<HTMLElement>("a[data-file]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    view("editor");
    void workbench.choose(link.dataset.file!, Number(link.dataset.line) || undefined);
  });
}

/** keepFocus takes the focus to Check where the button that had it left the result bar. */
function keepFocus(): void {
  let inBar = false;
  document.addEventListener("focusin", (event) => (inBar = Boolean((event.target as Element).closest("#result-bar"))));
  document.addEventListener("pointerdown", (event) => (inBar &&= Boolean((event.target as Element).closest("#result-bar"))));
  document.addEventListener("htmx:after:swap", () => {
    if (inBar && document.activeElement === document.body) document.getElementById("check")?.focus();
  });
}
