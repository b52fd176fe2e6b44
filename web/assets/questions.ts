// The questions of a text. A choice opens what shows the answer; this browser
// remembers it, and nobody else is told.
import { all } from "./dom";

export function questions(base: string, step: string): void {
  const key = (question: HTMLElement) => `cnalab.${question.dataset.question} ${base} ${step}`;
  const show = () => {
    for (const question of all("[data-question]")) {
      const chosen = localStorage.getItem(key(question));
      all("button[aria-pressed]", question).forEach((option, i) => option.setAttribute("aria-pressed", String(String(i) === chosen)));
      if (chosen !== null) question.querySelector("details")!.open = true;
    }
  };
  document.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[data-question] button[aria-pressed]");
    const question = option?.closest<HTMLElement>("[data-question]");
    if (!option || !question) return;
    localStorage.setItem(key(question), String(all("button[aria-pressed]", question).indexOf(option)));
    show();
  });
  document.addEventListener("htmx:after:swap", show);
  show();
}
