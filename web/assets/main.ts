// What every page loads: each island finds its own place on the page and
// does nothing where it has none. The editor is fetched only where one is.
import "htmx.org";
import { codeButtons } from "./code-buttons";
import { glossary } from "./glossary";
import { keys } from "./keys";
import { palette } from "./palette";
import { menus } from "./menus";
import { themeSwitch } from "./theme";
import { startLab } from "./lab";
import { highlightMap } from "./map";

document.documentElement.dataset.js = "";
if (navigator.platform.startsWith("Mac")) document.documentElement.dataset.mac = "";

menus();
themeSwitch();
codeButtons();
keys();
palette();
highlightMap();
glossary();
const lab = document.querySelector<HTMLElement>("main[data-lab]");
if (lab) void startLab(lab);
if (document.querySelector("[data-jwt]")) void import("./jwt").then(({ jwt }) => jwt());
