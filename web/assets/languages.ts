// Which language a file is written in, by its name. Each is fetched when a file
// of it is first shown.
import { StreamLanguage } from "@codemirror/language";
import { Compartment, type Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";

const languages: [RegExp, () => Promise<Extension>][] = [
  [/\.go$/, async () => (await import("@codemirror/lang-go")).go()],
  [/\.ya?ml$/, async () => (await import("@codemirror/lang-yaml")).yaml()],
  [/\.sql$/, () => import("@codemirror/lang-sql").then(({ PostgreSQL, sql }) => sql({ dialect: PostgreSQL }))],
  [/\.json$/, async () => (await import("@codemirror/lang-json")).json()],
  [/\.md$/, async () => (await import("@codemirror/lang-markdown")).markdown()],
  [/(^|\/)Dockerfile[^/]*$/, async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/dockerfile")).dockerFile)],
  [/\.sh$/, async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell)],
];

/** languageOf colours the file once its language is there; until then, and where it cannot be fetched, it is plain. */
export function languageOf(path: string): Extension {
  const load = languages.find(([name]) => name.test(path))?.[1];
  if (!load) return [];
  const language = new Compartment();
  const fetching = ViewPlugin.define((view) => {
    void load().then(
      (extension) => language.get(view.state) && view.dispatch({ effects: language.reconfigure(extension) }), // the view may show another file by now
      () => {},
    );
    return {};
  });
  return [language.of([]), fetching];
}
