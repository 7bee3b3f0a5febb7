/** From state and the server's answer to what the painters draw. Pure: no DOM, no requests. */
import { outputColour } from "../palette.ts";
import { plate, tapColour } from "../colour.ts";
import { TIMES, formatNumber } from "../format.ts";
import { isPool } from "../asked.ts";
import { weightsOf } from "../kernels/bank.ts";
import { text } from "../text/text.ts";
import { weightsUnder } from "../weights.ts";
import { type AxisGeometry, extent, isCell, reachOf, source, stamped, taps as tapsAt } from "../geometry.ts";
import { gapsUnder } from "../loupe-layout.ts";
import type { Figure } from "../painters/figure.ts";
import type { InputScene, WindowScene } from "../painters/input.ts";
import type { Ink } from "../painters/ink.ts";
import type { LoupeScene } from "../painters/loupe.ts";
import type { OutputCellsScene } from "../painters/output.ts";
import type { ScrubberScene } from "../painters/scrubber.ts";
import { turned } from "../provenance.ts";
import { type Shown, placeOf } from "../session.ts";
import type { Asked, PaletteChoice, Touched } from "../state.ts";
import type { Detail } from "../trace.ts";
import { channelName } from "./channels.ts";
import type { Extent } from "./viewport.ts";

/** What of the state the stage draws. */
export interface View {
  readonly shown: Shown;
  readonly ink: Ink;
  readonly detail: Detail;
  readonly channel: number;
  /** The tap last multiplied, or null outside the Tap cadence. */
  readonly tap: number | null;
  readonly palette: PaletteChoice;
  readonly touched: Touched;
  /** The place under the loupe that lights up, row-major. */
  readonly lit: number | null;
  /** Cells shown as computed, row-major. */
  readonly computed: number;
  /** The result is still to be predicted. */
  readonly hidden: boolean;
}

/** Where the playhead is: on the output, or on the input whose stamps it walks. */
export function at({ shown, detail }: View): { row: number; column: number } {
  const [row, column] = placeOf(shown.walk, detail.position);
  return { row, column };
}

/** The output cells that belong to the window. */
export function outputExtent(view: View): Extent {
  const { row, column } = at(view);
  return view.shown.stamps?.extent(row, column) ?? { top: row, left: column, rows: 1, columns: 1 };
}

/** The input cells that the window spans; negative inside the padding. */
export function windowExtent(view: View): Extent {
  const { row, column } = at(view);
  if (view.shown.walk.stamps) return { top: row, left: column, rows: 1, columns: 1 };
  const [down, across] = [extent(view.shown.geometry.y, row), extent(view.shown.geometry.x, column)];
  return { top: down.first, left: across.first, rows: down.count, columns: across.count };
}

const kernelSize = ({ geometry }: Shown): [number, number] => [geometry.y.kernelSize, geometry.x.kernelSize];

export function inputScene(view: View, figure: Figure, picture: HTMLCanvasElement): InputScene {
  const { shown, ink } = view;
  const { height, width, channels, values } = shown.input;
  const { y, x } = shown.geometry;
  const channel = shown.firstChannel + view.channel;
  const name = channelName(channel, channels).plate;
  return {
    ink, figure, height, width, picture,
    hasPadding: reachOf(y) > height || reachOf(x) > width,
    paddingEnd: { row: height + y.padAfter, column: width + x.padAfter },
    leftover: { rows: y.leftover, columns: x.leftover },
    rowReader: shown.rowReader,
    columnReader: shown.columnReader,
    highlightPadding: view.touched === "padding",
    paddingReads: y.paddingMode !== "zeros",
    beyond: (row, column) => {
      if (row >= height + y.padAfter || column >= width + x.padAfter) return null;
      const [fromRow, fromColumn] = [source(y, row), source(x, column)];
      if (fromRow === null || fromColumn === null) return padsWithNothing(shown.asked) ? null : { text: "0", colour: null };
      const value = values[(fromRow * width + fromColumn) * channels + channel] ?? 0;
      return { text: formatNumber(value), colour: cellColour(shown, fromRow, fromColumn, channel) };
    },
    print: (row, column) => {
      const value = values[(row * width + column) * channels + channel] ?? 0;
      return { text: formatNumber(value), colour: plate(share(shown, value), channels === 1 ? "K" : name) };
    },
  };
}

