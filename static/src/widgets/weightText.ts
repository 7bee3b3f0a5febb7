/** The weights as text, to copy and to write; and pasting a whole matrix anywhere in the editor. */
import { computed, effect, signal } from "@preact/signals-core";
import { planeInView, setPlane } from "../actions/kernel.ts";
import { parseNumber } from "../format.ts";
import { parseKernel, printKernel } from "../kernels/parse.ts";
import { make } from "./dom.ts";

export function weightText(popup: HTMLElement): HTMLElement[] {
  const refusal = signal<string | null>(null);
  const read = (text: string): void => {
    const parsed = parseKernel(text);
    if ("plane" in parsed) setPlane(parsed.plane);
    refusal.value = "refusal" in parsed ? parsed.refusal : null;
  };
  const area = make("textarea", {
    "aria-label": "Weights as text", "aria-describedby": "weights-refusal", spellcheck: "false", autocomplete: "off", rows: 3,
  });
  const use = make("button", { type: "button", class: "button small" }, "Use this text");
  use.addEventListener("click", () => read(area.value));
  area.addEventListener("keydown", (event) => {
    const commands = event.ctrlKey || event.metaKey;
    if (event.key !== "Escape" && !commands) event.stopPropagation();
    if (event.key !== "Enter" || !commands) return;
    event.preventDefault();
    read(area.value);
  });
  // Only other weights may overwrite what is being written, not the answer of the server.
  const printed = computed(() => printKernel(planeInView()));
  effect(() => {
    area.defaultValue = area.value = printed.value;
    area.rows = Math.min(Math.max(3, printed.value.split("\n").length), 8);
    refusal.value = null;
  });
  popup.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // One number belongs into the box with the caret; the text area takes what it gets.
    if (event.target === area || text.trim() === "" || parseNumber(text) !== null) return;
    event.preventDefault();
    read(text);
  });
  popup.addEventListener("toggle", () => { refusal.value = null; });
  const alert = make("p", { class: "refusal", role: "alert", id: "weights-refusal" });
  effect(() => {
    alert.textContent = refusal.value;
    alert.hidden = refusal.value === null;
    area.setAttribute("aria-invalid", String(refusal.value !== null));
  });
  return [
    alert,
    make("details", { class: "as-text" }, make("summary", {}, "As text"),
      area,
      make("div", { class: "row" }, use, make("span", {}, "Python, NumPy, MATLAB or CSV. It can be pasted onto the grid too."))),
  ];
}
