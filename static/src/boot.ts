/** Runs before the first paint, as a plain script: neither the other theme nor another picture than the link's must flash first. */
let stored: string | null = null;
try {
  stored = localStorage.getItem("convloupe.theme");
} catch {
  // A browser that blocks storage follows the system.
}
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = stored === "dark" || stored === "light" ? stored : system;
document.documentElement.classList.add("starting");
document.documentElement.classList.toggle("linked", location.search !== "");