/** Whether the cells of the padding are left out. */
const padsWithNothing = ({ operation, countIncludePad }: Asked): boolean => isPool(operation) && !(operation === "avg_pool2d" && countIncludePad);

/** A cell as the picture shows it. `channel` is counted from the input's first. */
function cellColour(shown: Shown, row: number, column: number, channel: number): string {
  const { width, channels, values } = shown.input;
  const cell = (row * width + column) * channels;
  if (channels !== 3) return plate(share(shown, values[cell + channel] ?? 0), "K");
  const byte = (index: number): number => Math.round(share(shown, values[cell + index] ?? 0) * 255);
  return `rgb(${byte(0)} ${byte(1)} ${byte(2)})`;
}

/** Where a value lies between the input's darkest and lightest, 0 to 1. */
function share({ range }: Shown, value: number): number {
  return Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low || 1)));
}

export function windowScene(view: View, figure: Figure, origin: { top: number; left: number }): WindowScene {
  const { shown, ink, touched } = view;
  const { y, x } = shown.geometry;
  const [rows, columns] = kernelSize(shown);
  const inChannel = view.tap === null ? winner(view) : view.tap - view.channel * rows * columns;
  const window = windowExtent(view);
  const here = at(view);
  const lit = view.lit === null ? null : turned(shown.geometry, view.lit);
  return {
    ink, figure, height: shown.input.height, width: shown.input.width,
    rowReader: shown.rowReader, columnReader: shown.columnReader,
    at: at(view),
    veilsUnread: shown.asked.source.kind !== "numbers",
    ...origin,
    spanRows: window.rows, spanColumns: window.columns,
    // A stamp's taps lie on the output.
    ...(shown.walk.stamps ? { rowOffsets: [null], columnOffsets: [null] }
      : { rowOffsets: offsets(y, here.row, window.top), columnOffsets: offsets(x, here.column, window.left) }),
    tapColour: (row, column) => tapColour(row, column, rows, columns, ink.dark),
    tap: !shown.walk.stamps && inChannel >= 0 && inChannel < rows * columns
      ? { row: Math.floor(inChannel / columns), column: inChannel % columns } : null,
    lit: lit === null ? null : { row: Math.floor(lit / columns), column: lit % columns },
    highlightGaps: touched === "dilations",
    highlightNext: touched === "strides" && y.crop === null ? { rows: y.stride, columns: x.stride } : null,
  };
}

/** A place of the loupe, of which a transposed convolution has `stride` to an input cell. */
const between = ({ stride }: AxisGeometry, cells: readonly number[], place: number): number =>
  (Math.round(Math.min(...cells) * stride) + place) / stride;

/** By tap, from the window's first cell; null for those of a transposed convolution that lie on no cell. */
function offsets(axis: AxisGeometry, position: number, first: number): readonly (number | null)[] {
  return axis.crop === null ? axis.offsets : tapsAt(axis, position).map((cell) => (isCell(axis, cell) ? cell - first : null));
}

/** The tap that a max pool has taken, row-major over the window; -1 where there is none. */
function winner({ shown, detail, hidden }: View): number {
  if (!detail.argmax || hidden) return -1;
  const { y, x } = shown.geometry;
  const [row, column] = [Math.floor(detail.position / x.outputSize), detail.position % x.outputSize];
  const tap = (axis: typeof y, position: number, cell: number): number => axis.offsets.indexOf(cell - axis.first - position * axis.stride);
  return tap(y, row, detail.argmax[0]) * x.kernelSize + tap(x, column, detail.argmax[1]);
}

export function outputCellsScene(view: View, figure: Figure, picture: HTMLCanvasElement): OutputCellsScene {
  const { shown, ink, palette } = view;
  const { outputs } = shown.data;
  return {
    ink, figure, picture,
    height: shown.geometry.y.outputSize, width: shown.geometry.x.outputSize,
    computed: view.computed,
    finished: shown.stamps?.finished(at(view).row, at(view).column) ?? null,
    at: shown.walk.stamps ? null : at(view),
    hidden: view.hidden,
    print: (position) => {
      if (view.hidden && position === view.detail.position) return { text: "?", colour: ink.mark };
      const value = outputs[position] ?? 0;
      return { text: formatNumber(value), colour: outputColour(value, palette, shown.scale, ink.dark) };
    },
  };
}

