/** The sentence that says what just happened, and why the output has the shape it has. */
import { effect } from "@preact/signals-core";
import { isPool } from "../asked.ts";
import type { Explanation } from "../api.ts";
import { formatIndex, formatNumber } from "../format.ts";
import { asksNumber, guessed, hidden } from "../predict.ts";
import { questionOf, sentenceOf, stampSentence } from "../sentence.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import type { Detail } from "../trace.ts";
import { make, query, refill } from "./dom.ts";

/** Phones get the same sentence in fewer words. */
const narrow = matchMedia("(max-width: 559px)");

/** The sentence about a position; in the Tap cadence about the tap. */
export function said(current: Shown, here: Detail, short = false): (Node | string)[] {
  if (here.stamp) return [state.cadence.value === "tap" ? stampTap(current, here) : stampSentence(here.stamp)];
  const stepping = state.cadence.value === "tap" && explanation.value?.position === here.position ? explanation.value : null;
  if (stepping) return tapSentence(current, stepping);
  return hidden.value ? [question(current, here, short)] : [...verdict(current, here), ...windowSentence(current, here, short)];
}

function windowSentence({ asked, info, geometry, sumScale }: Shown, here: Detail, short: boolean): (Node | string)[] {
  const told = { asked, geometry, detail: here, taps: info.taps, scale: sumScale };
  const [lead, value, rest] = sentenceOf(told, { short });
  return [lead, make("b", {}, value), rest];
}

function question(current: Shown, here: Detail, short: boolean): string {
  const { asked, info, geometry, sumScale } = current;
  const { where, products } = questionOf({ asked, geometry, detail: here, taps: info.taps, scale: sumScale }, { short });
  const words = text().predict;
  const bias = asked.bias !== 0;
  const asks = asked.operation === "max_pool2d" ? words.largest
    : asked.operation === "avg_pool2d" ? words.mean(here.divisor ?? 0)
    : products === 0 ? words.nothing
    : asksNumber(current, products) ? words.sum(products, bias) : words.sign(products, bias);
  return `${where} ${asks}`.trim();
}

/** "You said positive. It is 1,525." Without praise: what matters is why. */
function verdict({ asked }: Shown, here: Detail): (Node | string)[] {
  const guess = guessed.value;
  if (guess === null) return [];
  const words = text().predict;
  const result = isPool(asked.operation) ? here.output : here.sum;
  return [words.said(typeof guess === "number" ? formatNumber(guess) : words[guess]), make("b", {}, formatNumber(result)), ". "];
}

/** What a sum has come to is no secret while nothing is to be predicted. */
const soFar = (value: number): HTMLElement => make("b", {}, hidden.value ? "?" : formatNumber(value));

function tapSentence(current: Shown, taps: Explanation): (Node | string)[] {
  const index = state.tap.value;
  const tap = taps.taps[index];
  if (!tap) return [];
  const { word } = channelName(tap.channel, current.info.in_channels);
  const words = text().caption;
  const value = tap.value === null ? words.empty : formatNumber(tap.value);
  const which = words.tap(index + 1, taps.taps.length, word);
  if (tap.input_y === null || tap.input_x === null || (tap.padding && current.geometry.y.crop !== null)) {
    const { tapBetween, tapOutside } = text().operations;
    return [(tap.stuffed ? tapBetween : tapOutside)(which), soFar(tap.partial_sum ?? 0), "."];
  }
  const lead = [`${which}: ${words.tapCell(formatIndex(tap.input_y), formatIndex(tap.input_x), value)}${tap.padding ? words.padding : ""}. `];
  if (tap.partial_sum === null) {
    const values = taps.taps.slice(0, index + 1).map((one) => one.value ?? -Infinity);
    return [...lead, words.largestSoFar, soFar(Math.max(...values)), "."];
  }
  if (tap.weight !== null && tap.product !== null)
    lead.push(words.adds(value, formatNumber(tap.weight, 3), formatNumber(tap.product)));
  return [...lead, words.soFar, soFar(tap.partial_sum), "."];
}

/** One product of a stamp, and where it falls. */
function stampTap({ info }: Shown, { stamp: cell, products }: Detail): string {
  const words = text().operations;
  const each = info.taps / info.group_channels;
  const index = Math.min(state.tap.value, info.taps - 1);
  const channel = Math.floor(index / each);
  const one = cell?.stamp[index % each];
  if (!cell || !one) return "";
  const which = text().caption.tap(index + 1, info.taps, channelName(channel, info.in_channels).word);
  const numbers = [cell.values[channel] ?? 0, one.weights[channel] ?? 0, products[index] ?? 0].map((value) => formatNumber(value, 3)) as [string, string, string];
  return one.position === null ? words.tapCropped(which, ...numbers)
    : words.tapFalls(which, ...numbers, formatIndex(one.output_y), formatIndex(one.output_x));
}

export function caption(): void {
  effect(() => {
    const current = shown.value;
    const here = detail.value;
    if (!current || !here) return;
    query("#sentence").replaceChildren(...said(current, here, narrow.matches));
  });
  effect(() => query(".hint").replaceChildren(...withKeys(text().caption.hint)));
  effect(() => {
    const current = shown.value;
    if (current) refill(query("#why"), ...why(current));
  });
}

/** What stands in braces is a key. */
const withKeys = (said: string): (Node | string)[] =>
  said.split(/[{}]/).map((part, index) => (index % 2 === 1 ? make("kbd", {}, part) : part)).filter((part) => part !== "");

function why({ info: { geometry } }: Shown): Node[] {
  const { y, x, pads } = geometry;
  const same = y.formula === x.formula;
  const equation = (label: string, formula: string): Node => make("p", { class: "equation" }, make("span", {}, label), formula);
  const words = text().caption;
  return [
    make("h3", {}, make("button", { class: "leads", "data-action": "why", "data-key": "why", "aria-controls": "drawer" }, words.why(y.output_size, x.output_size))),
    ...(same ? [equation(words.both, y.formula)] : [equation(words.height, y.formula), equation(words.width, x.formula)]),
    make("p", { class: "pads" }, "full_size" in y || "full_size" in x
      ? text().operations.cropped(pads.top, pads.bottom, pads.left, pads.right)
      : `${words.pads(pads.top, pads.bottom, pads.left, pads.right)}; ${words.leftOver(y.leftover, x.leftover)}`),
  ];
}
