/** Where the output cell under the playhead is in each stage of another way to it, and which of the kernel's taps reads it there. Pure. */
import { type AxisGeometry, type Geometry, source } from "../geometry.ts";

/** In cells of the plane. */
export interface Mark {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface Lit {
  readonly row: number;
  readonly column: number;
  /** Row and column of the window's tap that reads it; null where it is not one tap's. */
  readonly tap: readonly [row: number, column: number] | null;
}

export interface Reads {
  readonly box: Mark;
  readonly lit: readonly Lit[];
}

export interface Place {
  readonly way: string;
  readonly stage: string;
  /** Which of its planes. */
  readonly plane: number;
  /** The plane's size in cells. */
  readonly rows: number;
  readonly columns: number;
}

/** What of the operation the places depend on. */
export interface Sliding extends Pick<Geometry, "y" | "x"> {
  readonly flip: boolean;
}

const single = (row: number, column: number): Reads => ({ box: { top: row, left: column, height: 1, width: 1 }, lit: [{ row, column, tap: null }] });

/** The taps of a window that begins at (top, left), `down` and `across` cells apart. */
function windowOf({ y, x }: Sliding, top: number, left: number, [down, across]: readonly [number, number]): Reads {
  const lit = grid(y.kernelSize, x.kernelSize, (row, column) => ({ row: top + row * down, column: left + column * across, tap: [row, column] }));
  return { box: { top, left, height: (y.kernelSize - 1) * down + 1, width: (x.kernelSize - 1) * across + 1 }, lit };
}

/** A flipped kernel lies on the window the other way round. */
function kernelOf({ y, x }: Sliding, flipped: boolean, [down, across]: readonly [number, number] = [1, 1]): Reads {
  const { kernelSize: rows } = y;
  const { kernelSize: columns } = x;
  return {
    box: { top: 0, left: 0, height: (rows - 1) * down + 1, width: (columns - 1) * across + 1 },
    lit: grid(rows, columns, (row, column) => ({ row: row * down, column: column * across, tap: flipped ? [rows - 1 - row, columns - 1 - column] : [row, column] })),
  };
}

const grid = (rows: number, columns: number, cell: (row: number, column: number) => Lit): Lit[] =>
  Array.from({ length: rows * columns }, (_, at) => cell(Math.floor(at / columns), at % columns));

/** Null: the plane has no part in this output cell. */
export function readsOf({ way, stage, plane, rows, columns }: Place, of: Sliding, row: number, column: number): Reads | null {
  const { y, x, flip } = of;
  const dilations = [y.dilation, x.dilation] as const;
  const tapOf = (at: number): Lit["tap"] => [Math.floor(at / x.kernelSize) % y.kernelSize, at % x.kernelSize];
  switch (stage) {
    case "output":
    case "other":
      return single(row, column);
    case "padded":
      // That of a transposed convolution is walked in single steps: its strides are zeros between the cells.
      return y.crop ? windowOf(of, row, column, dilations) : windowOf(of, row * y.stride, column * x.stride, dilations);
    case "kernel":
    case "depthwise":
      return kernelOf(of, flip);
    case "turned":
      // Of a transposed convolution it is the one that slides over the input, as it lies there.
      return kernelOf(of, way === "turned" && !flip);
    case "stuffed":
      return way === "zero_stuffed" ? kernelOf(of, flip, dilations) : null;
    case "blocks":
    case "convolved": {
      const [down, across] = dilations;
      if (plane !== (row % down) * across + (column % across)) return null;
      const [top, left] = [Math.floor(row / down), Math.floor(column / across)];
      return stage === "convolved" ? single(top, left) : windowOf(of, top, left, [1, 1]);
    }
    case "matrix": {
      const top = row * x.outputSize + column;
      return { box: { top, left: 0, height: 1, width: columns }, lit: Array.from({ length: columns }, (_, at) => ({ row: top, column: at, tap: tapOf(at) })) };
    }
    case "weights":
      return { box: { top: 0, left: 0, height: rows, width: 1 }, lit: Array.from({ length: rows }, (_, at) => ({ row: at, column: 0, tap: tapOf(at) })) };
    case "product":
      return single(row * x.outputSize + column, 0);
    case "column":
      return strip(Array.from({ length: rows }, (_, at) => ({ row: at, column: 0, tap: [at, middle(x)] })));
    case "row":
      return strip(Array.from({ length: columns }, (_, at) => ({ row: 0, column: at, tap: [middle(y), at] })));
    case "between":
      return way === "separable" ? strip(alongRow(of, row, column)) : single(row, column);
    case "pointwise":
      return { box: { top: 0, left: 0, height: rows, width: columns }, lit: grid(rows, columns, (at, across) => ({ row: at, column: across, tap: null })) };
    default:
      return null;
  }
}

const middle = ({ kernelSize }: AxisGeometry): number => Math.floor((kernelSize - 1) / 2);

/** What the second pass reads of the first: its padding reads other cells, or none. */
const alongRow = ({ y, x }: Sliding, row: number, column: number): Lit[] => x.offsets.flatMap((offset, at) => {
  const read = source(x, x.first + column * x.stride + offset);
  return read === null ? [] : [{ row, column: read, tap: [middle(y), at] as const }];
});

function strip(lit: readonly Lit[]): Reads | null {
  if (lit.length === 0) return null;
  const [rows, columns] = [lit.map(({ row }) => row), lit.map(({ column }) => column)];
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return { box: { top, left, height: Math.max(...rows) - top + 1, width: Math.max(...columns) - left + 1 }, lit };
}
