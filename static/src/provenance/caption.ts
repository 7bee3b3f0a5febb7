/** What is traced, in the place of the playhead's sentence: the words, and each use as a button that goes there. */
import { effect } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import type { ReadOfCell } from "../api.ts";
import { tapColour } from "../colour.ts";
import { NBSP, TIMES, formatNumber } from "../format.ts";
import { said } from "../history.ts";
import { secretFrom } from "../predict.ts";
import { turned } from "../provenance.ts";
import { detail } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import type { Detail } from "../trace.ts";
import { make, query, refill } from "../widgets/dom.ts";
import { weightsUnder } from "../weights.ts";
import { type Answer, answer } from "./answer.ts";
import { weightText } from "./marks.ts";
import { told } from "./told.ts";

/** Buttons; beyond them there is a count. */
const MOST_USES = 25;

export function caption(): void {
  const sentence = query("#sentence");
  const words = make("p", { class: "say" });
  const uses = make("div", { class: "uses", role: "group" });
  const close = make("button", { class: "button quiet small" }, "✕");
  close.addEventListener("click", () => { state.pinned.value = null; });
  const place = make("div", { class: "traced", id: "traced", hidden: true }, words, close, uses);
  sentence.parentElement?.append(place);
  effect(() => {
    const said = text().tracing;
    uses.setAttribute("aria-label", said.uses);
    close.setAttribute("aria-label", said.stop);
    close.title = said.stop;
  });
  let spoken = "";
  effect(() => {
    const [now, here] = [answer.value, detail.value];
    const what = now && here ? told(now, here, state.channel.value, secretFrom.value) : "";
    place.hidden = what === "";
    if (!now || !here || what === "") {
      spoken = "";
      return;
    }
    const pinned = state.pinned.value;
    words.textContent = what;
    close.hidden = pinned === null;
    const buttons = usesOf(now, here, state.channel.value, state.theme.value === "dark");
    uses.hidden = buttons.length === 0;
    refill(uses, ...buttons);
    // A pointer that passes says nothing; what is pinned is told.
    if (pinned && JSON.stringify(pinned.what) === JSON.stringify(now.what) && what !== spoken) said.value = { text: spoken = what };
  });
  place.addEventListener("click", (event) => {
    const position = (event.target as Element).closest<HTMLElement>("[data-position]")?.dataset.position;
    if (position === undefined) return;
    const pinned = state.pinned.peek();
    const what = answer.peek()?.what;
    if (what) state.pinned.value = { what: pinned?.what ?? what, at: Number(position), byKeys: pinned?.byKeys ?? false };
    act("go-to", position);
  });
}

function usesOf(now: Answer, here: Detail, channel: number, dark: boolean): (Node | string)[] {
  const { what, cell, current } = now;
  const { y, x } = current.geometry;
  if (what.kind === "weight") return now.current.info.group_channels > 1 ? products(now, turned(current.geometry, what.place), here, channel) : [];
  const reads = what.kind === "input" ? (cell?.reads ?? []) : [];
  const more = reads.length - MOST_USES;
  return [
    ...reads.slice(0, MOST_USES).map((read) => use(read, channel, tapColour(read.kernel_y, read.kernel_x, y.kernelSize, x.kernelSize, dark), here.position)),
    ...(more > 0 ? [make("span", {}, text().tracing.more(formatNumber(more)))] : []),
  ];
}

function use(read: ReadOfCell, channel: number, colour: string, position: number): HTMLElement {
  const weight = weightText(read, channel, secretFrom.value);
  const button = make("button", {
    class: "use", "data-position": read.position, "data-key": `use ${read.position} ${read.kernel_y} ${read.kernel_x}`,
    "aria-current": read.position === position ? "true" : null, title: text().tracing.use(read.y, read.x, ""),
    "aria-label": text().tracing.use(read.y, read.x, weight ?? ""),
  }, weight ?? "–");
  button.style.borderBottomColor = colour;
  return button;
}

/** One weight for all channels is used once in each. */
function products({ current }: Answer, tap: number, here: Detail, channel: number): Node[] {
  const taps = current.geometry.y.kernelSize * current.geometry.x.kernelSize;
  const { group_channels: count, in_channels: channels } = current.info;
  return Array.from({ length: Math.min(count, MOST_USES) }, (_, index) => {
    const { tag, ink } = channelName(current.firstChannel + index, channels);
    const at = index * taps + tap;
    const weight = weightsUnder(current, index)?.[tap];
    const value = formatNumber(here.window[at] ?? 0);
    const product = weight === undefined ? value : `${value}${NBSP}${TIMES}${NBSP}${formatNumber(weight, 3)} = ${formatNumber(here.products[at] ?? 0)}`;
    return make("button", {
      class: "use", "data-action": "channel", "data-argument": index, "data-key": `use channel ${index}`, "aria-pressed": index === channel,
      "aria-label": text().tracing.product(tag, product),
    }, make("i", { class: `ink-${ink}` }, tag), " ", product);
  });
}
