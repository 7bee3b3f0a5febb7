/** From which side a transposed convolution is seen: it stands beside the kernel, where there is one. */
import { effect } from "@preact/signals-core";
import { isTransposed } from "../asked.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, query, refill } from "./dom.ts";

export function stampSwitch(): void {
  const place = query("#stamp-switch");
  effect(() => {
    const current = shown.value;
    const words = text().operations;
    place.hidden = !current || !isTransposed(current.asked.operation);
    if (place.hidden) return;
    place.setAttribute("aria-label", words.seen);
    const side = (on: boolean, name: string, note: string): HTMLElement => {
      const checked = state.stamping.value === on;
      return make("button", {
        type: "button", role: "radio", "aria-checked": checked, tabindex: checked ? 0 : -1, title: note, "data-key": `stamping ${on}`,
        "data-action": "stamping", "data-argument": String(on),
      }, name);
    };
    refill(place, side(false, words.gather, words.gatherNote), side(true, words.scatter, words.scatterNote));
  });
}
