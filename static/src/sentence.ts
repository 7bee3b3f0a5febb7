/**
 * What happens at one position, as a sentence. In English word for word what app/services/sentences.py says;
 * tests/golden/sentences.json holds both to it.
 */
import type { InputCell, StampedCell } from "./api.ts";
import { isPool, isTransposed } from "./asked.ts";
import { formatIndex, formatNumber } from "./format.ts";
import { type AxisGeometry, type Geometry, coordinates, isCell, taps } from "./geometry.ts";
import type { Asked } from "./state.ts";
import type { Fill, Meaning } from "./text/en/sentence.ts";
import type { Span } from "./text/parts.ts";
import { text } from "./text/text.ts";
import type { Detail } from "./trace.ts";

export interface Told {
  readonly asked: Pick<Asked, "operation" | "filter" | "bias" | "flipKernel" | "activation" | "countIncludePad">;
  readonly geometry: Geometry;
  readonly detail: Pick<Detail, "position" | "sum" | "output" | "argmax" | "divisor">;
  /** Over all channels. */
  readonly taps: number;
  /** Of the sums of the whole output. */
  readonly scale: { readonly minimum: number; readonly maximum: number };
}

type Parts = readonly [lead: string, value: string, rest: string];
type Meanings = readonly [positive: Meaning, negative: Meaning, zero: Meaning];

/** What a filter measures, said for a result that is clearly positive, clearly negative, or about zero. */
const MEANINGS: Readonly<Record<string, Meanings>> = (() => {
  const across: Meanings = ["rightBrighter", "rightDarker", "acrossEqual"];
  const down: Meanings = ["downBrighter", "downDarker", "downEqual"];
  const centre: Meanings = ["middleBrighter", "middleDarker", "middleEqual"];
  const flipped = ([positive, negative, zero]: Meanings): Meanings => [negative, positive, zero];
  return {
    sobel_x: across,
    prewitt_x: across,
    scharr_x: across,
    vertical_edge: flipped(across),
    sobel_y: down,
    prewitt_y: down,
    scharr_y: down,
    high_pass: centre,
  };
})();
/** Results within this share of the largest one are "about zero". */
const NEAR_ZERO = 0.04;

/** What comes before the number, the number, and the rest. `short`: the same in fewer words, for a phone. */
export function sentenceOf(told: Told, { short = false } = {}): Parts {
  const { asked, geometry, detail } = told;
  const [row, column] = coordinates(geometry, detail.position);
  if (isTransposed(asked.operation)) return stamps(told, row, column, short);
  const words = text().sentence;
  const where = (short ? words.windowShort : words.window)(span(taps(geometry.y, row)), span(taps(geometry.x, column)));
  const [lead, value, rest] =
    asked.operation === "max_pool2d" ? largest(told) : asked.operation === "avg_pool2d" ? mean(told, short) : sum(told, short);
  return [`${where} ${lead}`, value, rest + padding(told, row, column)];
}

function sum(told: Told, short: boolean): Parts {
  const { asked, detail } = told;
  const words = text().sentence;
  const lead = (short ? words.sumShort : words.sum)(told.taps, meaning(told));
  return [lead, formatNumber(detail.sum), `${asked.bias === 0 ? "" : words.withBias}.${activated(told)}`];
}

function activated({ asked: { activation }, detail: { sum, output } }: Told): string {
  if (activation === null) return "";
  const { activationKeeps, activationMakes } = text().sentence;
  return activation === "relu" && output === sum ? activationKeeps(activation) : activationMakes(activation, formatNumber(output));
}

function largest({ detail: { output, argmax } }: Told): Parts {
  const words = text().sentence;
  return [words.largest, formatNumber(output), `${argmax ? words.largestAt(formatIndex(argmax[0]), formatIndex(argmax[1])) : ""}.`];
}

function mean({ detail: { sum, output, divisor } }: Told, short: boolean): Parts {
  const words = text().sentence;
  return [(short ? words.meanShort : words.mean)(divisor ?? 0, formatNumber(sum)), formatNumber(output), "."];
}

function meaning({ asked, asked: { filter, flipKernel }, detail: { sum }, scale }: Told): Meaning | null {
  const said = filter === null ? undefined : MEANINGS[filter];
  if (!said || flipKernel || asked.bias !== 0) return null;
  const near = Math.max(Math.abs(scale.minimum), Math.abs(scale.maximum)) * NEAR_ZERO;
  return sum > near ? said[0] : sum < -near ? said[1] : said[2];
}

