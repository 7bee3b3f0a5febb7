/** Explain: what was multiplied and added at this position, and how the output's shape comes about. */
import { effect, signal } from "@preact/signals-core";
import { type DerivationJson, type Derived, derive } from "../api.ts";
import { isPool, traceRequest } from "../asked.ts";
import { tapColour } from "../colour.ts";
import { TIMES, formatNumber } from "../format.ts";
import { coordinates, isCell, taps } from "../geometry.ts";
import { countedTaps } from "../pooled.ts";
import { hidden } from "../predict.ts";
import { lit, turned } from "../provenance.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import type { Detail } from "../trace.ts";
import { weightsUnder } from "../weights.ts";
import { said } from "../widgets/caption.ts";
import { make, refill } from "../widgets/dom.ts";
import { progress } from "../widgets/sum.ts";
import { type Line, linesOf, strongestInPadding } from "./lines.ts";

export function show(panel: HTMLElement): () => void {
  const sentence = make("p", { class: "say" });
  const sum = make("section");
  const shape = make("section");
  panel.append(sentence, sum, shape);
  const derived = signal<{ readonly of: Shown; readonly answer: Derived } | null>(null);
  const life = new AbortController();
  const stops = [
    effect(() => {
      const [current, here] = [shown.value, detail.value];
      if (!current || !here) return;
      sentence.replaceChildren(...said(current, here));
      // What comes of it is still a question, and a stamp has no sum.
      refill(sum, ...(hidden.value || here.stamp ? [] : isPool(current.asked.operation) ? pool(current, here) : products(current, here)));
    }),
    effect(() => {
      const current = shown.value;
      if (!current) return;
      const { height, width, channels } = current.info.input;
      // The numbers are here already; without the server's words for them the panel still says what it can.
      derive([height, width, channels], traceRequest(current.asked).operation, life.signal)
        .then((answer) => { derived.value = { of: current, answer }; }, () => undefined);
    }),
    effect(() => {
      const current = shown.value;
      const answer = derived.value;
      if (current) refill(shape, ...shapes(current, answer?.of === current ? answer.answer : null, shape));
    }),
    effect(() => {
      const [current, place] = [shown.value, lit.value];
      void detail.value; // what it marks is made anew with every step
      for (const one of sum.querySelectorAll<HTMLElement>("[data-tap]"))
        one.classList.toggle("hot", current !== null && place !== null && turned(current.geometry, Number(one.dataset.tap)) === place);
    }),
  ];
  const point = ({ target }: Event): void => {
    const tap = (target as Element).closest<HTMLElement>("[data-tap]");
    const geometry = shown.peek()?.geometry;
    state.hovered.value = tap && geometry ? turned(geometry, Number(tap.dataset.tap)) : null;
  };
  sum.addEventListener("pointerover", point);
  sum.addEventListener("pointerleave", () => { state.hovered.value = null; });
  return () => {
    life.abort();
    state.hovered.value = null;
    for (const stop of stops) stop();
  };
}

const heading = (words: string): HTMLElement => make("h3", {}, words);
const note = (words: string, language: string | null = null): HTMLElement => make("p", { class: "note", lang: language }, words);

/** A number as it is multiplied: what is negative is held together by brackets. */
const factor = (value: number): string => (value < 0 ? `(${formatNumber(value, 3)})` : formatNumber(value, 3));

/** A value with its tap's underline, which the same tap has in the loupe and on the input. */
function underlined({ geometry: { y, x } }: Shown, tap: number, words: string, kind = ""): HTMLElement {
  const one = make("span", { class: `product${kind}`, "data-tap": tap }, words);
  const { kernelSize } = x;
  one.style.borderBottomColor = tapColour(Math.floor(tap / kernelSize), tap % kernelSize, y.kernelSize, kernelSize, state.theme.value === "dark");
  return one;
}

/** With what stands between them. */
const joined = (parts: readonly Node[], between: string): (Node | string)[] => parts.flatMap((part, at) => (at > 0 ? [between, part] : [part]));

