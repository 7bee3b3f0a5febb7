/** Runs before the first paint, as a plain script: neither the other theme, nor another picture or language than the link's must flash first. */
import { LINKED, STORED, preferred } from "./text/languages.ts";

/** Longer than this nobody waits for a page that is there, in another language. */
const MOST_MS = 300;

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // A browser that blocks storage follows the system.
    return null;
  }
}

const stored = kept("convloupe.theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
// Colours that the person forces on every page are light or dark by themselves: the pictures go with them.
const forced = matchMedia("(forced-colors: active)").matches;
document.documentElement.dataset.theme = !forced && (stored === "dark" || stored === "light") ? stored : system;
document.documentElement.classList.add("starting");
document.documentElement.classList.toggle("linked", location.search !== "");
const { classList } = document.documentElement;
if (preferred(new URLSearchParams(location.search).get(LINKED), kept(STORED), navigator.languages) !== "en") {
  classList.add("translating");
  setTimeout(() => classList.remove("translating"), MOST_MS);
}