/** The same place as a question: how many products there are, and where they come from. */
export function questionOf(told: Told, { short = false } = {}): { where: string; products: number } {
  const { asked, geometry: { y, x }, geometry, detail } = told;
  const [row, column] = coordinates(geometry, detail.position);
  const words = text().sentence;
  const transposed = isTransposed(asked.operation);
  const reached = (axis: AxisGeometry, at: number): number[] => taps(axis, at).filter((cell) => !transposed || isCell(axis, cell));
  const [rows, columns] = [reached(y, row), reached(x, column)];
  const cells = rows.length * columns.length;
  if (cells === 0) return { where: "", products: 0 };
  return {
    where: (short || transposed ? words.windowShort : words.window)(span(rows), span(columns)),
    products: (cells * told.taps) / (y.kernelSize * x.kernelSize),
  };
}

/** Which stamps of a transposed convolution reach the output cell. */
function stamps(told: Told, row: number, column: number, short: boolean): Parts {
  const { asked, geometry: { y, x }, detail } = told;
  const words = text().sentence;
  const bias = asked.bias !== 0;
  const reached = (axis: AxisGeometry, at: number): number[] => taps(axis, at).filter((cell) => isCell(axis, cell));
  const [rows, columns] = [reached(y, row), reached(x, column)];
  const cells = rows.length * columns.length;
  if (cells === 0) return [bias ? words.noStampBias : words.noStamp, formatNumber(detail.sum), `.${activated(told)}`];
  const products = (cells * told.taps) / (y.kernelSize * x.kernelSize);
  const where = [span(rows), span(columns)] as const;
  const lead = short ? `${words.windowShort(...where)} ${words.sumShort(products, null)}` : words.stamps(cells, ...where, products);
  return [lead, formatNumber(detail.sum), `${bias ? words.withBias : ""}.${activated(told)}`];
}

/** What the stamp of one input cell leaves on the output. */
export function stampSentence({ y, x, stamp }: StampedCell): string {
  const words = text().sentence;
  const kept = stamp.filter(({ position }) => position !== null);
  const cell = [formatIndex(y), formatIndex(x)] as const;
  if (kept.length === 0) return words.stampGone(...cell);
  const [rows, columns] = [span(kept.map((one) => one.output_y)), span(kept.map((one) => one.output_x))];
  const cropped = stamp.length - kept.length;
  return words.stamp(...cell, kept.length, rows, columns) + (cropped === 0 ? "" : words.stampCropped(cropped));
}

/** Who reads an input cell. */
export function readSentence({ y, x, reads }: Pick<InputCell, "y" | "x" | "reads">): string {
  const words = text().sentence;
  const cell = [formatIndex(y), formatIndex(x)] as const;
  if (reads.length === 0) return words.unread(...cell);
  const windowsOf = (some: typeof reads): number => new Set(some.map(({ position }) => position)).size;
  const windows = windowsOf(reads);
  const padded = reads.filter(({ padding }) => padding).length;
  return words.reads(windows, ...cell, span(reads.map((read) => read.y)), span(reads.map((read) => read.x))) +
    (padded === 0 ? "" : words.readsPadding(padded)) +
    (reads[0]?.wins === null ? "" : words.wins(windowsOf(reads.filter(({ wins }) => wins)), windows));
}

/** From the lowest to the highest of these. */
const span = (cells: readonly number[]): Span => [formatIndex(Math.min(...cells)), formatIndex(Math.max(...cells))];

/** What the cells of the window that lie outside of the input do there. */
function padding({ asked, geometry: { y, x } }: Told, row: number, column: number): string {
  const within = (axis: AxisGeometry, at: number, before: number, after: number): number =>
    taps(axis, at).filter((cell) => cell >= -before && cell < axis.inputSize + after).length;
  const cells = y.kernelSize * x.kernelSize;
  const padded = cells - within(y, row, 0, 0) * within(x, column, 0, 0);
  const words = text().sentence;
  const told = (count: number, fill: Fill): string => (count === 0 ? "" : words.padding(count, fill));
  if (!isPool(asked.operation)) return told(padded, y.paddingMode);
  if (asked.operation === "max_pool2d" || !asked.countIncludePad) return told(padded, "ignored");
  const beyond = cells - within(y, row, y.padBefore, y.padAfter) * within(x, column, x.padBefore, x.padAfter);
  return told(padded - beyond, "zeros") + (beyond === 0 ? "" : words.beyond(beyond));
}
