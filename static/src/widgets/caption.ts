/** The sentence that says what just happened, and why the output has the shape it has. */
import { effect } from "@preact/signals-core";
import type { Explanation } from "../api.ts";
import { NBSP, TIMES, formatIndex, formatNumber } from "../format.ts";
import { type AxisGeometry, coordinates, taps } from "../geometry.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import type { Detail } from "../trace.ts";
import { make, query } from "./dom.ts";

/** What a filter measures, said for a result that is clearly positive, clearly negative, or about zero. */
const MEANINGS: Readonly<Record<string, readonly [string, string, string]>> = (() => {
  const across: readonly [string, string, string] = [
    "The right side is brighter than the left, so the", "The right side is darker than the left, so the", "Left and right are about equally bright, so the",
  ];
  const down: readonly [string, string, string] = [
    "It gets brighter going down, so the", "It gets darker going down, so the", "Above and below are about equally bright, so the",
  ];
  const centre: readonly [string, string, string] = [
    "The middle is brighter than what surrounds it, so the", "The middle is darker than what surrounds it, so the", "The middle is about as bright as what surrounds it, so the",
  ];
  const flipped = ([positive, negative, zero]: readonly [string, string, string]) => [negative, positive, zero] as const;
  return {
    sobel_x: across, prewitt_x: across, scharr_x: across, vertical_edge: flipped(across),
    sobel_y: down, prewitt_y: down, scharr_y: down, high_pass: centre,
  };
})();
/** Results within this share of the largest one are "about zero". */
const NEAR_ZERO = 0.04;

function meaning({ asked, scale }: Shown, value: number): string | null {
  const said = asked.filter === null ? undefined : MEANINGS[asked.filter];
  if (!said || asked.bias !== 0) return null;
  const near = Math.max(Math.abs(scale.minimum), Math.abs(scale.maximum)) * NEAR_ZERO;
  return value > near ? said[0] : value < -near ? said[1] : said[2];
}

/** Phones get the same sentence in fewer words. */
const narrow = matchMedia("(max-width: 559px)");

/** "rows 49 to 51", "row 50": what the window covers on one axis. */
function span(word: string, axis: AxisGeometry, position: number): string {
  const cells = taps(axis, position);
  const [low, high] = [formatIndex(cells[0] ?? 0), formatIndex(cells[cells.length - 1] ?? 0)];
  return low === high ? `${word}${NBSP}${low}` : `${word}s${NBSP}${low}${NBSP}to${NBSP}${high}`;
}

function windowSentence(current: Shown, here: Detail): (Node | string)[] {
  const { geometry, info } = current;
  const [row, column] = coordinates(geometry, here.position);
  const value = make("b", {}, formatNumber(here.sum));
  const padded = paddingCells(current, row, column);
  const [rows, columns] = [span("row", geometry.y, row), span("column", geometry.x, column)];
  const said = meaning(current, here.sum);
  const products = `${info.taps}${NBSP}products add up to `;
  const lead = narrow.matches
    ? `${rows.charAt(0).toUpperCase()}${rows.slice(1)}, ${columns}. ${said ? `${said.replace(" side", "")} sum is${NBSP}` : `${products}`}`
    : `The window covers ${rows} and ${columns}. ${said ?? "The"} ${products}`;
  return [
    lead, value, current.asked.bias === 0 ? "." : " with the bias.",
    ...(padded === 0 ? [] : [` ${padded === 1 ? "One cell is" : `${padded} cells are`} padding and count${padded === 1 ? "s" : ""} as${NBSP}0.`]),
  ];
}

function paddingCells({ geometry: { y, x } }: Shown, row: number, column: number): number {
  const inside = (axis: AxisGeometry, at: number): number => taps(axis, at).filter((cell) => cell >= 0 && cell < axis.inputSize).length;
  return y.kernelSize * x.kernelSize - inside(y, row) * inside(x, column);
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