function products(current: Shown, here: Detail): Node[] {
  const words = later().explain;
  const now = progress(current);
  if (!now) return [];
  const stepping = state.cadence.value === "tap" && explanation.value?.position === here.position;
  const lines = linesOf({
    window: here.window, weights: (channel) => weightsUnder(current, channel) ?? [], channels: current.info.group_channels,
    chosen: state.channel.value, upTo: stepping ? state.tap.value : null, meets: meets(current, here),
  });
  const missed = lines.reduce((count, line) => count + line.missed, 0);
  const zeros = lines.reduce((count, line) => count + line.zeros, 0);
  const all = lines.reduce((count, line) => count + line.taps, 0);
  return [
    heading(words.sum),
    ...lines.map((line) => lineOf(line, current, now.terms[line.channel]?.value ?? 0)),
    total(current, now),
    ...(zeros > 0 ? [note(words.zeros(zeros, all))] : []),
    ...(missed > 0 ? [note(words.missed(missed, all))] : []),
    note(words.underlines),
    ...(edgesAreDark(current) ? [note(words.darkEdges)] : []),
  ];
}

/** Of a transposed convolution: whether a tap lies on a cell of the input, and not between two or outside. */
function meets({ geometry }: Shown, { position }: Detail): (tap: number) => boolean {
  const { y, x } = geometry;
  if (y.crop === null || x.crop === null) return () => true;
  const [row, column] = coordinates(geometry, position);
  const [rows, columns] = [taps(y, row).map((cell) => isCell(y, cell)), taps(x, column).map((cell) => isCell(x, cell))];
  return (tap) => (rows[Math.floor(tap / x.kernelSize)] ?? false) && (columns[tap % x.kernelSize] ?? false);
}

function lineOf({ channel, products, whole, zeros, taps: all }: Line, current: Shown, sum: number): HTMLElement {
  const { info, firstChannel } = current;
  const { tag, ink } = channelName(firstChannel + channel, info.in_channels);
  const name = make("i", { class: `ink-${ink}` }, tag);
  const result = make("b", {}, formatNumber(sum));
  if (!whole) {
    // One of many: pressed, it is the channel that is spelled.
    return make("button", { class: "work", "data-action": "channel", "data-argument": channel, "data-key": `line ${channel}` }, name, make("span", {}, "… ", equals(result)));
  }
  const parts = products.map(({ tap, value, weight, current: now, later }) =>
    underlined(current, tap, `${formatNumber(value)} ${TIMES} ${factor(weight)}`, later ? " later" : now ? " current" : ""));
  return make("p", { class: "work" }, name,
    make("span", {}, ...(parts.length > 0 ? [...joined(parts, " + "), " "] : [`${zeros === all ? later().explain.noWeights : later().explain.noCells} `]), equals(result)));
}

/** Never at the end of a line without its number. */
const equals = (result: Node): HTMLElement => make("span", { class: "equals" }, "= ", result);

/** What the channels and the bias come to, and what the activation makes of it. */
function total({ asked }: Shown, { terms, sum, result, whole }: NonNullable<ReturnType<typeof progress>>): HTMLElement {
  const bias = asked.bias;
  const { activation } = asked;
  const addends = [...(terms.length <= 8 ? terms.map(({ value }) => factor(value)) : ["…"]), ...(bias === 0 ? [] : [`${later().explain.bias} ${factor(bias)}`])];
  const before = whole && activation ? ` = ${formatNumber(sum)}; ${activation}(${formatNumber(sum)})` : "";
  return make("p", { class: "total" }, `${addends.join(" + ")}${before} `, equals(make("b", {}, formatNumber(result))));
}

function pool(current: Shown, here: Detail): Node[] {
  const words = later().explain;
  const { asked: { operation } } = current;
  const now = progress(current);
  if (!now) return [];
  const last = state.cadence.value === "tap" && explanation.value?.position === here.position ? state.tap.value : Infinity;
  const counted = countedTaps(current, here, last);
  const winner = operation === "max_pool2d" ? counted.find(({ value }) => value === now.result)?.tap : undefined;
  const parts = counted.map(({ tap, value }) => underlined(current, tap, formatNumber(value), tap === winner ? " current" : ""));
  const result = make("b", {}, formatNumber(now.result));
  if (operation === "max_pool2d") {
    return [heading(words.largest),
      make("p", { class: "work" }, make("span", {}, ...(parts.length > 0 ? ["max(", ...joined(parts, ", "), ") "] : [`${words.noValues} `]), equals(result)))];
  }
  const divided = now.whole ? [` = ${formatNumber(now.sum)}`, make("br"), `${factor(now.sum)} ÷ ${here.divisor ?? 0} `, equals(result)] : [" ", equals(result)];
  return [heading(words.mean),
    make("p", { class: "work" }, make("span", {}, ...(parts.length > 0 ? joined(parts, " + ") : [words.noValues]), ...divided))];
}

