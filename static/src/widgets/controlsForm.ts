/** What is in the plain controls; fetched when somebody first opens them. */
import { effect } from "@preact/signals-core";
import { isPool, isTransposed } from "../asked.ts";
import { currentSides } from "../actions/operation.ts";
import { act } from "../actions/index.ts";
import { formatNumber, parseNumber } from "../format.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, refill } from "./dom.ts";
import { languageChoice } from "./language.ts";

function stepper(label: string, value: number, name: string, action: string, argument: (next: number) => string, least: number, most: number): HTMLElement {
  const { less, more } = text().controls;
  const button = (sign: string, word: string, next: number): HTMLElement =>
    make("button", {
      type: "button", "data-key": `${action} ${argument(NaN)} ${sign}`, "aria-label": `${name}: ${word}`, disabled: next < least || next > most,
      "data-action": action, "data-argument": argument(next),
    }, sign);
  return make("div", { class: "field" }, make("span", {}, label),
    make("div", { class: "stepper" }, button("−", less, value - 1), make("output", {}, String(value)), button("+", more, value + 1)));
}

const group = (name: string, ...fields: HTMLElement[]): HTMLElement =>
  make("div", { class: "group", role: "group", "aria-label": name }, make("span", { class: "name" }, name), make("div", { class: "fields" }, ...fields));

function pairGroup(legend: string, field: "strides" | "dilations" | "kernelSize", [down, across]: state.Pair): HTMLElement {
  const most = field === "kernelSize" ? state.LARGEST_KERNEL : state.LARGEST_STEP;
  const one = (label: string, axis: number, value: number): HTMLElement =>
    stepper(label, value, `${legend}, ${label}`, field, (next) => `${axis} ${next}`, 1, most);
  return group(legend, one(text().controls.down, 0, down), one(text().controls.across, 1, across));
}

type Option = readonly [argument: string, title: string];

function radios(name: string, action: string, chosen: string, options: readonly Option[]): HTMLElement {
  return make("div", { class: "segments", role: "radiogroup", "aria-label": name }, ...options.map(([argument, title]) =>
    make("button", {
      type: "button", role: "radio", "data-key": `${action} ${argument}`, "aria-checked": argument === chosen, tabindex: argument === chosen ? 0 : -1,
      "data-action": action, "data-argument": argument,
    }, title)));
}

const SIDES = ["top", "bottom", "left", "right"] as const;

/** What is cut off the stamps of a transposed convolution, and what is added. */
function crop(asked: state.Asked): HTMLElement[] {
  const { padding, outputPadding, strides, dilations } = asked;
  const custom = typeof padding !== "string";
  const words = text().operations;
  const names = text().controls.sides;
  const rule = radios(words.crop, "padding", custom ? "custom" : padding, [["SAME", words.cropSame], ["VALID", words.cropNothing], ["custom", words.cropCustom]]);
  const sides = currentOr(padding).flat();
  const more = (label: string, at: 0 | 1): HTMLElement =>
    stepper(label, outputPadding[at], `${words.more}, ${label}`, "outputPadding", (next) => `${at} ${next}`, 0, Math.max(strides[at], dilations[at]) - 1);
  return [
    group(words.crop, rule, ...(custom ? SIDES.map((side, at) =>
      stepper(names[side], sides[at] ?? 0, words.cropSide(names[side]), "sides", (next) => `${next} ${at}`, 0, 99)) : [])),
    ...(padding === "SAME" ? [] : [group(words.more, more(text().controls.down, 0), more(text().controls.across, 1))]),
  ];
}

