/** The sum line: what each channel adds, the bias, the result. The channel terms are the channel switch. */
import { effect } from "@preact/signals-core";
import { textOn } from "../colour.ts";
import { formatNumber } from "../format.ts";
import { outputColour } from "../palette.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { make, query, refill } from "./dom.ts";

/** More channels than this are shown by the largest of them, by magnitude. */
const MOST_TERMS = 4;

interface Term {
  readonly channel: number;
  readonly value: number;
  /** In the Tap cadence: nothing of this channel is multiplied yet. */
  readonly later: boolean;
}

/** What is on display: whole channel sums, or in the Tap cadence how far each channel has come. */
function progress(current: Shown): { terms: Term[]; result: number; whole: boolean } | null {
  const here = detail.value;
  if (!here) return null;
  const taps = explanation.value;
  if (state.cadence.value !== "tap" || taps?.position !== here.position) {
    const terms = Array.from(here.channelSums, (value, channel) => ({ channel, value, later: false }));
    return { terms, result: here.sum, whole: true };
  }
  const upTo = state.tap.value;
  const perChannel = taps.taps.length / current.info.in_channels;
  const terms = taps.channel_sums.map((value, channel) => {
    const first = channel * perChannel;
    const whole = upTo >= first + perChannel - 1;
    const sofar = upTo < first ? 0 : (taps.taps[upTo]?.channel_partial_sum ?? 0);
    return { channel, value: whole ? value : sofar, later: upTo < first };
  });
  const whole = upTo === taps.taps.length - 1;
  return { terms, result: whole ? taps.sum : (taps.taps[upTo]?.partial_sum ?? 0), whole };
}

export function sum(): void {
  const line = query("#sum");
  effect(() => {
    const current = shown.value;
    const now = current && progress(current);
    if (!current || !now) return;
    const channels = current.info.in_channels;
    const largest = [...now.terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST_TERMS);
    const visible = now.terms.filter((term) => largest.includes(term));
    const parts: (Node | string)[] = visible.flatMap((term, index) => [
      ...(index ? [make("span", { class: "sign" }, "+")] : []), termButton(term, channels, state.channel.value),
    ]);
    const hidden = now.terms.length - visible.length;
    if (hidden > 0) parts.push(make("span", { class: "sign" }, "+"), make("span", { class: "term flat" }, `${hidden} more`));
    parts.push(
      make("span", { class: "sign bias-sign" }, "+"),
      make("span", { class: "term flat" }, make("i", { class: "bias" }, "bias"), make("b", {}, formatNumber(current.asked.bias, 4))),
      make("span", { class: "sign" }, now.whole ? "=" : "so far"),
      resultChip(now.result, current),
    );
    refill(line, ...parts);
  });
}

function termButton({ channel, value, later }: Term, channels: number, chosen: number): HTMLElement {
  const { tag, ink } = channelName(channel, channels);
  const text = formatNumber(value);
  return make("button", {
    class: `term${later ? " later" : ""}`, "aria-pressed": channel === chosen, "data-key": `channel ${channel}`,
    "data-action": "channel", "data-argument": channel, "aria-label": `Channel ${tag}, partial sum ${text}`,
  }, make("i", { class: `ink-${ink}` }, tag), make("b", {}, text));
}

function resultChip(value: number, { scale }: Shown): HTMLElement {
  const colour = outputColour(value, state.palette.value, scale, state.theme.value === "dark");
  const chip = make("span", { id: "result", class: "result" }, formatNumber(value));
  chip.style.background = colour;
  chip.style.color = textOn(colour);
  return chip;
}
