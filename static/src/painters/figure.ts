/** A grid of cells on a canvas: the frame of reference that the input and the output share. */
export interface Figure {
  /** Side of a cell in CSS pixels. */
  readonly cell: number;
  /** Room for the rulers above and to the left, in CSS pixels. */
  readonly margin: number;
  /** First visible row and column, in the grid's own coordinates (negative inside the padding). */
  readonly top: number;
  readonly left: number;
  /** How many are visible. */
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
    row: Math.floor((y - figure.margin) / figure.cell) + figure.top,
    column: Math.floor((x - figure.margin) / figure.cell) + figure.left,
  };
}

/** Rows or columns [from, to) of a grid of `size` that are visible. */
export function visible(first: number, count: number, size: number): [number, number] {
  return [Math.max(0, first), Math.min(size, first + count)];
}

/** Numbers are printed inside cells from this size on, in CSS pixels. */
export const PRINTS_INPUT = 22;
export const PRINTS_OUTPUT = 34;
/** Cells this large are drawn as boxes with a grid, below it as a picture. */
export const IS_BOX = 12;
