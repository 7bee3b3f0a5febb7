/** The kernel: a grid of weights to edit, its size, what can be done to it as a whole, presets, and the weights as text. */
import { computed, effect, untracked } from "@preact/signals-core";
import { outputsOfEach, planeInView, setPlane, setSize } from "../actions/kernel.ts";
import type { FilterPreset } from "../api.ts";
import { outChannels } from "../asked.ts";
import { TIMES } from "../format.ts";
import { isBank, weightsOf } from "../kernels/bank.ts";
import { dividedBySum, normalised } from "../kernels/transform.ts";
import { type Shown, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { filterSentence, filterTitle } from "../text/names.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { make, query, refill, whetherOpen } from "./dom.ts";
import { liesTurned } from "../weights.ts";
import { GAP, type Sight, leastCovering, overlap } from "./placement.ts";
import { weightGrid } from "./weightGrid.ts";
import { weightInPlace } from "./weightInPlace.ts";
import { weightText } from "./weightText.ts";

export interface KernelPicker {
  /** On the loupe where its cells are large enough to type in, else in the popup. */
  edit(loupeRow: number, loupeColumn: number): void;
}

/** More than these would make links that no browser takes. */
const MOST_OUTPUTS = 16;
/** CSS pixels in which a grid of 3 x 3 can still be used. */
const LEAST_ROOM = 240;

export function kernelPicker(filters: readonly FilterPreset[]): KernelPicker {
  const popup = query("#kernel-picker");
  const open = whetherOpen(popup);
  const part = (attributes: Record<string, string>): HTMLElement => make("div", attributes);
  const channels = part({ class: "row" });
  const grid = part({ class: "weights-frame" });
  const changes = part({ class: "row" });
  const note = make("p", { class: "note" });
  const chips = part({ class: "chips", role: "group" });
  const heading = make("h3", { id: "kernel-picker-heading" });
  const { refusal, details } = weightText(popup);
  popup.append(heading, channels, grid, refusal, changes, note, chips, details);
  effect(() => {
    const asked = state.asked.value;
    const current = shown.value;
    if (!asked || !current || !open.value) return;
    const split = isBank(asked.kernel);
    heading.textContent = later().kernel.heading;
    chips.setAttribute("aria-label", later().kernel.presets);
    refill(channels, ...(current.info.in_channels === 1 ? [] : channelChoice(split, current)), outputCount(asked));
    refill(changes, ...tools(planeInView()));
    const filter = filters.find(({ name }) => name === asked.filter);
    note.textContent = filter ? filterSentence(filter) : ownWeights(split, current);
    refill(chips, ...presets(filters, asked.filter));
  });
  // Not made anew when the server answers: somebody may be typing the next weight.
  const seen = computed(() => JSON.stringify([planeInView(), weightsOf(state.asked.value?.kernel ?? [])]));
  effect(() => {
    if (!seen.value || !open.value) return;
    const dark = state.theme.value === "dark";
    untracked(() => {
      const plane = planeInView();
      const largest = Math.max(...weightsOf(state.asked.value?.kernel ?? []).map(Math.abs));
      popup.style.setProperty("--columns", String(plane[0]?.length ?? 0));
      refill(grid, weightGrid(plane, largest, dark));
    });
  });
  const place = (): void => {
    const loupe = query("#loupe").getBoundingClientRect();
    const put = (): void => {
      const { left, top } = leastCovering(popup.getBoundingClientRect(), loupe, sights(), { width: innerWidth, height: innerHeight });
      popup.style.left = `${left}px`;
      popup.style.top = `${top}px`;
    };
    popup.style.maxHeight = "";
    put();
    if (overlap(popup.getBoundingClientRect(), loupe) === 0) return;
    // No room beside the loupe: it is cut to the room above or below, and scrolls.
    const room = Math.max(loupe.top, innerHeight - loupe.bottom) - 2 * GAP;
    if (room < LEAST_ROOM) return;
    popup.style.maxHeight = `${room}px`;
    put();
  };
  effect(() => {
    const { length: rows } = planeInView();
    const columns = planeInView()[0]?.length;
    if (open.value && rows && columns && popup.matches(":popover-open")) place();
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState === "open") place();
  });
  details.addEventListener("toggle", place);
  const inPlace = weightInPlace();
  return {
    edit(loupeRow, loupeColumn) {
      const plane = planeInView();
      const asked = state.asked.peek();
      const turns = asked !== null && liesTurned(asked, state.stamping.peek());
      const row = turns ? plane.length - 1 - loupeRow : loupeRow;
      const column = turns ? (plane[0]?.length ?? 1) - 1 - loupeColumn : loupeColumn;
      if (inPlace.edit(row, column)) return;
      popup.showPopover();
      popup.querySelector<HTMLElement>(`[data-key="weight ${row} ${column}"]`)?.focus();
    },
  };
}

