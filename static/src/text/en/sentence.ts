import type { Activation, PaddingMode } from "../../state.ts";
import { NBSP, type Span, capital } from "../parts.ts";

/** What a filter measures, said for a result that is clearly positive, clearly negative, or about zero. */
const meanings = {
  rightBrighter: "The right side is brighter than the left, so the",
  rightDarker: "The right side is darker than the left, so the",
  acrossEqual: "Left and right are about equally bright, so the",
  downBrighter: "It gets brighter going down, so the",
  downDarker: "It gets darker going down, so the",
  downEqual: "Above and below are about equally bright, so the",
  middleBrighter: "The middle is brighter than what surrounds it, so the",
  middleDarker: "The middle is darker than what surrounds it, so the",
  middleEqual: "The middle is about as bright as what surrounds it, so the",
};
export type Meaning = keyof typeof meanings;
/** Padding that is left out of a pool is ignored. */
export type Fill = PaddingMode | "ignored";

const fills: Readonly<Record<Fill, readonly [one: string, several: string]>> = {
  zeros: [`counts as${NBSP}0`, `count as${NBSP}0`],
  reflect: ["mirrors the input", "mirror the input"],
  replicate: ["repeats the edge of the input", "repeat the edge of the input"],
  circular: ["wraps around to the other side", "wrap around to the other side"],
  ignored: ["does not count", "do not count"],
};
const activations: Readonly<Record<Activation, string>> = { relu: "ReLU", sigmoid: "The sigmoid", tanh: "The tanh" };

const counted = (count: number, one: string, several: string): string => (count === 1 ? one : count + several);
const span = (word: string, [low, high]: Span): string =>
  low === high ? `${word}${NBSP}${low}` : `${word}s${NBSP}${low}${NBSP}to${NBSP}${high}`;
const products = (count: number): string => counted(count, `one product is${NBSP}`, `${NBSP}products add up to${NBSP}`);
const values = (count: number, sum: string): string => counted(count, `one value is${NBSP}`, `${NBSP}values add up to${NBSP}`) + sum;

export const sentence = {
  window: (rows: Span, columns: Span) => `The window covers ${span("row", rows)} and ${span("column", columns)}.`,
  windowShort: (rows: Span, columns: Span) => `${capital(span("row", rows))}, ${span("column", columns)}.`,
  /** Before the sum. */
  sum: (count: number, meaning: Meaning | null) => `${meaning ? meanings[meaning] : "The"} ${products(count)}`,
  sumShort: (count: number, meaning: Meaning | null) =>
    meaning ? `${meanings[meaning].replace(" side", "")} sum is${NBSP}` : capital(products(count)),
  withBias: " with the bias",
  activationKeeps: (activation: Activation) => ` ${activations[activation]} keeps it.`,
  activationMakes: (activation: Activation, output: string) => ` ${activations[activation]} makes it${NBSP}${output}.`,
  largest: `The largest value is${NBSP}`,
  largestAt: (row: string, column: string) => `, at row${NBSP}${row} and column${NBSP}${column}`,
  /** Before the mean. */
  mean: (count: number, sum: string) => `Its ${values(count, sum)}; divided by${NBSP}${count} that is${NBSP}`,
  meanShort: (count: number, sum: string) => `${capital(values(count, sum))} ÷ ${count} =${NBSP}`,
  padding: (count: number, fill: Fill) => ` ${counted(count, `One cell is padding and ${fills[fill][0]}`, ` cells are padding and ${fills[fill][1]}`)}.`,
  beyond: (count: number) => ` ${counted(count, `One cell is beyond the padding and ${fills.ignored[0]}`, ` cells are beyond the padding and ${fills.ignored[1]}`)}.`,
  /** Of a transposed convolution, before the sum. */
  stamps: (cells: number, rows: Span, columns: Span, count: number) =>
    `${cells === 1 ? "The stamp of one cell reaches" : `The stamps of${NBSP}${cells} cells reach`} this output cell, ` +
    `from ${span("row", rows)} and ${span("column", columns)}. ${cells === 1 ? "Its" : "Their"} ${products(count)}`,
  noStamp: `No stamp reaches this output cell. It is${NBSP}`,
  noStampBias: `No stamp reaches this output cell. It is the bias,${NBSP}`,
  /** What an input cell of a transposed convolution does, `count` output cells of which are left. */
  stamp: (row: string, column: string, count: number, rows: Span, columns: Span) =>
    `The cell at row${NBSP}${row} and column${NBSP}${column} stamps ${counted(count, "one output cell", `${NBSP}output cells`)}, ` +
    `in ${span("row", rows)} and ${span("column", columns)}.`,
  stampCropped: (count: number) => ` ${counted(count, "One cell of its stamp is", `${NBSP}cells of its stamp are`)} cropped away.`,
  stampGone: (row: string, column: string) => `The whole stamp of the cell at row${NBSP}${row} and column${NBSP}${column} is cropped away.`,
  /** Of an input cell. */
  unread: (row: string, column: string) => `No window reads the cell at row${NBSP}${row} and column${NBSP}${column}.`,
  reads: (windows: number, row: string, column: string, rows: Span, columns: Span) =>
    `${counted(windows, "One window reads", `${NBSP}windows read`)} the cell at row${NBSP}${row} and column${NBSP}${column}, ` +
    `${windows === 1 ? "that" : "those"} of output ${span("row", rows)} and ${span("column", columns)}.`,
  readsPadding: (count: number) => ` ${counted(count, "One read goes", `${NBSP}reads go`)} through the padding.`,
  /** In so many of the windows of a max pool. */
  wins: (won: number, windows: number) => windows === 1
    ? ` It is ${won === 0 ? "not " : ""}the largest value there.`
    : ` It is the largest value in ${["none", "one"][won] ?? won} of them.`,
};