export function loupeScene(view: View, diameter: number): LoupeScene {
  const { shown, ink, detail, channel, lit } = view;
  const { y, x } = shown.geometry;
  const [rows, columns] = kernelSize(shown);
  const { height, width, channels } = shown.input;
  const name = channelName(shown.firstChannel + channel, channels);
  const weights = weightsUnder(shown, channel);
  const first = channel * rows * columns;
  const { top, left } = windowExtent(view);
  const here = at(view);
  const { stamps } = shown.walk;
  const [rowsAt, columnsAt] = stamps ? [stamped(y, here.row), stamped(x, here.column)] : [tapsAt(y, here.row), tapsAt(x, here.column)];
  const transposed = y.crop !== null && !stamps;
  const ignored = padsWithNothing(shown.asked);
  const taps = Array.from(detail.window.subarray(first, first + rows * columns), (value, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const [inputRow = 0, inputColumn = 0] = [rowsAt[row], columnsAt[column]];
    const padding = stamps ? detail.stamp?.stamp[index]?.position === null : !isCell(y, inputRow) || !isCell(x, inputColumn);
    const beyond = inputRow < -y.padBefore || inputColumn < -x.padBefore || inputRow >= height + y.padAfter || inputColumn >= width + x.padAfter;
    return {
      value, weight: weights?.[index] ?? null, padding,
      counts: stamps ? !padding : !beyond && !(padding && (ignored || transposed)),
      plate: padding && y.paddingMode === "zeros" ? ink.sheet : plate(share(shown, value), name.plate),
      colour: tapColour(row, column, rows, columns, ink.dark),
    };
  });
  // Seen from the output cell the stamps lie the other way around.
  if (transposed) taps.reverse();
  const pointed = lit === null ? undefined : taps[lit];
  const pointedTap = first + (transposed ? taps.length - 1 - (lit ?? 0) : (lit ?? 0));
  return {
    ink, diameter, rows, columns, taps,
    largestWeight: Math.max(...weightsOf(shown.asked.kernel).map(Math.abs)),
    winner: view.tap === null ? winner(view) : -1,
    turned: transposed,
    adds: shown.asked.operation !== "max_pool2d" && !stamps,
    tag: name.plate === "K"
      ? (channels === 1 ? null : { text: text().stage.only(name.word), colour: ink.ink })
      : { text: text().stage.only(name.word), colour: ink.tags[name.plate] },
    lit,
    multiplied: view.tap === null ? null : Math.min(Math.max(view.tap - first + 1, 0), rows * columns),
    around: stamps || (transposed && (y.dilation > 1 || x.dilation > 1)) ? null : around,
    dilation: gapsUnder(shown.geometry),
    caption: pointed && pointed.weight === null ? formatNumber(pointed.value, 4) : pointed?.weight != null
      ? `${formatNumber(pointed.value)} ${TIMES} ${formatNumber(pointed.weight, 6)} = ${formatNumber(detail.products[pointedTap] ?? 0, 4)}`
      : null,
  };

  function around(row: number, column: number): string | null {
    const inputRow = transposed ? between(y, rowsAt, row) : top + row;
    const inputColumn = transposed ? between(x, columnsAt, column) : left + column;
    const padded = inputRow >= -y.padBefore && inputRow < height + y.padAfter && inputColumn >= -x.padBefore && inputColumn < width + x.padAfter;
    if (!padded) return null;
    const [fromRow, fromColumn] = [source(y, inputRow), source(x, inputColumn)];
    if (fromRow === null || fromColumn === null) return transposed ? null : "padding";
    return cellColour(shown, fromRow, fromColumn, shown.firstChannel + channel);
  }
}

export function scrubberScene(view: View, width: number, height: number, fetched: number): ScrubberScene {
  const { geometry, walk } = view.shown;
  return {
    ink: view.ink, width, height,
    rows: walk.rows,
    row: at(view).row,
    done: (view.detail.position + 1) / walk.positions,
    fetched: fetched / geometry.positions,
  };
}
