/**
 * What follows from an operation: pads, output size, taps. Mirrors engine/geometry.py, and
 * tests/golden/geometry.json holds both to the same answers. Coordinates are the only numbers the browser
 * works out by itself.
 */

/** What padding reads. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** A named rule, or the padding [before, after] of this axis in cells. */
export type AxisPadding = "SAME" | "SAME_LOWER" | "VALID" | "FULL" | readonly [number, number];

export interface AxisRequest {
  readonly inputSize: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: AxisPadding;
  /** Default: zeros. */
  readonly paddingMode?: PaddingMode;
  /** The last window may overhang the padded input, as long as it starts before its end padding. */
  readonly ceil?: boolean;
}

/** One axis, in cells. Coordinate 0 is the first real cell; padding lies below it and from inputSize on. */
export interface AxisGeometry {
  readonly inputSize: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells from a window's first tap to its last, both included: (kernelSize − 1) × dilation + 1. */
  readonly span: number;
  readonly padBefore: number;
  readonly padAfter: number;
  readonly outputSize: number;
  /** Padded cells at the end that are too few for one more window. */
  readonly leftover: number;
  /** Input cells that no window reads, ascending. */
  readonly neverRead: readonly number[];
  /** Input coordinate of the first tap at position 0: −padBefore. */
  readonly first: number;
  /** Taps relative to the first tap of their window. */
  readonly offsets: readonly number[];
  /** Cells by which the last window of ceil mode reaches beyond the padded input. */
  readonly overhang: number;
  readonly paddingMode: PaddingMode;
}

export interface Geometry {
  readonly y: AxisGeometry;
  readonly x: AxisGeometry;
  readonly positions: number;
  readonly cellsNeverRead: number;
}

/** Throws RangeError, naming the numbers, when an argument is no count or the window does not fit. */
export function planAxis({
  inputSize, kernelSize, stride, dilation, padding, paddingMode = "zeros", ceil = false,
}: AxisRequest): AxisGeometry {
  for (const [name, value] of Object.entries({ inputSize, kernelSize, stride, dilation }))
    requireWhole(name, value, 1);
  const span = (kernelSize - 1) * dilation + 1;
  const [padBefore, padAfter] = padsOf(padding, inputSize, span, stride);
  const padded = inputSize + padBefore + padAfter;
  // A window of ceil mode may overhang, the first one too, as in PyTorch.
  if (span > padded && !(ceil && span - padded < stride)) {
    throw new RangeError(
      `This kernel does not fit: a window of ${span} cells is larger than the padded input of ${padded}.`,
    );
  }
  requireCells(inputSize, Math.max(padBefore, padAfter), paddingMode);
  const steps = ceil ? ceiledSteps(padded - span, stride, inputSize + padBefore) : Math.floor((padded - span) / stride);
  const leftover = padded - span - steps * stride;
  const axis = {
    inputSize,
    kernelSize,
    stride,
    dilation,
    span,
    padBefore,
    padAfter,
    outputSize: steps + 1,
    leftover: Math.max(leftover, 0),
    first: 0 - padBefore,
    offsets: Array.from({ length: kernelSize }, (_, tap) => tap * dilation),
    overhang: Math.max(-leftover, 0),
    paddingMode,
  };
  return { ...axis, neverRead: unread(firstReader(axis)) };
}

/** No window starts in the padding at the end. */
function ceiledSteps(room: number, stride: number, end: number): number {
  const steps = Math.ceil(room / stride);
  return steps * stride >= end ? steps - 1 : steps;
}

/** Throws RangeError where the input has not enough cells to fill a padding of `longest`. */
function requireCells(inputSize: number, longest: number, mode: PaddingMode): void {
  const most = mode === "reflect" ? inputSize - 1 : mode === "circular" ? inputSize : longest;
  if (longest > most)
    throw new RangeError(`${mode} can fill at most ${most} cells of padding from an input of ${inputSize}; ${longest} are needed.`);
}

