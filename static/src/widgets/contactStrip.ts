/** The contact strip: every output channel in small, and which input channels feed it where that is not all of them. */
import { effect } from "@preact/signals-core";
import { secretFrom } from "../predict.ts";
import { type Shown, shown } from "../session.ts";
import { channelName, outChannelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, refill } from "./dom.ts";

/** More than this are one stop of the tab order, and scroll. */
const FEW = 4;
/** Thumbnails of more cells than this would take longer to come than to look at. */
const MOST_CELLS = 1 << 20;

/** Filled while there are several output channels. */
export function contactStrip(): HTMLElement {
  const strip = make("span", { class: "strip" });
  effect(() => {
    const current = shown.value;
    if (!current || current.info.out_channels === 1) return;
    const count = current.info.out_channels;
    const few = count <= FEW;
    strip.classList.toggle("many", !few);
    strip.setAttribute("role", few ? "group" : "radiogroup");
    strip.setAttribute("aria-label", text().sum.outputChannel);
    strip.title = text().sum.thumbnails;
    refill(strip, ...Array.from({ length: count }, (_, index) => frame(current, index, few)));
    // It may not stand in the page yet.
    requestAnimationFrame(() => {
      const chosen = strip.querySelector<HTMLElement>("[aria-checked=true]");
      if (chosen) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
    });
  });
  effect(() => {
    const current = shown.value;
    const look = { palette: state.palette.value, dark: state.theme.value === "dark", secretFrom: secretFrom.value };
    void text();
    if (!current || current.info.out_channels === 1 || current.info.out_channels * current.geometry.positions > MOST_CELLS) return;
    import("./thumbnails.ts").then(({ paint }) => paint(current, look, strip.querySelectorAll("canvas"))).catch(() => undefined);
  });
  return strip;
}

function frame(current: Shown, index: number, few: boolean): HTMLElement {
  const { info, asked, outChannel } = current;
  const { tag, ink } = outChannelName(index, info.out_channels, asked.operation);
  const chosen = index === outChannel;
  const inputs = feeding(current, index);
  const reads = inputs?.tag === tag ? null : inputs;
  const label = reads === null ? text().sum.outputChannelOf(tag) : text().operations.outputReads(tag, reads.tag);
  const begins = inputs !== null && index > 0 && inputs.first !== feeding(current, index - 1)?.first;
  const button = make("button", {
    class: "term", "data-key": `out ${index}`, "data-action": "out-channel", "data-argument": index, title: label,
    ...(few ? { "aria-pressed": chosen } : { role: "radio", "aria-checked": chosen, tabindex: chosen ? 0 : -1 }),
    "aria-label": label,
  }, make("span", { class: "film" }, make("canvas", { class: "thumb", width: 0, height: 0, "aria-hidden": "true" }),
    ...(inputs === null ? [] : [feeds(inputs, info)])), make("i", { class: `ink-${ink}` }, tag));
  button.classList.toggle("begins", begins);
  return button;
}

interface Feeding {
  readonly tag: string;
  /** CSS class suffix of its ink, where it is one channel. */
  readonly ink: string;
  readonly first: number;
}

/** The input channels that an output channel reads; null where it reads them all. */
function feeding({ info: { in_channels, group_channels, out_channels } }: Shown, index: number): Feeding | null {
  if (group_channels === in_channels) return null;
  const first = Math.floor((index * in_channels) / group_channels / out_channels) * group_channels;
  const { tag, ink } = channelName(first, in_channels);
  return group_channels === 1 ? { tag, ink, first } : { tag: `${tag}–${channelName(first + group_channels - 1, in_channels).tag}`, ink: "plain", first };
}

/** All input channels in a row, those that are read filled: which part of the input comes here. */
function feeds({ first, ink }: Feeding, { in_channels, group_channels }: Shown["info"]): HTMLElement {
  const bar = make("b", { class: `ink-${ink}` });
  bar.style.left = `${(100 * first) / in_channels}%`;
  bar.style.width = `${(100 * group_channels) / in_channels}%`;
  const row = make("span", { class: "feeds", "aria-hidden": "true" }, bar);
  row.style.setProperty("--channel", `${100 / in_channels}%`);
  return row;
}