function edges({ padding, operation, paddingMode }: state.Asked): HTMLElement {
  const custom = typeof padding !== "string";
  const words = text().controls;
  const rule = radios(words.edges, "padding", custom ? "custom" : padding,
    [["SAME", paddingMode === "zeros" ? words.padZeros : words.pad], ["VALID", words.stayInside], ["custom", words.customSides]]);
  const mode = isPool(operation) || padding === "VALID" ? [] : [radios(words.padding, "paddingMode", paddingMode, Object.entries(words.modes))];
  if (!custom) return group(words.edges, rule, ...mode);
  const sides = currentOr(padding).flat();
  return group(words.edges, rule, ...mode, ...SIDES.map((side, at) =>
    stepper(words.sides[side], sides[at] ?? 0, words.paddingSide(words.sides[side]), "sides", (next) => `${next} ${at}`, 0, 99)));
}

const currentOr = (padding: state.Padding): state.Sides => (typeof padding === "string" ? currentSides() : padding);

function bias(value: number): HTMLElement {
  const input = make("input", { type: "text", inputmode: "decimal", value: formatNumber(value, 6), "data-key": "bias", "aria-label": text().controls.bias, id: "bias" });
  input.addEventListener("change", () => {
    const parsed = parseNumber(input.value);
    if (parsed === null) input.value = formatNumber(value, 6);
    else act("bias", String(parsed));
  });
  return group(text().controls.bias, make("div", { class: "field" }, input));
}

function flag(label: string, action: string, value: boolean): HTMLElement {
  const box = make("input", { type: "checkbox", "data-key": action });
  box.checked = value;
  box.addEventListener("change", () => act(action, String(box.checked)));
  return make("label", { class: "field" }, box, label);
}

const poolFlags = ({ operation, ceilMode, countIncludePad }: state.Asked): HTMLElement =>
  group(text().controls.atEdges, flag(text().controls.overhang, "ceilMode", ceilMode),
    ...(operation === "avg_pool2d" ? [flag(text().controls.countPadding, "countIncludePad", countIncludePad)] : []));

function groups(value: number, channels: number): HTMLElement {
  const divisors = Array.from({ length: channels }, (_, index) => index + 1).filter((count) => channels % count === 0);
  return group(text().controls.groups, radios(text().controls.groups, "groups", String(value), divisors.slice(0, 8).map((count) => [String(count), String(count)])));
}

/** Where the bar has no room for their buttons. */
function inClass(): HTMLElement {
  const button = (action: string, words: string, pressed: boolean): HTMLElement =>
    make("button", { type: "button", class: "button small", "data-key": action, "data-action": action, "aria-pressed": pressed }, words);
  const { room, predict, present } = text().modes;
  const buttons = group(room, button("predict", predict, state.predicting.value), button("present", present, state.presenting.value));
  buttons.classList.add("only-phone");
  return buttons;
}

/** Filled while they are open. */
export function fillControls(form: HTMLFormElement): void {
  effect(() => {
    const asked = state.asked.value;
    const channels = shown.value?.info.in_channels;
    if (!asked || channels === undefined || !state.controlsOpen.value) return;
    const pools = isPool(asked.operation);
    const words = text().controls;
    refill(form,
      ...(pools ? [pairGroup(words.window, "kernelSize", asked.kernelSize)] : []),
      pairGroup(isTransposed(asked.operation) ? text().operations.stampSteps : words.step, "strides", asked.strides),
      ...(isTransposed(asked.operation) ? crop(asked) : [edges(asked)]),
      pairGroup(words.gap, "dilations", asked.dilations),
      ...(pools ? [poolFlags(asked)] : [
        bias(asked.bias),
        group(words.afterSum, radios(words.activation, "activation", asked.activation ?? "",
          Object.entries(words.activations).map(([name, title]) => [name === "none" ? "" : name, title]))),
        ...(asked.operation !== "depthwise_conv2d" && channels > 1 ? [groups(asked.groups, channels)] : []),
        group(words.kernel, flag(words.flipped, "flipKernel", asked.flipKernel)),
      ]),
      inClass(),
      make("div", { class: "group only-phone" }, make("span", { class: "name" }, text().help.language), languageChoice(text().help.language)));
  });
}
