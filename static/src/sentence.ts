/**
 * What happens at one position, as a sentence. Word for word what app/services/sentences.py says;
 * tests/golden/sentences.json holds both to it.
 */
import { biasOf, isPool } from "./asked.ts";
import { NBSP, formatIndex, formatNumber } from "./format.ts";
import { type AxisGeometry, type Geometry, coordinates, taps } from "./geometry.ts";
import type { Activation, Asked, PaddingMode } from "./state.ts";
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

type Meaning = readonly [positive: string, negative: string, zero: string];
type Parts = readonly [lead: string, value: string, rest: string];

/** What a filter measures, said for a result that is clearly positive, clearly negative, or about zero. */
const MEANINGS: Readonly<Record<string, Meaning>> = (() => {
  const across: Meaning = [
    "The right side is brighter than the left, so the",
    "The right side is darker than the left, so the",
    "Left and right are about equally bright, so the",
  ];
  const down: Meaning = [
    "It gets brighter going down, so the",
    "It gets darker going down, so the",
    "Above and below are about equally bright, so the",
  ];
  const centre: Meaning = [
    "The middle is brighter than what surrounds it, so the",
    "The middle is darker than what surrounds it, so the",
    "The middle is about as bright as what surrounds it, so the",
  ];
  const flipped = ([positive, negative, zero]: Meaning): Meaning => [negative, positive, zero];
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

/** What padding cells do, said of one and of several. */
const PADDING: Readonly<Record<PaddingMode | "ignored", readonly [one: string, several: string]>> = {
  zeros: [`counts as${NBSP}0`, `count as${NBSP}0`],
  reflect: ["mirrors the input", "mirror the input"],
  replicate: ["repeats the edge of the input", "repeat the edge of the input"],
  circular: ["wraps around to the other side", "wrap around to the other side"],
  ignored: ["does not count", "do not count"],
};
const ACTIVATIONS: Readonly<Record<Activation, string>> = { relu: "ReLU", sigmoid: "The sigmoid", tanh: "The tanh" };

/** What comes before the number, the number, and the rest. `short`: the same in fewer words, for a phone. */
export function sentenceOf(told: Told, { short = false } = {}): Parts {
  const { asked, geometry, detail } = told;
  const [row, column] = coordinates(geometry, detail.position);
  const [rows, columns] = [span("row", geometry.y, row), span("column", geometry.x, column)];
  const where = short ? `${capital(rows)}, ${columns}.` : `The window covers ${rows} and ${columns}.`;
  const [lead, value, rest] =
    asked.operation === "max_pool2d" ? largest(told) : asked.operation === "avg_pool2d" ? mean(told, short) : sum(told, short);
  return [`${where} ${lead}`, value, rest + padding(told, row, column)];
}

function sum(told: Told, short: boolean): Parts {
  const { asked, detail } = told;
  const said = meaning(told);
  const products = counted(told.taps, `one product is${NBSP}`, `${NBSP}products add up to${NBSP}`);
  const lead = !short ? `${said ?? "The"} ${products}` : said ? `${said.replace(" side", "")} sum is${NBSP}` : capital(products);
  return [lead, formatNumber(detail.sum), `${biasOf(asked) === 0 ? "" : " with the bias"}.${activated(told)}`];
}

function activated({ asked: { activation }, detail: { sum, output } }: Told): string {
  if (activation === null) return "";
  const kept = activation === "relu" && output === sum;
  return ` ${ACTIVATIONS[activation]} ${kept ? "keeps it" : `makes it${NBSP}${formatNumber(output)}`}.`;
}

function largest({ detail: { output, argmax } }: Told): Parts {
  const where = argmax && `, at row${NBSP}${formatIndex(argmax[0])} and column${NBSP}${formatIndex(argmax[1])}`;
  return [`The largest value is${NBSP}`, formatNumber(output), `${where ?? ""}.`];
}

function mean({ detail: { sum, output, divisor } }: Told, short: boolean): Parts {
  const values = counted(divisor ?? 0, `one value is${NBSP}`, `${NBSP}values add up to${NBSP}`) + formatNumber(sum);
  const divided = short ? ` ÷ ${divisor} =${NBSP}` : `; divided by${NBSP}${divisor} that is${NBSP}`;
  return [`${short ? capital(values) : `Its ${values}`}${divided}`, formatNumber(output), "."];
}

function meaning({ asked, asked: { filter, flipKernel }, detail: { sum }, scale }: Told): string | null {
  const said = filter === null ? undefined : MEANINGS[filter];
  if (!said || flipKernel || biasOf(asked) !== 0) return null;
  const near = Math.max(Math.abs(scale.minimum), Math.abs(scale.maximum)) * NEAR_ZERO;
  return sum > near ? said[0] : sum < -near ? said[1] : said[2];
}

/** "rows 49 to 51", "row 50": what the window covers on one axis. */
function span(word: string, axis: AxisGeometry, position: number): string {
  const cells = taps(axis, position);
  const [low, high] = [formatIndex(cells[0] ?? 0), formatIndex(cells[cells.length - 1] ?? 0)];
  return low === high ? `${word}${NBSP}${low}` : `${word}s${NBSP}${low}${NBSP}to${NBSP}${high}`;
}

/** What the cells of the window that lie outside of the input do there. */
function padding({ asked, geometry: { y, x } }: Told, row: number, column: number): string {
  const within = (axis: AxisGeometry, at: number, before: number, after: number): number =>
    taps(axis, at).filter((cell) => cell >= -before && cell < axis.inputSize + after).length;
  const cells = y.kernelSize * x.kernelSize;
  const padded = cells - within(y, row, 0, 0) * within(x, column, 0, 0);
  if (!isPool(asked.operation)) return told(padded, "padding", y.paddingMode);
  if (asked.operation === "max_pool2d" || !asked.countIncludePad) return told(padded, "padding", "ignored");
  const beyond = cells - within(y, row, y.padBefore, y.padAfter) * within(x, column, x.padBefore, x.padAfter);
  return told(padded - beyond, "padding", "zeros") + told(beyond, "beyond the padding", "ignored");

  function told(count: number, where: string, what: PaddingMode | "ignored"): string {
    const [one, several] = PADDING[what];
    return count === 0 ? "" : ` ${counted(count, `One cell is ${where} and ${one}`, ` cells are ${where} and ${several}`)}.`;
  }
}

const counted = (count: number, one: string, several: string): string => (count === 1 ? one : count + several);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
