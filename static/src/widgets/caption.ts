/** The sentence that says what just happened, and why the output has the shape it has. */
import { effect } from "@preact/signals-core";
import type { Explanation } from "../api.ts";
import { NBSP, TIMES, formatIndex, formatNumber } from "../format.ts";
import { sentenceOf } from "../sentence.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import type { Detail } from "../trace.ts";
import { make, query } from "./dom.ts";

/** Phones get the same sentence in fewer words. */
const narrow = matchMedia("(max-width: 559px)");

function windowSentence({ asked, info, geometry, scale }: Shown, { position, sum }: Detail): (Node | string)[] {
  const told = { geometry, position, filter: asked.filter, bias: asked.bias, products: info.taps, sum, scale };
  const [lead, value, rest] = sentenceOf(told, { short: narrow.matches });
  return [lead, make("b", {}, value), rest];
}

function tapSentence(current: Shown, taps: Explanation): (Node | string)[] {
  const index = state.tap.value;
  const tap = taps.taps[index];
  if (!tap) return [];
  const { word } = channelName(tap.channel, current.info.in_channels);
  const value = formatNumber(tap.value);
  return [
    `Tap${NBSP}${index + 1} of${NBSP}${taps.taps.length}${word ? `, ${word}` : ""}: the cell at row${NBSP}${formatIndex(tap.input_y)}, column${NBSP}${formatIndex(tap.input_x)} is${NBSP}${value}${tap.padding ? " (padding)" : ""}. `,
    `${value}${NBSP}${TIMES}${NBSP}${formatNumber(tap.weight, 3)} adds${NBSP}${formatNumber(tap.product)}. So${NBSP}far `,
    make("b", {}, formatNumber(tap.partial_sum)), ".",
  ];
}

export function caption(): void {
  effect(() => {
    const current = shown.value;
    const here = detail.value;
    if (!current || !here) return;
    const stepping = state.cadence.value === "tap" && explanation.value?.position === here.position ? explanation.value : null;
    query("#sentence").replaceChildren(...(stepping ? tapSentence(current, stepping) : windowSentence(current, here)));
  });
  effect(() => {
    const current = shown.value;
    if (current) query("#why").replaceChildren(...why(current));
  });
}

function why({ info: { geometry } }: Shown): Node[] {
  const { y, x, pads } = geometry;
  const same = y.formula === x.formula;
  const equation = (label: string, formula: string): Node => make("p", { class: "equation" }, make("span", {}, label), formula);
  const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
  return [
    make("h3", {}, `Why ${y.output_size} ${TIMES} ${x.output_size}?`),
    ...(same ? [equation("height, width", y.formula)] : [equation("height", y.formula), equation("width", x.formula)]),
    make("p", { class: "pads" },
      `pad top ${pads.top}, bottom ${pads.bottom}, left ${pads.left}, right ${pads.right}; left over ${plural(y.leftover, "row")}, ${plural(x.leftover, "column")}`),
  ];
}