/** The loupe is what is being edited, and the output is what comes of it. */
const SEEN: readonly (readonly [string, number])[] = [["#loupe", 10], ["#result", 8], ["#output-figure", 2], ["#input-figure", 1], ["#kernel-button", 1]];
const sights = (): Sight[] => SEEN.map(([selector, weight]) => ({ box: query(selector).getBoundingClientRect(), weight }));

function ownWeights(split: boolean, { info, firstChannel }: Shown): string {
  const channels = info.in_channels;
  const words = later().kernel;
  if (channels === 1) return words.own;
  return split ? words.ownSplit(channelName(firstChannel + state.channel.value, channels).word) : words.ownSame;
}

/** How many output channels there are, with one more and one less; the one that is shown is the one to edit. */
function outputCount(asked: state.Asked): HTMLElement {
  const { each } = outputsOfEach(asked);
  const count = outChannels(asked);
  const words = text().operations;
  const button = (action: string, name: string, sign: string, disabled: boolean): HTMLElement =>
    make("button", { type: "button", "data-action": action, "data-key": action, "aria-label": name, title: name, disabled }, sign);
  return make("span", { class: "outputs", role: "group", "aria-label": words.outputs }, make("span", {}, words.outputs),
    make("span", { class: "stepper" }, button("remove-output", words.removeOutput, "−", each === 1),
      make("output", {}, String(count)), button("add-output", words.addOutput, "+", count >= MOST_OUTPUTS)));
}

/** The channel chosen here is the one under the loupe. */
function channelChoice(split: boolean, { info, firstChannel }: Shown): HTMLElement[] {
  const { in_channels: channels, group_channels: read, out_channels: outputs } = info;
  const radio = (argument: string, title: string, checked: boolean, action: string): HTMLElement =>
    make("button", {
      type: "button", role: "radio", "aria-checked": checked, tabindex: checked ? 0 : -1, "data-key": `${action} ${argument}`,
      "data-action": action, "data-argument": argument,
    }, title);
  const words = later().kernel;
  const group = (name: string, ...radios: HTMLElement[]): HTMLElement =>
    make("div", { class: "segments", role: "radiogroup", "aria-label": name }, ...radios);
  return [
    group(words.channels, radio("false", words.same, !split, "split-channels"), radio("true", words.split, split, "split-channels")),
    ...(split
      ? [group(words.channel, ...(read > 1
          ? Array.from({ length: read }, (_, channel) =>
              radio(String(channel), channelName(firstChannel + channel, channels).tag, channel === state.channel.value, "channel"))
          // An output channel that reads one input channel alone is what brings that one under the loupe.
          : Array.from({ length: channels }, (_, channel) =>
              radio(String((channel * outputs) / channels), channelName(channel, channels).tag, channel === firstChannel, "out-channel"))))]
      : []),
  ];
}

function tools(plane: state.Plane): HTMLElement[] {
  const rows = plane.length;
  const columns = plane[0]?.length ?? 0;
  const words = later().kernel;
  const size = (label: string, key: string, value: number, set: (next: number) => void): HTMLElement => {
    const select = make("select", { "aria-label": label, "data-key": key });
    for (let length = 1; length <= state.LARGEST_KERNEL; length++) select.append(make("option", { value: length, selected: length === value }, String(length)));
    select.addEventListener("change", () => set(Number(select.value)));
    return select;
  };
  const button = (action: string, said: string, title: string, name: string | null = null, disabled = false): HTMLElement =>
    make("button", { type: "button", class: "button small", title, "aria-label": name, "data-key": action, "data-action": action, disabled }, said);
  const zeros = normalised(plane) === null;
  const noSum = dividedBySum(plane) === null;
  return [
    make("span", {}, words.size),
    size(words.height, "kernel height", rows, (next) => setSize(next, columns)), TIMES,
    size(words.width, "kernel width", columns, (next) => setSize(rows, next)),
    button("turn", words.rotate, rows === columns ? words.rotateNote : words.rotateAllNote),
    button("mirror", `${words.flip} ↔`, words.mirrorNote, words.mirror),
    button("upend", `${words.flip} ↕`, words.upendNote, words.upend),
    button("divide-by-sum", words.divide, noSum ? words.noSum : words.divideNote, null, noSum),
    button("normalise", words.normalise, zeros ? words.zeros : words.normaliseNote, null, zeros),
  ] as HTMLElement[];
}

function presets(filters: readonly FilterPreset[], chosen: string | null): HTMLElement[] {
  const chips = filters.filter(({ name }) => name !== "random").map((filter) => {
    const { name, kernel } = filter;
    const chip = make("button", {
      type: "button", title: filterSentence(filter), "data-key": `preset ${name}`, "data-filter": name, "aria-pressed": name === chosen,
    }, filterTitle(filter));
    chip.addEventListener("click", () => setPlane(kernel, name));
    return chip;
  });
  return [...chips, make("button", { type: "button", title: later().kernel.randomNote, "data-key": "randomise", "data-action": "randomise" }, later().kernel.random)];
}
