/** Weights as text boxes: arrows move, typing replaces, Enter or leaving applies, Escape takes back. */
import { setWeight } from "../actions/kernel.ts";
import { diverge, tapColour, textOn } from "../colour.ts";
import { formatNumber, parseNumber } from "../format.ts";
import * as state from "../state.ts";
import { liesTurned } from "../weights.ts";
import { make } from "./dom.ts";

/** Decimals that fit into a box; with the focus in it, it has them all. */
const placesFor = (columns: number): number => (columns <= 5 ? 6 : 2);

export interface Weight {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

export interface Look {
  /** The largest weight's size, of which colours are shares. */
  readonly largest: number;
  readonly rows: number;
  readonly columns: number;
  readonly dark: boolean;
}

/** `finish` is called when a value was applied or taken back, by a key or by leaving. */
export function weightBox({ row, column, value }: Weight, look: Look, finish: () => void = () => undefined): HTMLInputElement {
  const colour = diverge((0.62 * value) / (look.largest || 1), look.dark);
  const printed = formatNumber(value, placesFor(look.columns));
  const box = make("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", value: printed, title: formatNumber(value, 20),
    "data-key": `weight ${row} ${column}`, "aria-label": `weight row ${row}, column ${column}`,
  });
  box.style.background = colour;
  box.style.color = textOn(colour);
  box.style.borderBottomColor = tapColour(row, column, look.rows, look.columns, look.dark);
  let before = printed;
  const apply = (): void => {
    const parsed = parseNumber(box.value);
    if (parsed === null || box.value === before) return;
    // Some browsers report the focus as lost when the box is replaced, which would apply it again.
    before = box.value;
    if (parsed !== value) setWeight(row, column, parsed);
  };
  box.addEventListener("focus", () => {
    before = formatNumber(value, 20);
    // Unlike its default a value is being typed, and Ctrl+Z is the box's own.
    box.defaultValue = box.value = before;
    box.select();
    const index = row * look.columns + column;
    const asked = state.asked.peek();
    state.hovered.value = asked && liesTurned(asked) ? look.rows * look.columns - 1 - index : index;
  });
  box.addEventListener("input", () => {
    box.setAttribute("aria-invalid", String(parseNumber(box.value) === null));
    box.setCustomValidity("");
  });
  box.addEventListener("blur", () => {
    state.hovered.value = null;
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
      box.setCustomValidity(box.value.trim() === "" ? "A weight is a number." : `“${box.value}” is not a number.`);
      box.reportValidity();
      return;
    }
    apply();
    finish();
  });
  return box;
}

/** In the tab order the grid is one stop: the weight that was last in focus. */
export function weightGrid(plane: state.Plane, largest: number, dark: boolean): HTMLElement {
  const rows = plane.length;
  const columns = plane[0]?.length ?? 0;
  const grid = make("div", { class: `weights${columns > 5 ? " dense" : ""}`, role: "group", "aria-label": "Weights" });
  grid.style.setProperty("--columns", String(columns));
  const boxes = plane.map((line, row) => line.map((value, column) => weightBox({ row, column, value }, { largest, rows, columns, dark })));
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
