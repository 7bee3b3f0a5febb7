/** The other ways to the same output, each of which opens in the stage's place. */
import { effect } from "@preact/signals-core";
import { isPool, isTransposed } from "../asked.ts";
import { shown } from "../session.ts";
import type { OperationType, Way } from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";

/** Those there may be; whether there are is the server's to say. */
function waysOf(operation: OperationType): readonly Way[] {
  if (isPool(operation)) return [];
  return isTransposed(operation) ? ["transposed_as_convolution", "turned"]
    : ["zero_stuffed", "space_to_batch", "im2col", "separable", "turned", "depthwise_pointwise"];
}

export const showWays = (section: HTMLElement): (() => void) => effect(() => {
  const current = shown.value;
  if (!current) return;
  const words = later().ways;
  const ways = waysOf(current.asked.operation);
  refill(section, make("h3", {}, words.title), ...(ways.length === 0 ? [make("p", { class: "note" }, words.pool)] : [
    make("p", { class: "note" }, words.intro),
    make("div", { class: "row" }, ...ways.map((way) => make("button", { class: "button small", "data-action": "way", "data-argument": way, "data-key": `way ${way}` }, words.names[way] ?? way))),
  ]));
});
