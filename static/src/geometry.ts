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
  /**
   * Of a transposed convolution, cells cut off both ends of what the stamps cover; negative where the output is larger.
   * `stride`, `first` and `offsets` say there which output cells an input cell stamps. Null for a window.
   */
  readonly crop: readonly [before: number, after: number] | null;
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
    crop: null,
  };
  return { ...axis, neverRead: unread(firstReader(axis)) };
}

export interface TransposedRequest {
  readonly inputSize: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  /** What is cropped, [before, after]; "SAME" leaves `stride` output cells for each input cell. */
  readonly padding: "SAME" | "VALID" | readonly [number, number];
  /** Cells more at the end; means nothing with SAME. */
  readonly outputPadding?: number;
}

/** Throws RangeError, as `planAxis`, where nothing would be left or more is added than a step is long. */
export function planTransposedAxis({ inputSize, kernelSize, stride, dilation, padding, outputPadding = 0 }: TransposedRequest): AxisGeometry {
  for (const [name, value] of Object.entries({ inputSize, kernelSize, stride, dilation })) requireWhole(name, value, 1);
  const span = (kernelSize - 1) * dilation + 1;
  const full = (inputSize - 1) * stride + span;
  const extra = padding === "SAME" ? Math.max(inputSize * stride - full, 0) : outputPadding;
  const cropped = padding === "SAME" ? Math.max(full - inputSize * stride, 0) : 0;
  const [before, after] = padding === "SAME" ? [Math.floor(cropped / 2), Math.ceil(cropped / 2)] : padding === "VALID" ? [0, 0] : padding;
  if (padding !== "SAME" && outputPadding >= Math.max(stride, dilation))
    throw new RangeError(`output_padding must be less than the larger of stride ${stride} and dilation ${dilation}; got ${outputPadding}.`);
  const outputSize = full - before - after + extra;
  if (outputSize < 1) throw new RangeError(`This crops ${before} + ${after} of the ${full} that are stamped; nothing would be left.`);
  const axis = {
    inputSize, kernelSize, stride, dilation, span, padBefore: 0, padAfter: 0, outputSize, leftover: 0, first: 0 - before,
    offsets: Array.from({ length: kernelSize }, (_, tap) => tap * dilation),
    overhang: 0, paddingMode: "zeros" as const, crop: [before, after - extra] as const,
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

/** Cells of padding at the top, the bottom, left and right; of a transposed convolution, what is cropped there. */
export function sidesOf({ y, x }: Pick<Geometry, "y" | "x">): readonly [top: number, bottom: number, left: number, right: number] {
  const after = ({ crop, padAfter }: AxisGeometry): number => (crop === null ? padAfter : Math.max(0, crop[1]));
  return [y.crop?.[0] ?? y.padBefore, after(y), x.crop?.[0] ?? x.padBefore, after(x)];
}

export function combine(y: AxisGeometry, x: AxisGeometry): Geometry {
  const read = (y.inputSize - y.neverRead.length) * (x.inputSize - x.neverRead.length);
  return { y, x, positions: y.outputSize * x.outputSize, cellsNeverRead: y.inputSize * x.inputSize - read };
}

/**
 * The input coordinates that one output index reads; those outside 0 … inputSize − 1 are padding. Fractions are places
 * between two cells, which a transposed convolution finds empty.
 */
export function taps(axis: Pick<AxisGeometry, "first" | "stride" | "offsets" | "crop">, position: number): number[] {
  if (axis.crop !== null) return axis.offsets.map((offset) => (position - axis.first - offset) / axis.stride);
  const start = axis.first + position * axis.stride;
  return axis.offsets.map((offset) => start + offset);
}

/** Cells from the start of the padding to its end, or to that of the window that overhangs it. */
export const reachOf = ({ inputSize, padBefore, padAfter, overhang }: AxisGeometry): number => inputSize + padBefore + padAfter + overhang;

/** Whether there is an input cell at a coordinate. */
export const isCell = ({ inputSize }: Pick<AxisGeometry, "inputSize">, coordinate: number): boolean =>
  Number.isInteger(coordinate) && coordinate >= 0 && coordinate < inputSize;

/**
 * Where the window of an output index begins, and how many cells it spans. Of a transposed convolution, from the first
 * to the last input cell whose stamp reaches that output cell; there can be none.
 */
export function extent(axis: AxisGeometry, position: number): { readonly first: number; readonly count: number } {
  if (axis.crop === null) return { first: axis.first + position * axis.stride, count: axis.span };
  const cells = taps(axis, position).filter((cell) => isCell(axis, cell));
  if (cells.length === 0) return { first: Math.round(middle(axis, position)), count: 0 };
  const first = Math.min(...cells);
  return { first, count: Math.max(...cells) - first + 1 };
}

/** The output coordinates that an input cell of a transposed convolution stamps, by tap; outside of the output they are cropped. */
export const stamped = ({ first, stride, offsets }: AxisGeometry, cell: number): number[] => offsets.map((offset) => first + cell * stride + offset);

/** The input index whose value is read at a coordinate of the padded axis; null for the zero of the padding, and beyond it. */
export function source({ inputSize, padAfter, paddingMode }: Pick<AxisGeometry, "inputSize" | "padAfter" | "paddingMode">, coordinate: number): number | null {
  if (coordinate >= 0 && coordinate < inputSize) return Number.isInteger(coordinate) ? coordinate : null;
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
    for (const cell of taps(axis, position)) {
      // Writes outside a typed array, or between its cells, are ignored, which is what a zero needs.
      readers[source(axis, cell) ?? -1] = position;
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
  return Math.min(axis.outputSize - 1, Math.max(0, Math.round(outputAt(axis, cell))));
}

/** The input coordinate in the middle of the window of an output index, and the other way around; fractions are welcome. */
export function middle({ first, span, stride, crop }: AxisGeometry, position: number): number {
  return crop === null ? first + position * stride + (span - 1) / 2 : (position - first - (span - 1) / 2) / stride;
}
export function outputAt({ first, span, stride, crop }: AxisGeometry, cell: number): number {
  return crop === null ? (cell - (span - 1) / 2 - first) / stride : first + cell * stride + (span - 1) / 2;
}

/** The input point in the middle of the window at a position: the inverse of `positionAt`. May lie in the padding. */
export function middleOf({ y, x }: Pick<Geometry, "y" | "x">, position: number): { row: number; column: number } {
  return { row: middle(y, Math.floor(position / x.outputSize)), column: middle(x, position % x.outputSize) };
}

/** [y, x] of a position in the output. */
export function coordinates(geometry: Geometry, position: number): [y: number, x: number] {
  const width = geometry.x.outputSize;
  return [Math.floor(position / width), position % width];
}
