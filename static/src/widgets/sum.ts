/**
 * The sum line: what each channel adds, the bias, the result; of a pool the values it takes. The channel terms are the
 * channel switch, and where there are several output channels they lead the line.
 */
import { effect } from "@preact/signals-core";
import { textOn } from "../colour.ts";
import type { StampedCell } from "../api.ts";
import { TIMES, formatNumber } from "../format.ts";
import { outputColour } from "../palette.ts";
import { countedTaps } from "../pooled.ts";
import { guessed, hidden } from "../predict.ts";
import { questionOf } from "../sentence.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { contactStrip } from "./contactStrip.ts";
import { make, query, refill, refillAfter } from "./dom.ts";
import { GUESS_KEY, guessBox } from "./guess.ts";

/** More terms than this are shown by the largest of them, by magnitude. */
const MOST_TERMS = 4;

interface Term {
  readonly channel: number;
  readonly value: number;
  /** In the Tap cadence: nothing of this channel is multiplied yet. */
  readonly later: boolean;
}

/** What is on display: whole sums, or in the Tap cadence how far they have come. */
export interface Progress {
  readonly terms: readonly Term[];
  /** Of a pool: the values that count, in tap order. */
  readonly values: readonly number[];
  /** Before the activation, or the division. */
  readonly sum: number;
  readonly result: number;
  readonly whole: boolean;
}

export function progress(current: Shown): Progress | null {
  const here = detail.value;
  if (!here) return null;
  const taps = explanation.value;
  const upTo = state.cadence.value === "tap" && taps?.position === here.position ? state.tap.value : null;
  if (upTo === null || taps === null || upTo === taps.taps.length - 1) {
    const terms = Array.from(here.channelSums, (value, channel) => ({ channel, value, later: false }));
    return { terms, values: counted(current, Infinity), sum: here.sum, result: here.output, whole: true };
  }
  const values = counted(current, upTo);
  const perChannel = taps.taps.length / current.info.group_channels;
  const terms = taps.channel_sums.map((value, channel) => {
    const first = channel * perChannel;
    const whole = upTo >= first + perChannel - 1;
    const sofar = upTo < first ? 0 : (taps.taps[upTo]?.channel_partial_sum ?? 0);
    return { channel, value: whole ? value : sofar, later: upTo < first };
  });
  const sum = taps.taps[upTo]?.partial_sum ?? Math.max(-Infinity, ...values);
  return { terms, values, sum, result: sum, whole: false };
}

/** The values of a pool's window up to a tap, without those that do not count. */
function counted(current: Shown, upTo: number): number[] {
  const here = detail.value;
  return here ? countedTaps(current, here, upTo).map(({ value }) => value) : [];
}

export function sum(): void {
  const line = query("#sum");
  const strip = contactStrip();
  const fill = (current: Shown, ...parts: Node[]): void =>
    (current.info.out_channels > 1 ? refillAfter(line, strip, ...parts) : refill(line, ...parts));
  effect(() => {
    const current = shown.value;
    const stamp = detail.value?.stamp;
    if (current && stamp) {
      fill(current, ...stamps(current, stamp));
      return;
    }
    const now = current && progress(current);
    if (!current || !now) return;
    const { operation } = current.asked;
    fill(current,
      ...(operation === "max_pool2d" ? largest(now) : operation === "avg_pool2d" ? mean(now, detail.value?.divisor ?? 0) : sums(now, current)),
      hidden.value ? guessBox(current, productsOf(current)) : resultChip(now.result, current));
  });
}

/** While the result is to be predicted no sum on the way to it is said. */
const unlessHidden = (value: number): string => (hidden.value ? "?" : formatNumber(value));

function productsOf({ asked, geometry, info, sumScale }: Shown): number {
  const here = detail.value;
  return here ? questionOf({ asked, geometry, detail: here, taps: info.taps, scale: sumScale }).products : 0;
}

const sign = (said: string, name = ""): HTMLElement => make("span", { class: `sign${name}` }, said);
const flat = (word: string, value: string, kind = "value"): HTMLElement =>
  make("span", { class: `term ${kind}` }, ...(word ? [make("i", { class: "bias" }, word)] : []), ...(value ? [make("b", {}, value)] : []));

