/**
 * How large the pictures and the loupe are. A cell is a whole number of device pixels, so that pictures are
 * never resampled (phones, with 2 to 3 device pixels to a CSS pixel, may have fractions).
 */

export interface Measured {
  /** Inside the stage, below the headings, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly sumHeight: number;
  readonly kernelHeadingHeight: number;
  readonly rem: number;
  readonly devicePixelRatio: number;
  readonly arrangement: "wide" | "narrow" | "phone";
  /** The drawer takes a part of the width: small cells are worth more of the loupe, and of the gaps. */
  readonly crowded?: boolean;
  /** Nothing stands below the pictures. */
  readonly bare?: boolean;
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export interface Fit {
  /** Room for the rulers, CSS pixels. */
  readonly margin: number;
  readonly diameter: number;
  readonly inputCell: number;
  readonly outputCell: number;
  /** What is visible; less than the whole grid when even the smallest cells do not fit. */
  readonly inputView: Grid;
  readonly outputView: Grid;
}

const FEW_CELLS = 16;
/** Below this many device pixels a window could not be seen: the picture pans instead. */
const SMALLEST_CELL = 2;
const PAN_SHRINK_PX = 12;
/** Cells up to this size, in CSS pixels, are hard to see beside an open drawer. */
const SMALL_CELL = 5;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));

/** Room for ticks and for the longest row number. Phones have ticks only. */
function rulerMargin({ arrangement, rem }: Measured, rows: number): number {
  if (arrangement === "phone") return 9;
  const digits = String(rows - 1).length;
  return Math.round(Math.max(24, rem * 1.6) + Math.max(0, digits - 2) * Math.max(7, rem * 0.45));
}

interface Room {
  readonly width: number;
  readonly height: number;
}

/** The largest cell with which the grid fits, on the device's pixel grid. */
function largestCell(room: Room, grid: Grid, measured: Measured): number {
  const exact = Math.min(room.width / grid.columns, room.height / grid.rows);
  const { devicePixelRatio: ratio } = measured;
  const snapped = measured.arrangement === "phone" ? exact : Math.floor(exact * ratio) / ratio;
  return Math.max(SMALLEST_CELL / ratio, snapped);
}

const seen = (room: Room, grid: Grid, cell: number): Grid => ({
  rows: Math.min(grid.rows, Math.max(1, Math.floor(room.height / cell))),
  columns: Math.min(grid.columns, Math.max(1, Math.floor(room.width / cell))),
});

/** `shrink` is the caller's answer to a stage that overflows: it takes that many CSS pixels off every input cell, or some off a panning picture's height. */
export function fit(measured: Measured, input: Grid, output: Grid, trueScale: boolean, shrink = 0): Fit {
  const margin = rulerMargin(measured, Math.max(input.rows, output.rows));
  const { room, diameter } = measured.arrangement === "wide"
    ? wide(measured, input, margin)
    : narrow(measured, input, margin);
  const smallest = SMALLEST_CELL / measured.devicePixelRatio;
  const pixel = Math.ceil(measured.devicePixelRatio) / measured.devicePixelRatio;
  const inputCell = Math.max(smallest, largestCell(room, input, measured) - shrink * pixel);
  const height = room.height - (inputCell === smallest ? shrink * PAN_SHRINK_PX : 0);
  const inputView = seen({ ...room, height }, input, inputCell);
  const side = Math.max(inputView.columns, inputView.rows) * inputCell;
  const outputRoom = { width: Math.min(room.width, side), height: Math.min(height, side) };
  const outputCell = trueScale ? inputCell : largestCell(outputRoom, output, measured);
  return { margin, diameter: Math.floor(diameter), inputCell, outputCell, inputView, outputView: seen(outputRoom, output, outputCell) };
}

function wide(measured: Measured, input: Grid, margin: number): { room: Room; diameter: number } {
  const { width, height, rem, crowded = false, bare = false } = measured;
  const gap = clamp(width * 0.036, crowded ? 24 : 40, 90);
  const below = height - (bare ? 0 : rem * 1.85) - 4;
  const roomBeside = (loupe: number): Room => ({ width: (width - loupe - 2 * gap) / 2 - margin - 2, height: below - margin });
  const diameter = Math.min(height - measured.sumHeight - rem * 0.5, width * 0.335);
  const room = roomBeside(diameter);
  if (Math.max(input.rows, input.columns) <= FEW_CELLS) return { room, diameter };
  // One more pixel a cell is taken if it costs the loupe at most 14 %.
  const ratio = measured.devicePixelRatio;
  const larger = (Math.floor(Math.min(room.width / input.columns, room.height / input.rows) * ratio) + Math.ceil(ratio)) / ratio;
  const loupe = width - 2 * gap - 2 * (larger * input.columns + margin + 2);
  const [least, kept] = crowded && larger <= SMALL_CELL ? [0.23, 0.7] : [0.275, 0.86];
  if (larger > 1 && larger * input.rows + margin <= below && loupe >= width * least && loupe >= diameter * kept) {
    return { room: { width: larger * input.columns, height: room.height }, diameter: Math.min(diameter, loupe) };
  }
  return { room, diameter };
}

function narrow(measured: Measured, input: Grid, margin: number): { room: Room; diameter: number } {
  const { width, height, rem } = measured;
  const phone = measured.arrangement === "phone";
  const side = (width - rem) / 2 - margin - 3;
  // On tablets the sum stands beside the loupe.
  const rest = margin + 2 + (phone ? measured.sumHeight + measured.kernelHeadingHeight + rem * 1.1 : rem * 1.6);
  const loupeWanted = phone ? 216 : Math.min(width * 0.31, 260);
  const room = { width: side, height: phone ? side : Math.max(side / 2, Math.min(side, height - rest - loupeWanted)) };
  const picture = largestCell(room, input, measured) * input.rows;
  const diameter = clamp(height - rest - Math.min(picture, room.height), phone ? 216 : 220, phone ? width - 50 : width * 0.42);
  return { room, diameter };
}
