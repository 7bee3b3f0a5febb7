/** A matrix as text, to copy and to write; and pasting a whole one anywhere in its editor. */
import { type ReadonlySignal, effect, signal } from "@preact/signals-core";
import { parseNumber } from "../format.ts";
import { later } from "../text/later.ts";
import { make } from "./dom.ts";

export interface MatrixText {
  /** In which the text can be pasted. */
  readonly editor: HTMLElement;
  label(): string;
  hint(): string;
  readonly printed: ReadonlySignal<string>;
  /** Takes it, or says why it cannot. */
  use(text: string): Promise<string | null>;
}

export function matrixText({ editor, label, hint, printed, use }: MatrixText): { refusal: HTMLElement; details: HTMLElement } {
  const refused = signal<string | null>(null);
  const read = (written: string): void => void use(written).then((refusal) => { refused.value = refusal; });
  const id = `${editor.id}-refusal`;
  const area = make("textarea", { "aria-describedby": id, spellcheck: "false", autocomplete: "off", rows: 3 });
  const button = make("button", { type: "button", class: "button small" });
  button.addEventListener("click", () => read(area.value));
  area.addEventListener("keydown", (event) => {
    const commands = event.ctrlKey || event.metaKey;
    if (event.key !== "Escape" && !commands) event.stopPropagation();
    if (event.key !== "Enter" || !commands) return;
    event.preventDefault();
    read(area.value);
  });
  // Only other numbers may overwrite what is being written, not the answer of the server.
  effect(() => {
    area.defaultValue = area.value = printed.value;
    area.rows = Math.min(Math.max(3, printed.value.split("\n").length), 8);
    refused.value = null;
  });
  editor.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    // One number belongs into the box with the caret; the text area takes what it gets.
    if (event.target === area || pasted.trim() === "" || parseNumber(pasted) !== null) return;
    event.preventDefault();
    read(pasted);
  });
  editor.closest(".popup")?.addEventListener("toggle", () => { refused.value = null; });
  const refusal = make("p", { class: "refusal", role: "alert", id });
  effect(() => {
    refusal.textContent = refused.value;
    refusal.hidden = refused.value === null;
    area.setAttribute("aria-invalid", String(refused.value !== null));
    // In a popup that scrolls it may stand beyond the edge.
    if (refused.value !== null) refusal.scrollIntoView({ block: "nearest" });
  });
  const [summary, aside] = [make("summary"), make("span")];
  effect(() => {
    const words = later().matrix;
    area.setAttribute("aria-label", label());
    button.textContent = words.use;
    summary.textContent = words.asText;
    aside.textContent = hint();
  });
  return { refusal, details: make("details", { class: "as-text" }, summary, area, make("div", { class: "row" }, button, aside)) };
}