const judged = new WeakMap<Shown, boolean>();

/** Only once the whole output is here; then it does not change any more. */
function edgesAreDark(current: Shown): boolean {
  const { geometry: { y, x, positions }, data, asked: { activation }, sumScale } = current;
  const padded = y.padBefore + y.padAfter + x.padBefore + x.padAfter > 0 && y.paddingMode === "zeros";
  if (!padded || activation !== null || state.palette.value !== "signed" || data.fetched.value < positions) return false;
  let dark = judged.get(current);
  if (dark === undefined) {
    const within = (axis: typeof y, at: number): boolean => {
      const start = axis.first + at * axis.stride;
      return start >= 0 && start + axis.span <= axis.inputSize;
    };
    dark = Math.max(-sumScale.minimum, sumScale.maximum) > sumScale.signed
      && strongestInPadding(data.outputs, (position) => within(y, Math.floor(position / x.outputSize)) && within(x, position % x.outputSize));
    judged.set(current, dark);
  }
  return dark;
}

/** Names of fields, as words. */
const spelled = (formula: string): string => formula.replaceAll("_", " ");
const equation = (label: string, formula: string): HTMLElement => make("p", { class: "equation" }, ...(label ? [make("span", {}, label)] : []), formula);

function shapes({ info }: Shown, answer: Derived | null, within: HTMLElement): Node[] {
  const words = later().explain;
  const { y, x } = info.geometry;
  const open = within.querySelector("details")?.open ?? false;
  const steps = answer ? make("details", { open }, make("summary", { "data-key": "steps" }, words.steps),
    ...stepsOf(words.height, answer.derivation.y), ...stepsOf(words.width, answer.derivation.x)) : null;
  return [
    heading(words.shape),
    ...(answer ? [equation("", spelled(answer.derivation.y.formula_symbols))] : []),
    ...(y.formula === x.formula ? [equation(`${words.height}, ${words.width}`, y.formula)] : [equation(words.height, y.formula), equation(words.width, x.formula)]),
    padBox(info),
    ...(answer ? [note(answer.derivation.y.sentence, "en"), note(answer.derivation.x.sentence, "en")] : []),
    ...leftovers(info),
    ...(answer ? field(answer) : []),
    ...(steps ? [steps] : []),
    ...(isPool(info.operation) ? [] : [make("button", { class: "leads", "data-action": "ways", "data-key": "ways" }, text().actions.ways)]),
  ];
}

/** Of a transposed convolution nothing is left over: its input cells all stamp. */
function leftovers({ geometry: { y, x, cells_never_read: never } }: Shown["info"]): HTMLElement[] {
  const words = later().explain;
  const [rows, columns] = [y, x].map((axis) => ("leftover" in axis ? axis.leftover : null)) as [number | null, number | null];
  const said = [
    ...(rows === null || columns === null ? [] : [rows + columns === 0 ? words.noLeftover : words.leftover(rows, columns)]),
    ...(never > 0 ? [words.neverRead(never, formatNumber(never))] : []),
  ];
  return said.length > 0 ? [note(said.join(" "))] : [];
}

/** The input with the padding around it, or what is cropped of a transposed convolution, on each side. */
function padBox({ input, operation, geometry: { pads } }: Shown["info"]): HTMLElement {
  const words = later().explain;
  const { top, bottom, left, right } = pads;
  const cropped = operation === "conv2d_transpose";
  return make("div", { class: "pad-box", role: "img", "aria-label": (cropped ? words.crop : words.padding)(top, bottom, left, right) },
    ...[top, left].map((pad) => make("i", {}, formatNumber(pad))), make("b", {}, `${input.height} ${TIMES} ${input.width}`),
    ...[right, bottom].map((pad) => make("i", {}, formatNumber(pad))));
}

function field({ receptive_field: { y, x } }: Derived): Node[] {
  if (!y || !x) return [];
  const words = later().explain;
  return [heading(words.field), note(`${words.depends(y.size, x.size)} ${words.jump(formatNumber(y.jump), formatNumber(x.jump))}`)];
}

function stepsOf(label: string, { steps }: DerivationJson): Node[] {
  return [make("h4", {}, label), ...steps.map(({ name, symbols, numbers, value }) => {
    const how = [symbols, numbers, String(value)].filter((one, at, all) => one !== all[at - 1]);
    return make("p", { class: "equation" }, make("span", {}, spelled(name)), spelled(how.join(" = ")));
  })];
}
