/** What the marks on the pictures mean, and the ends of the output's colours as the server measured them. */
import { effect } from "@preact/signals-core";
import { NBSP, formatNumber } from "../format.ts";
import { type Shown, shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, query } from "./dom.ts";

const entry = (swatch: string, text: string): HTMLElement => make("span", {}, make("i", { class: `sw ${swatch}` }), text);

export function legends(): void {
  effect(() => {
    const current = shown.value;
    if (!current) return;
    const { y, x, cellsNeverRead } = current.geometry;
    const words = text().stage.legend;
    query("#input-legend").replaceChildren(
      ...(y.padBefore + y.padAfter + x.padBefore + x.padAfter > 0 ? [entry("padding", words.padding(paddingDoes(current.asked)))] : []),
      ...(current.asked.source.kind === "picture" ? [entry("unread", words.unread)] : []),
      ...(y.leftover + x.leftover > 0 ? [entry("never", text().operations.leftOver(y.leftover, x.leftover))] : []),
      ...(y.overhang + x.overhang > 0 ? [entry("overhang", text().operations.overhang(y.overhang, x.overhang))] : []),
      ...(cellsNeverRead > 0 ? [entry("never", words.neverRead(formatNumber(cellsNeverRead)))] : []),
    );
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
