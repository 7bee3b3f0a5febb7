/** A grid of cells on a canvas: the frame of reference that the input and the output share. */
export interface Figure {
  /** Side of a cell in CSS pixels. */
  readonly cell: number;
  /** Room for the rulers above and to the left, in CSS pixels. */
  readonly margin: number;
  /** Where the visible part begins, in the grid's own coordinates: negative inside the padding, a fraction within a cell. */
  readonly top: number;
  readonly left: number;
  /** How many rows and columns are visible; the last ones may be cut. */
  readonly rows: number;
  readonly columns: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The box in CSS pixels of `rows` by `columns` cells whose first one is at (row, column). */
export function boxOf(figure: Figure, row: number, column: number, rows = 1, columns = 1): Box {
  return {
    x: figure.margin + (column - figure.left) * figure.cell,
    y: figure.margin + (row - figure.top) * figure.cell,
    w: columns * figure.cell,
    h: rows * figure.cell,
  };
}

/** The whole picture area, rulers left out. */
export function area(figure: Figure): Box {
  return boxOf(figure, figure.top, figure.left, figure.rows, figure.columns);
}

/** The cell under a point in CSS pixels of the canvas; may lie outside the grid. */
export function cellAt(figure: Figure, x: number, y: number): { row: number; column: number } {
  return {
    row: Math.floor((y - figure.margin) / figure.cell + figure.top),
    column: Math.floor((x - figure.margin) / figure.cell + figure.left),
  };
}

// A picture that begins between two pixels of the device adds up to a hair less or more than whole cells.
const HAIR = 1e-6;

/** Rows or columns [from, to) of a grid of `size` that are visible, if only in part. */
export function visible(first: number, count: number, size: number): [number, number] {
  return [Math.max(0, Math.floor(first + HAIR)), Math.min(size, Math.ceil(first + count - HAIR))];
}

/** Everything drawn until `restore` stays inside the picture area, or `beyond` CSS pixels outside it. */
export function clipToArea(context: CanvasRenderingContext2D, figure: Figure, beyond = 0): void {
  const { x, y, w, h } = area(figure);
  context.beginPath();
  context.rect(x - beyond, y - beyond, w + 2 * beyond, h + 2 * beyond);
  context.clip();
}

/** Numbers are printed inside cells from this size on, in CSS pixels. */
export const PRINTS_INPUT = 22;
export const PRINTS_OUTPUT = 34;
/** Cells this large are drawn as boxes with a grid, below it as a picture. */
export const IS_BOX = 12;
