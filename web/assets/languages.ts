// Which language a file is written in, by its name.
import { go } from "@codemirror/lang-go";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import type { Extension } from "@codemirror/state";

const languages: [RegExp, () => Extension][] = [
  [/\.go$/, go],
  [/\.ya?ml$/, yaml],
  [/\.sql$/, () => sql({ dialect: PostgreSQL })],
  [/\.json$/, json],
  [/\.md$/, markdown],
  [/(^|\/)Dockerfile[^/]*$/, () => StreamLanguage.define(dockerFile)],
  [/\.sh$/, () => StreamLanguage.define(shell)],
];

export function languageOf(path: string): Extension {
  return languages.find(([name]) => name.test(path))?.[1]() ?? [];
}