function padsOf(
  padding: AxisPadding,
  inputSize: number,
  span: number,
  stride: number,
): readonly [number, number] {
  if (padding === "VALID") return [0, 0];
  if (padding === "FULL") return [span - 1, span - 1];
  if (typeof padding === "string") {
    const total = Math.max((Math.ceil(inputSize / stride) - 1) * stride + span - inputSize, 0);
    const less = Math.floor(total / 2);
    return padding === "SAME" ? [less, total - less] : [total - less, less];
  }
  for (const pad of padding) requireWhole("padding", pad, 0);
  return padding;
}

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}, not ${value}.`);
  }
}

export function combine(y: AxisGeometry, x: AxisGeometry): Geometry {
  const read = (y.inputSize - y.neverRead.length) * (x.inputSize - x.neverRead.length);
  return { y, x, positions: y.outputSize * x.outputSize, cellsNeverRead: y.inputSize * x.inputSize - read };
}

/** The input coordinates that one output index reads; those outside 0 … inputSize − 1 are padding. */
export function taps(axis: AxisGeometry, position: number): number[] {
  const start = axis.first + position * axis.stride;
  return axis.offsets.map((offset) => start + offset);
}

/** The input index whose value is read at a coordinate of the padded axis; null for the zero of the padding, and beyond it. */
export function source({ inputSize, padAfter, paddingMode }: Pick<AxisGeometry, "inputSize" | "padAfter" | "paddingMode">, coordinate: number): number | null {
  if (coordinate >= 0 && coordinate < inputSize) return coordinate;
  if (coordinate >= inputSize + padAfter) return null;
  switch (paddingMode) {
    case "zeros":
      return null;
    case "reflect":
      return coordinate < 0 ? -coordinate : 2 * (inputSize - 1) - coordinate;
    case "replicate":
      return coordinate < 0 ? 0 : inputSize - 1;
    case "circular":
      return (coordinate + inputSize) % inputSize;
  }
}

/** For every input cell the first output index that reads it, or −1. */
export function firstReader(axis: Omit<AxisGeometry, "neverRead">): Int32Array {
  const readers = new Int32Array(axis.inputSize).fill(-1);
  for (let position = axis.outputSize - 1; position >= 0; position--) {
    const start = axis.first + position * axis.stride;
    for (const offset of axis.offsets) {
      // Writes outside a typed array are ignored, which is what a zero of the padding needs.
      readers[source(axis, start + offset) ?? -1] = position;
    }
  }
  return readers;
}

function unread(readers: Int32Array): number[] {
  const cells: number[] = [];
  readers.forEach((reader, cell) => {
    if (reader < 0) cells.push(cell);
  });
  return cells;
}

/**
 * The position whose window's middle lies nearest to an input point, for dragging. A whole `row` is the
 * middle of a cell; fractions and points outside the input are welcome.
 */
export function positionAt(y: AxisGeometry, x: AxisGeometry, row: number, column: number): number {
  return nearest(y, row) * x.outputSize + nearest(x, column);
}

function nearest(axis: AxisGeometry, cell: number): number {
  const steps = Math.round((cell - (axis.span - 1) / 2 - axis.first) / axis.stride);
  return Math.min(axis.outputSize - 1, Math.max(0, steps));
}

/** The input point in the middle of the window at a position: the inverse of `positionAt`. May lie in the padding. */
export function middleOf({ y, x }: Pick<Geometry, "y" | "x">, position: number): { row: number; column: number } {
  return {
    row: Math.floor(position / x.outputSize) * y.stride + y.first + (y.span - 1) / 2,
    column: (position % x.outputSize) * x.stride + x.first + (x.span - 1) / 2,
  };
}

/** [y, x] of a position in the output. */
export function coordinates(geometry: Geometry, position: number): [y: number, x: number] {
  const width = geometry.x.outputSize;
  return [Math.floor(position / width), position % width];
}
