/** The output's colours: how values become ink, and how large the picture is. */
import { effect } from "@preact/signals-core";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, placePopup, query, refill, whetherOpen } from "./dom.ts";
import { ramp } from "./legends.ts";

const PALETTES = ["signed", "min_max", "clip"] as const;
const SIZES = ["fit", "true"] as const;

export function outputPicker(): void {
  const popup = query("#output-picker");
  const open = whetherOpen(popup);
  effect(() => {
    const current = shown.value;
    if (!open.value) return;
    const words = text().output;
    const option = (action: string, argument: string, title: string, note: string, pressed: boolean): HTMLElement =>
      make("button", {
        type: "button", class: "option", "data-action": action, "data-argument": argument, "data-key": argument, "aria-pressed": pressed,
      }, make("b", {}, title), make("span", {}, note));
    refill(popup,
      make("h3", { id: "output-picker-heading" }, words.heading),
      ...PALETTES.map((name) => option("palette", name, words.palettes[name], words.paletteNotes[name], name === state.palette.value)),
      ...(current ? [make("div", { class: "legend" }, ramp(current, state.palette.value))] : []),
      ...(current && current.info.out_channels > 1 ? [make("p", { class: "note" }, `${text().sum.thumbnails}.`)] : []),
      make("h3", {}, words.size),
      ...SIZES.map((name) => option("output-size", name, words.sizes[name], words.sizeNotes[name], name === state.outputSize.value)));
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState === "open") placePopup(popup, query("#output-button").getBoundingClientRect(), false);
  });
}
