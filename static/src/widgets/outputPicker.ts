/** The output's colours: how values become ink, and how large the picture is. */
import { effect } from "@preact/signals-core";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { make, placePopup, query, refill, whetherOpen } from "./dom.ts";
import { ramp } from "./legends.ts";

const PALETTES = [
  ["signed", "Signed", "blue below 0, orange above"],
  ["min_max", "Min to max", "darkest to lightest"],
  ["clip", "Clip 0 to 255", "as an image would be saved"],
] as const;
const SIZES = [
  ["fit", "Fit", "as large as the input"],
  ["true", "True scale", "cells as large as the input's, so that a stride shows"],
] as const;

export function outputPicker(): void {
  const popup = query("#output-picker");
  const open = whetherOpen(popup);
  effect(() => {
    const current = shown.value;
    if (!open.value) return;
    const option = (action: string, argument: string, title: string, note: string, pressed: boolean): HTMLElement =>
      make("button", {
        type: "button", class: "option", "data-action": action, "data-argument": argument, "data-key": argument, "aria-pressed": pressed,
      }, make("b", {}, title), make("span", {}, note));
    refill(popup,
      make("h3", { id: "output-picker-heading" }, "Show values as"),
      ...PALETTES.map(([name, title, note]) => option("palette", name, title, note, name === state.palette.value)),
      ...(current ? [make("div", { class: "legend" }, ramp(current, state.palette.value))] : []),
      make("h3", {}, "Size"),
      ...SIZES.map(([name, title, note]) => option("output-size", name, title, note, name === state.outputSize.value)));
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState === "open") placePopup(popup, query("#output-button").getBoundingClientRect(), false);
  });
}
