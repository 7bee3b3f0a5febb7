/** What is said to those who do not see it: where a step by hand has gone, and what a change of the call has made. */
import { effect, untracked } from "@preact/signals-core";
import { pageNow } from "../address.ts";
import { formatNumber } from "../format.ts";
import { sidesOf } from "../geometry.ts";
import { guessed, hidden } from "../predict.ts";
import { type Shown, detail, shown } from "../session.ts";
import * as state from "../state.ts";
import { capital } from "../text/parts.ts";
import { text } from "../text/text.ts";
import { type Known, nameOfChange } from "../url.ts";
import { query } from "./dom.ts";

/** After every widget that writes what it reads out. */
export function spoken(known: Known): void {
  const live = query("#live");
  let before: Shown | null = null;
  effect(() => {
    const current = shown.value;
    // Never during play.
    if (state.playing.value || !current || !detail.value) return;
    void [text(), state.cadence.value, state.tap.value, hidden.value, guessed.value];
    const place = `${query("#readout b").textContent ?? ""}. ${query("#sentence").textContent ?? ""}`;
    const change = before && current.asked !== before.asked ? untracked(() => changeOf(current, before as Shown, known)) : null;
    before = current;
    live.textContent = change ?? place;
  });
}

/** "Stride 2. Output 32 by 32. Padding bottom 1, right 1." */
function changeOf(current: Shown, before: Shown, known: Known): string | null {
  const name = nameOfChange(pageNow(current.asked), pageNow(before.asked), known);
  if (name === null) return null;
  const words = text().spoken;
  const { y, x } = current.geometry;
  const [top, bottom, left, right] = sidesOf(current.geometry);
  const sides = Object.entries({ top, bottom, left, right }).flatMap(([side, cells]) =>
    (cells === 0 ? [] : [`${words[side as "top"]} ${formatNumber(cells)}`]));
  return [
    `${capital(name)}.`, words.output(y.outputSize, x.outputSize),
    ...(current.geometry.y.crop !== null ? [] : [sides.length > 0 ? words.padding(sides.join(", ")) : words.noPadding]),
  ].join(" ");
}
