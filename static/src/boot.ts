/** Runs before the first paint, as a plain script: a stored theme must not flash the other one first. */
let stored: string | null = null;
try {
  stored = localStorage.getItem("convloupe.theme");
} catch {
  // A browser that blocks storage follows the system.
}
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = stored === "dark" || stored === "light" ? stored : system;
