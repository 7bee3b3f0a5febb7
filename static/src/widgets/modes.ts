/** Predict and Present: their buttons, and the way out of Present. */
import { effect } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import { closeOnEscape } from "../escape.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { query } from "./dom.ts";

export function modes(): void {
  const [predict, present, exit] = [query("#predict"), query("#present"), query("#exit")];
  effect(() => {
    const words = text().modes;
    predict.textContent = words.predict;
    predict.title = words.predictTitle;
    predict.setAttribute("aria-pressed", String(state.predicting.value));
    present.textContent = words.present;
    present.title = words.presentTitle;
    exit.textContent = words.exit;
    const on = state.presenting.value;
    const held = document.activeElement;
    exit.hidden = !on;
    // The button that was pressed is gone in the other mode.
    if (held === present || held === exit) (on ? exit : present).focus();
  });
  closeOnEscape("present", () => {
    const on = state.presenting.peek();
    if (on) act("present");
    return on;
  });
}
