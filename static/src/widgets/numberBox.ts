/** One number as a text box: typing replaces, Enter or leaving applies, Escape takes back; and boxes in a grid, with arrows between them. */
import { formatNumber, parseNumber } from "../format.ts";
import { text } from "../text/text.ts";
import { make } from "./dom.ts";

export interface NumberBox {
  readonly value: number;
  /** How it is shown without the focus; with it, it has all its decimals. */
  readonly places: number;
  /** Names the box among those of its popup. */
  readonly key: string;
  readonly label: string;
  /** What is said of an empty box. */
  readonly empty: string;
  apply(value: number): void;
  /** Called when a value was applied or taken back, by a key or by leaving. */
  finish?(): void;
}

export function numberBox({ value, places, key, label, empty, apply: use, finish = () => undefined }: NumberBox): HTMLInputElement {
  const printed = formatNumber(value, places);
  const box = make("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", value: printed, title: formatNumber(value, 20), "data-key": key, "aria-label": label,
  });
  let before = printed;
  const apply = (): void => {
    const parsed = parseNumber(box.value);
    if (parsed === null || box.value === before) return;
    // Some browsers report the focus as lost when the box is replaced, which would apply it again.
    before = box.value;
    if (parsed !== value) use(parsed);
  };
  box.addEventListener("focus", () => {
    before = formatNumber(value, 20);
    // Unlike its default a value is being typed, and Ctrl+Z is the box's own.
    box.defaultValue = box.value = before;
    box.select();
  });
  box.addEventListener("input", () => {
    box.setAttribute("aria-invalid", String(parseNumber(box.value) === null));
    box.setCustomValidity("");
  });
  box.addEventListener("blur", () => {
    apply();
    if (box.isConnected) box.defaultValue = box.value = printed;
    box.removeAttribute("aria-invalid");
    finish();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      box.value = before;
      finish();
      return;
    }
    if (!(event.ctrlKey || event.metaKey)) event.stopPropagation();
    if (event.key !== "Enter") return;
    if (parseNumber(box.value) === null) {
      box.setCustomValidity(box.value.trim() === "" ? empty : text().weights.noNumber(box.value));
      box.reportValidity();
      return;
    }
    apply();
    finish();
  });
  return box;
}

/** In the tab order the grid is one stop: the box that was last in focus. */
export function boxGrid(boxes: readonly (readonly HTMLInputElement[])[], attributes: Parameters<typeof make>[1]): HTMLElement {
  const grid = make("div", attributes);
  grid.style.setProperty("--columns", String(boxes[0]?.length ?? 0));
  boxes.forEach((line, row) => line.forEach((box, column) => {
    box.tabIndex = row + column === 0 ? 0 : -1;
    box.addEventListener("focus", () => {
      for (const other of grid.querySelectorAll("input")) other.tabIndex = other === box ? 0 : -1;
    });
    box.addEventListener("keydown", (event) => {
      const next = {
        ArrowUp: boxes[row - 1]?.[column], ArrowDown: boxes[row + 1]?.[column], ArrowLeft: line[column - 1], ArrowRight: line[column + 1],
        Home: line[0], End: line.at(-1),
      }[event.key];
      if (!next) return;
      event.preventDefault();
      moveFocus(next);
    });
    grid.append(box);
  }));
  return grid;
}

/** Leaving a box may apply it, and the grid is made anew then: the next one is found by its key. */
function moveFocus(next: HTMLElement): void {
  const popup = next.closest(".popup");
  (document.activeElement as HTMLElement | null)?.blur();
  popup?.querySelector<HTMLElement>(`[data-key="${next.dataset.key}"]`)?.focus();
}
