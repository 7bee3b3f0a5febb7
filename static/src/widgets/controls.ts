/** Plain controls: the parameters of the call in other words. The same state. */
import { effect } from "@preact/signals-core";
import { currentSides } from "../actions/operation.ts";
import { act } from "../actions/index.ts";
import { formatNumber, parseNumber } from "../format.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { make, query, refill } from "./dom.ts";

function stepper(label: string, value: number, name: string, action: string, argument: (next: number) => string, least: number, most: number): HTMLElement {
  const button = (text: string, word: string, next: number): HTMLElement =>
    make("button", {
      type: "button", "data-key": `${name} ${word}`, "aria-label": `${name}: ${word}`, disabled: next < least || next > most,
      "data-action": action, "data-argument": argument(next),
    }, text);
  return make("div", { class: "field" }, make("span", {}, label),
    make("div", { class: "stepper" }, button("−", "less", value - 1), make("output", {}, String(value)), button("+", "more", value + 1)));
}

const group = (name: string, ...fields: HTMLElement[]): HTMLElement =>
  make("div", { class: "group", role: "group", "aria-label": name }, make("span", { class: "name" }, name), make("div", { class: "fields" }, ...fields));

function pairGroup(legend: string, field: "strides" | "dilations", [down, across]: state.Pair): HTMLElement {
  const one = (label: string, axis: number, value: number): HTMLElement =>
    stepper(label, value, `${legend}, ${label}`, field, (next) => `${axis} ${next}`, 1, state.LARGEST_STEP);
  return group(legend, one("down", 0, down), one("across", 1, across));
}

function edges(padding: state.Padding): HTMLElement {
  const custom = typeof padding !== "string";
  const choice = (argument: string, text: string, checked: boolean): HTMLElement =>
    make("button", {
      type: "button", role: "radio", "data-key": `edges ${argument}`, "aria-checked": checked, tabindex: checked ? 0 : -1,
      "data-action": "padding", "data-argument": argument,
    }, text);
  const rule = make("div", { class: "segments", role: "radiogroup", "aria-label": "Edges" },
    choice("SAME", "Pad with zeros", padding === "SAME"),
    choice("VALID", "Stay inside", padding === "VALID"),
    choice("custom", "Custom sides", custom));
  if (!custom) return group("Edges", rule);
  const sides = currentOr(padding).flat();
  return group("Edges", rule, ...["top", "bottom", "left", "right"].map((label, at) =>
    stepper(label, sides[at] ?? 0, `Padding ${label}`, "sides", (next) => `${next} ${at}`, 0, 99)));
}

const currentOr = (padding: state.Padding): state.Sides => (typeof padding === "string" ? currentSides() : padding);

function bias(value: number): HTMLElement {
  const input = make("input", { type: "text", inputmode: "decimal", value: formatNumber(value, 6), "data-key": "bias", "aria-label": "Bias", id: "bias" });
  input.addEventListener("change", () => {
    const parsed = parseNumber(input.value);
    if (parsed === null) input.value = formatNumber(value, 6);
    else act("bias", String(parsed));
  });
  return group("Bias", make("div", { class: "field" }, input));
}

export function controls(): void {
  const form = query<HTMLFormElement>("#controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  effect(() => {
    const open = state.controlsOpen.value;
    form.hidden = !open;
    document.body.classList.toggle("controls-open", open);
    query("#controls-button").textContent = open ? "Hide controls" : "Plain controls";
    for (const button of document.querySelectorAll("[data-action=controls]")) button.setAttribute("aria-expanded", String(open));
    // On phones the controls are a sheet that stands on the transport, whatever its height is just now.
    form.style.setProperty("--transport", `${query(".transport").offsetHeight}px`);
  });
  effect(() => {
    const asked = state.asked.value;
    if (!asked || !shown.value || !state.controlsOpen.value) return;
    refill(form,
      pairGroup("Step between windows", "strides", asked.strides),
      edges(asked.padding),
      pairGroup("Gap between taps", "dilations", asked.dilations),
      bias(asked.bias));
  });
}
