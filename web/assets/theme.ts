// The theme changes in place; the server keeps the choice in a cookie, so
// that the next page comes in it from its first byte.
import { all } from "./dom";

export function themeSwitch(): void {
  const form = document.querySelector<HTMLFormElement>("[data-theme-switch]");
  form?.addEventListener("submit", (event) => {
    if (!(event.submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.theme = theme;
    for (const b of all<HTMLButtonElement>("button", form)) b.setAttribute("aria-pressed", String(b.value === theme));
    void fetch(form.action, { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" });
  });
}
