/** Weights as text boxes, in their colours, with the bars of their taps. */
import { setWeight } from "../actions/kernel.ts";
import { diverge, tapColour, textOn } from "../colour.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { liesTurned } from "../weights.ts";
import { boxGrid, numberBox } from "./numberBox.ts";

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
  const box = numberBox({
    value, places: placesFor(look.columns), key: `weight ${row} ${column}`, label: text().weights.weight(row, column), empty: text().weights.empty,
    apply: (next) => setWeight(row, column, next),
    finish,
  });
  box.style.background = colour;
  box.style.color = textOn(colour);
  box.style.borderBottomColor = tapColour(row, column, look.rows, look.columns, look.dark);
  const light = (): void => {
    const index = row * look.columns + column;
    const asked = state.asked.peek();
    state.hovered.value = asked && liesTurned(asked, state.stamping.peek()) ? look.rows * look.columns - 1 - index : index;
  };
  box.addEventListener("focus", light);
  box.addEventListener("pointerenter", light);
  box.addEventListener("pointerleave", () => {
    if (document.activeElement !== box) state.hovered.value = null;
  });
  box.addEventListener("blur", () => { state.hovered.value = null; });
  return box;
}

export function weightGrid(plane: state.Plane, largest: number, dark: boolean): HTMLElement {
  const rows = plane.length;
  const columns = plane[0]?.length ?? 0;
  const boxes = plane.map((line, row) => line.map((value, column) => weightBox({ row, column, value }, { largest, rows, columns, dark })));
  return boxGrid(boxes, { class: `weights${columns > 5 ? " dense" : ""}`, role: "group", "aria-label": text().weights.grid });
}
