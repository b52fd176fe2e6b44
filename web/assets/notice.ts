// The sentence above the panes: what a form did or could not do, as the server
// says it, and what became of a save. Each goes when its cause does. What is so
// for as long as it is so, a server that is away, a sandbox that was closed, has
// lines of its own.

let said = "";
let isOver = () => false;

/** showNotice says a sentence where the server would, until it is over. */
export function showNotice(sentence: string, over: () => boolean): void {
  const notice = line();
  [said, isOver] = [sentence, over];
  notice.className = "notice";
  notice.hidden = false;
  notice.textContent = sentence;
}

export function hideNotice(): void {
  line().hidden = true;
}

/** hideWhenOver takes away what showNotice has said, where it holds no more. */
export function hideWhenOver(): void {
  if (said && line().textContent === said && isOver()) hideNotice();
}

/** problemsEnd takes away what could not be done when something else is tried, or when the check ends that was in its way. */
export function problemsEnd(): void {
  const hide = () => line().matches(".notice-problem") && hideNotice();
  document.addEventListener("submit", (event) => (event.target as Element).matches("[hx-post]") && hide());
  let checking = false;
  document.addEventListener("htmx:after:swap", () => {
    const now = document.getElementById("result-bar")?.dataset.verdict === "checking";
    if (checking && !now) hide();
    checking = now;
  });
}

function line(): HTMLElement {
  return document.getElementById("notice")!;
}
