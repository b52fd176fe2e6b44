// Menus close when something else is wanted.
import { all } from "./dom";

export function menus(): void {
  document.addEventListener("toggle", (event) => position(event.target as HTMLElement), true);
  addEventListener("resize", closeAll);
  document.addEventListener("scroll", (event) => event.target instanceof HTMLElement && closeAll(), true);
  document.addEventListener("click", (event) => {
    for (const menu of all<HTMLDetailsElement>("[data-menu][open]")) {
      const inside = event.target instanceof Node && menu.contains(event.target);
      const chosen = event.target instanceof Element && event.target.closest(".menu-item:not([data-copy])");
      if (!inside || chosen) setTimeout(() => (menu.open = false));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all<HTMLDetailsElement>("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** position puts an open menu where no pane cuts it off. */
function position(menu: HTMLElement): void {
  const list = menu.querySelector<HTMLElement>(":scope > .menu-list");
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !list || !menu.closest(".panel")) return;
  const from = menu.getBoundingClientRect();
  const top = Math.max(8, Math.min(from.top, innerHeight - list.offsetHeight - 8));
  const right = Math.min(innerWidth - from.left + 4, innerWidth - list.offsetWidth - 8);
  Object.assign(list.style, { position: "fixed", top: `${top}px`, right: `${right}px` });
}

function closeAll(): void {
  for (const menu of all<HTMLDetailsElement>(".panel [data-menu][open]")) menu.open = false;
}
