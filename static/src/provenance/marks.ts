/** From what is traced to the marks on both pictures. Pure: no DOM, no requests. */
import type { ReadOfCell } from "../api.ts";
import { tapColour } from "../colour.ts";
import { TIMES, formatNumber } from "../format.ts";
import { type AxisGeometry, coordinates, extent, isCell, taps } from "../geometry.ts";
import { text } from "../text/text.ts";
import { turned } from "../provenance.ts";
import type { Pointed } from "../state.ts";
import type { Answer } from "./answer.ts";

export type Mark =
  /** In the colour of a tap. */
  | { readonly kind: "tap"; readonly row: number; readonly column: number; readonly colour: string; readonly text: string | null }
  /** What is pointed at. */
  | { readonly kind: "spot"; readonly row: number; readonly column: number }
  /** The cell of the playhead, over the marks. */
  | { readonly kind: "playhead"; readonly row: number; readonly column: number }
  /** A window that is not the playhead's. */
  | { readonly kind: "window"; readonly row: number; readonly column: number; readonly rows: number; readonly columns: number }
  /** All cells where these rows and columns cross. */
  | { readonly kind: "crossings"; readonly rows: readonly number[]; readonly columns: readonly number[]; readonly colour: string };

export interface Marks {
  readonly input: readonly Mark[];
  readonly output: readonly Mark[];
}

const NONE: Marks = { input: [], output: [] };

/** `channel` counts from the first that the output channel reads. Where a maximum comes from is not marked from `secretFrom` on. */
export function marksOf(
  { what, current, cell }: Pick<Answer, "what" | "current" | "cell">, channel: number, dark: boolean, secretFrom = Infinity,
): Marks {
  const { y, x } = current.geometry;
  const colour = (row: number, column: number): string => tapColour(row, column, y.kernelSize, x.kernelSize, dark);
  switch (what.kind) {
    case "input":
      return {
        input: [],
        output: (cell?.reads ?? []).map((read) => ({
          kind: "tap", row: read.y, column: read.x, colour: colour(read.kernel_y, read.kernel_x), text: weightText(read, channel, secretFrom),
        })),
      };
    case "output": {
      const [row, column] = coordinates(current.geometry, what.position);
      const [rows, columns] = [taps(y, row), taps(x, column)];
      const [down, across] = [extent(y, row), extent(x, column)];
      // A stamp's place between two cells, or beyond them, has nothing to mark.
      const marked = (axis: AxisGeometry, cell: number): boolean => axis.crop === null || isCell(axis, cell);
      return {
        input: [
          ...(down.count * across.count > 0
            ? [{ kind: "window", row: down.first, column: across.first, rows: down.count, columns: across.count } as const] : []),
          ...rows.flatMap((at, kernelRow) => columns.flatMap((beside, kernelColumn): Mark[] => (marked(y, at) && marked(x, beside)
            ? [{ kind: "tap", row: at, column: beside, colour: colour(kernelRow, kernelColumn), text: null }] : []))),
        ],
        output: [],
      };
    }
    case "weight": {
      const tap = turned(current.geometry, what.place);
      const [row, column] = [Math.floor(tap / x.kernelSize), tap % x.kernelSize];
      if (row >= y.kernelSize) return NONE;
      return { input: [{ kind: "crossings", rows: met(y, row), columns: met(x, column), colour: colour(row, column) }], output: [] };
    }
  }
}

/** What the cell is multiplied with there; a max pool weighs nothing, and marks where the cell wins. */
export function weightText({ weights, wins, position }: Pick<ReadOfCell, "weights" | "wins" | "position">, channel: number, secretFrom = Infinity): string | null {
  if (wins !== null) return wins && position < secretFrom ? text().tracing.wins : null;
  const weight = weights?.[channel] ?? weights?.[0];
  return weight === undefined ? null : `${TIMES}${formatNumber(weight, 3)}`;
}

/** The cells of the input that a tap lies on, from the first position to the last; the padding's are left out. */
export const met = (axis: AxisGeometry, tap: number): number[] =>
  Array.from({ length: axis.outputSize }, (_, position) => taps(axis, position)[tap] ?? NaN).filter((cell) => isCell(axis, cell));

/** The cell itself, which needs no answer. */
export function spotsOf(what: Pointed | null, outputWidth: number): Marks {
  switch (what?.kind) {
    case "input":
      return { ...NONE, input: [{ kind: "spot", row: what.row, column: what.column }] };
    case "output":
      return { ...NONE, output: [{ kind: "spot", row: Math.floor(what.position / outputWidth), column: what.position % outputWidth }] };
    default:
      return NONE;
  }
}