function sums(now: Progress, current: Shown): Node[] {
  const largest = [...now.terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST_TERMS);
  const visible = now.terms.filter((term) => largest.includes(term));
  const more = now.terms.length - visible.length;
  const { activation } = current.asked;
  return [
    ...visible.flatMap((term, index) => [...(index ? [sign("+")] : []), termButton(term, current, state.channel.value)]),
    ...(more > 0 ? [sign("+"), make("button", { class: "term", "data-key": "more", "data-action": "why" }, text().sum.more(more))] : []),
    sign("+", " bias-sign"), flat(text().sum.bias, formatNumber(current.asked.bias, 4), "flat"),
    ...(now.whole && activation ? [sign("="), flat("", unlessHidden(now.sum)), sign("→"), flat("", activation), sign("→")]
      : [sign(now.whole ? "=" : text().sum.soFar)]),
  ];
}

/** What one input cell stamps: its values, which are the channel switch, times the weights of each. */
function stamps({ info, firstChannel }: Shown, { values, stamp }: StampedCell): Node[] {
  const words = text().operations;
  const visible = values.length > MOST_TERMS ? [state.channel.value] : values.map((_, channel) => channel);
  const terms = visible.map((channel) => {
    const { tag, ink } = channelName(firstChannel + channel, info.in_channels);
    const value = formatNumber(values[channel] ?? 0);
    return make("button", {
      class: "term", "aria-pressed": channel === state.channel.value, "data-key": `channel ${channel}`,
      "data-action": "channel", "data-argument": channel, "aria-label": words.valueOf(tag, value),
    }, ...(ink === "sum" ? [] : [make("i", { class: `ink-${ink}` }, tag), " "]), make("b", {}, value));
  });
  const all = make("span", { id: "result", class: "result" }, String(stamp.length), make("span", { class: "wide" }, words.weights(stamp.length)));
  return [...terms, sign(TIMES), all];
}

/** Small windows value by value, large ones by how many there are; phones have room for the latter only. */
function listed(values: readonly number[], separator: string, all: HTMLElement): HTMLElement {
  if (values.length > MOST_TERMS) return make("span", { class: "values" }, all);
  const each = values.flatMap((value, index) => [...(index ? [sign(separator)] : []), flat("", formatNumber(value))]);
  return make("span", { class: "values" }, make("span", { class: "each" }, ...each), make("span", { class: "all" }, all));
}

function largest({ values, whole }: Progress): Node[] {
  return [sign("max ("), listed(values, text().sum.separator, flat(text().sum.of, String(values.length))), sign(")"), sign(whole ? "=" : text().sum.soFar)];
}

function mean({ values, sum, whole }: Progress, divisor: number): Node[] {
  const terms = listed(values, "+", flat(text().sum.sumOf(values.length), unlessHidden(sum)));
  return whole ? [sign("("), terms, sign(")"), sign("÷"), flat("", String(divisor)), sign("=")] : [terms, sign(text().sum.soFar)];
}

function termButton({ channel, value, later }: Term, { info, firstChannel }: Shown, chosen: number): HTMLElement {
  const { tag, ink } = channelName(firstChannel + channel, info.in_channels);
  const printed = unlessHidden(value);
  return make("button", {
    class: `term${later ? " later" : ""}`, "aria-pressed": channel === chosen, "data-key": `channel ${channel}`,
    "data-action": "channel", "data-argument": channel, "aria-label": text().sum.term(tag, hidden.value ? text().predict.hidden : printed),
  }, make("i", { class: `ink-${ink}` }, tag), " ", make("b", {}, printed));
}

function resultChip(value: number, { scale }: Shown): HTMLElement {
  const colour = outputColour(value, state.palette.value, scale, state.theme.value === "dark");
  const chip = make("span", {
    id: "result", class: "result", ...(guessed.value === null ? {} : { tabindex: -1, "data-key": GUESS_KEY }),
  }, formatNumber(value));
  chip.style.background = colour;
  chip.style.color = textOn(colour);
  return chip;
}
