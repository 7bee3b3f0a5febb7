/** What the marks on the pictures mean, and the ends of the output's colours as the server measured them. */
import { effect } from "@preact/signals-core";
import { NBSP, formatNumber } from "../format.ts";
import { type Shown, shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, query, refillAfter } from "./dom.ts";

const entry = (swatch: string, text: string): HTMLElement => make("span", {}, make("i", { class: `sw ${swatch}` }), text);

/** So many channels have a term of the sum each, which switches to them. */
const SWITCHED_BY_SUM = 4;

export function legends(): void {
  let strip: HTMLElement | null = null;
  effect(() => {
    const current = shown.value;
    if (!current) return;
    const { y, x, cellsNeverRead } = current.geometry;
    const words = text().stage.legend;
    const legend = query("#input-legend");
    const entries = [
      ...(y.padBefore + y.padAfter + x.padBefore + x.padAfter > 0 ? [entry("padding", words.padding(paddingDoes(current.asked)))] : []),
      ...(current.asked.source.kind !== "numbers" ? [entry("unread", words.unread)] : []),
      ...(y.leftover + x.leftover > 0 ? [entry("never", text().operations.leftOver(y.leftover, x.leftover))] : []),
      ...(y.overhang + x.overhang > 0 ? [entry("overhang", text().operations.overhang(y.overhang, x.overhang))] : []),
      ...(cellsNeverRead > 0 ? [entry("never", words.neverRead(formatNumber(cellsNeverRead)))] : []),
    ];
    if (strip && current.info.in_channels > SWITCHED_BY_SUM) refillAfter(legend, strip, ...entries);
    else legend.replaceChildren(...entries);
  });
  // Fetched with the first input of so many channels.
  effect(() => {
    if (strip || (shown.value?.info.in_channels ?? 0) <= SWITCHED_BY_SUM) return;
    import("./inputStrip.ts").then(({ inputStrip }) => {
      if (strip) return;
      strip = inputStrip();
      refillAfter(query("#input-legend"), strip, ...[...query("#input-legend").childNodes] as HTMLElement[]);
    }, () => undefined);
  });
  effect(() => {
    const current = shown.value;
    if (current) query("#output-legend").replaceChildren(ramp(current, state.palette.value), entry("unset", text().stage.legend.notComputed));
  });
}

function paddingDoes({ operation, countIncludePad, paddingMode }: state.Asked): string {
  const words = text().stage.legend;
  if (operation === "max_pool2d" || (operation === "avg_pool2d" && !countIncludePad)) return words.ignored;
  return words[operation === "avg_pool2d" ? "zeros" : paddingMode];
}

/** Also the full legend of the output popup. */
export function ramp({ scale }: Shown, palette: state.PaletteChoice): HTMLElement {
  const ends: Record<state.PaletteChoice, [string, string]> = {
    signed: [
      `${scale.minimum < -scale.signed ? `≤${NBSP}` : ""}${formatNumber(-scale.signed)}`,
      `${scale.maximum > scale.signed ? `≥${NBSP}` : "+"}${formatNumber(scale.signed)}`,
    ],
    min_max: [formatNumber(scale.minimum), formatNumber(scale.maximum)],
    clip: [`${scale.minimum < 0 ? `≤${NBSP}` : ""}0`, `${scale.maximum > 255 ? `≥${NBSP}` : ""}255`],
  };
  const [low, high] = ends[palette];
  return make("span", {}, make("em", {}, low), make("i", { class: `ramp ${palette === "signed" ? "signed" : "grey"}` }), make("em", {}, high));
}
