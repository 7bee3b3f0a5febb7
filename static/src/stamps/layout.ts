/** Where stamps lie on the output, and which of its cells have all that they are going to get. Pure. */
import { type AxisGeometry, type Geometry, stamped } from "../geometry.ts";
import type { Extent } from "../stage/viewport.ts";

type Axes = Pick<Geometry, "y" | "x">;

/** The output cells from a stamp's first to its last, those that are cropped too. */
export function stampExtent({ y, x }: Axes, row: number, column: number): Extent {
  return { top: y.first + row * y.stride, left: x.first + column * x.stride, rows: y.span, columns: x.span };
}

/** For every output index the last input index that stamps it, or stamps one before it. */
function lastStamps(axis: AxisGeometry): Int32Array {
  const last = new Int32Array(axis.outputSize).fill(-1);
  for (let cell = 0; cell < axis.inputSize; cell++) for (const at of stamped(axis, cell)) if (at >= 0 && at < last.length) last[at] = cell;
  last.forEach((cell, at) => { last[at] = Math.max(cell, last[at - 1] ?? -1); });
  return last;
}

/** Which output cells are finished once the stamp of (row, column) has been laid down, row by row. */
export class Finished {
  readonly #rows: Int32Array;
  readonly #columns: Int32Array;

  constructor({ y, x }: Axes) {
    this.#rows = lastStamps(y);
    this.#columns = lastStamps(x);
  }

  /** Whole rows, and the begun part of others. */
  at(row: number, column: number): readonly Extent[] {
    const width = this.#columns.length;
    const upTo = (last: Int32Array, most: number): number => {
      const open = last.findIndex((cell) => cell > most);
      return open === -1 ? last.length : open;
    };
    const whole = upTo(this.#rows, row - 1);
    const begun = upTo(this.#rows, row);
    return [
      { top: 0, left: 0, rows: whole, columns: width },
      { top: whole, left: 0, rows: begun - whole, columns: upTo(this.#columns, column) },
    ];
  }
}
