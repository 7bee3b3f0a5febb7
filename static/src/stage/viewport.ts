/**
 * Which part of a grid is seen, and how large. Pure: a sight in, a sight out.
 * Cells are whole numbers of device pixels, below one pixel whole numbers of cells to a pixel: nothing is blurred.
 */
import type { Figure } from "../painters/figure.ts";

export interface Extent {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** What stands still while a picture is panned and zoomed. Lengths in CSS pixels. */
export interface Frame {
  /** In the grid's own coordinates: the input's starts in the padding. */
  readonly whole: Extent;
  /** Room for the cells, rulers left out. */
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  /** The cell with which the picture opens. */
  readonly cell: number;
  readonly devicePixelRatio: number;
}

export interface Sight {
  /** Wanted side of a cell in CSS pixels; drawn at the nearest size that is sharp. */
  readonly cell: number;
  /** The point of the grid in the middle of the room. A whole number is the edge of a cell. */
  readonly row: number;
  readonly column: number;
}

/** A point of the canvas in CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Nobody needs to see a cell larger than this, in CSS pixels. */
const LARGEST_CELL = 64;
/** Cells kept visible around the window while it moves. */
const AHEAD = 8;
/** Sides of a cell in device pixels that the buttons and keys step through. */
const STEPS = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192] as const;

/** Cells and rooms are fractions; what fits but for this much fits. */
const HAIR = 1e-6;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** How many of `count` cells there is room for. */
const seen = (room: number, cell: number, count: number): number => (room / cell > count - HAIR ? count : room / cell);

const sharp = (pixels: number): number => (pixels >= 1 ? Math.round(pixels) : 1 / Math.round(1 / pixels));

/** The smallest and the largest cell, CSS pixels: from the whole picture to single cells. */
export function limits({ whole, width, height, cell, devicePixelRatio }: Frame): { smallest: number; largest: number } {
  const largest = Math.max(cell, LARGEST_CELL);
  const fits = Math.min(width / whole.columns, height / whole.rows) + HAIR;
  if (fits >= cell) return { smallest: cell, largest };
  const pixels = fits * devicePixelRatio;
  return { smallest: (pixels >= 1 ? Math.floor(pixels) : 1 / Math.ceil(1 / pixels)) / devicePixelRatio, largest };
}

function drawnCell(frame: Frame, cell: number): number {
  // The opening size is kept as it is: on phones it is a fraction.
  if (cell === frame.cell) return cell;
  const { smallest, largest } = limits(frame);
  return clamp(sharp(cell * frame.devicePixelRatio) / frame.devicePixelRatio, smallest, largest);
}

/** The first view: from the upper left corner on, in the size that suits the stage. */
export function opening(frame: Frame): Sight {
  return held(frame, { cell: frame.cell, row: -Infinity, column: -Infinity });
}

/** The nearest sight that shows as much of the grid as there is room for. */
export function held(frame: Frame, { cell, row, column }: Sight): Sight {
  const { smallest, largest } = limits(frame);
  const size = clamp(cell, smallest, largest);
  const drawn = drawnCell(frame, size);
  const middle = (value: number, first: number, count: number, room: number): number => {
    const half = seen(room, drawn, count) / 2;
    return clamp(value, first + half, first + count - half);
  };
  const { whole } = frame;
  return {
    cell: size,
    row: middle(row, whole.top, whole.rows, frame.height),
    column: middle(column, whole.left, whole.columns, frame.width),
  };
}

export function figureOf(frame: Frame, sight: Sight): Figure {
  const { whole, margin } = frame;
  const { row, column, cell: wanted } = held(frame, sight);
  const cell = drawnCell(frame, wanted);
  const rows = seen(frame.height, cell, whole.rows);
  const columns = seen(frame.width, cell, whole.columns);
  const pixel = cell * frame.devicePixelRatio;
  // Whole pixels of the device from the grid's first cell on, so that no cell is wider than its neighbour.
  const begin = (middle: number, count: number, first: number): number =>
    first + Math.round((middle - count / 2 - first) * pixel) / pixel;
  return { cell, margin, top: begin(row, rows, whole.top), left: begin(column, columns, whole.left), rows, columns };
}

/** Whether there is more than can be seen at once. */
export function pans(frame: Frame, sight: Sight): boolean {
  const { rows, columns } = figureOf(frame, sight);
  return rows < frame.whole.rows || columns < frame.whole.columns;
}

/** The picture moves by that many CSS pixels to the left and up. */
export function pannedBy(frame: Frame, sight: Sight, across: number, down: number): Sight {
  const { cell } = figureOf(frame, sight);
  return held(frame, { ...sight, row: sight.row + down / cell, column: sight.column + across / cell });
}

/** Grown by a factor; what is under the spot stays under it, where the grid's ends allow. */
export function zoomedBy(frame: Frame, sight: Sight, factor: number, spot: Spot): Sight {
  return regrown(frame, under(frame, sight, spot), factor, spot);
}

/** What is under the spot: a sight with that point in its middle. */
export function under(frame: Frame, sight: Sight, spot: Spot): Sight {
  const { cell, top, left } = figureOf(frame, sight);
  return { cell: sight.cell, row: (spot.y - frame.margin) / cell + top, column: (spot.x - frame.margin) / cell + left };
}

/** The point is brought under the spot, its cells grown by a factor. */
export function regrown(frame: Frame, point: Sight, factor: number, spot: Spot): Sight {
  const { smallest, largest } = limits(frame);
  const cell = clamp(point.cell * factor, smallest, largest);
  const drawn = drawnCell(frame, cell);
  return held(frame, {
    cell,
    row: point.row + (frame.height / 2 - (spot.y - frame.margin)) / drawn,
    column: point.column + (frame.width / 2 - (spot.x - frame.margin)) / drawn,
  });
}

/** What to multiply the cell with for one step in or out; 1 at the end. */
export function stepFactor(frame: Frame, sight: Sight, direction: 1 | -1): number {
  const { cell } = figureOf(frame, sight);
  const pixels = cell * frame.devicePixelRatio;
  const next = direction === 1
    ? STEPS.find((step) => step > pixels * 1.01)
    : STEPS.findLast((step) => step < pixels * 0.99);
  const { smallest, largest } = limits(frame);
  return clamp((next ?? pixels) / frame.devicePixelRatio, smallest, largest) / sight.cell;
}

/** Pans no further than it must to show the extent, with some cells around it. */
export function revealing(frame: Frame, sight: Sight, extent: Extent, ahead = AHEAD): Sight {
  const { top, left, rows, columns } = figureOf(frame, sight);
  const down = missing(top, rows, extent.top, extent.rows, ahead);
  const across = missing(left, columns, extent.left, extent.columns, ahead);
  if (down === 0 && across === 0) return sight;
  const { cell, row, column } = held(frame, { ...sight, row: sight.row + down, column: sight.column + across });
  // At the edge there is nothing ahead to show: the same sight is the same object, and nothing is painted anew for it.
  return cell === sight.cell && row === sight.row && column === sight.column ? sight : { cell, row, column };
}

function missing(first: number, visible: number, start: number, size: number, most: number): number {
  const ahead = Math.min(most, Math.max(0, (visible - size) / 2));
  if (start - ahead < first) return start - ahead - first;
  return Math.max(0, start + size + ahead - first - visible);
}

/** Whether any of the extent is visible. */
export function sees({ top, left, rows, columns }: Figure, extent: Extent): boolean {
  return extent.top < top + rows && extent.top + extent.rows > top && extent.left < left + columns && extent.left + extent.columns > left;
}
