/** The kernel: a grid of weights to edit, its size, what can be done to it as a whole, and the presets. */
import { effect } from "@preact/signals-core";
import { change, setKernel } from "../actions/operation.ts";
import type { FilterPreset } from "../api.ts";
import { diverge, tapColour, textOn } from "../colour.ts";
import { TIMES, formatNumber, parseNumber } from "../format.ts";
import { planeOf } from "../kernels/bank.ts";
import * as state from "../state.ts";
import { make, placePopup, query, refill, whetherOpen } from "./dom.ts";

type Kernel = state.Plane;

const turned = (kernel: Kernel): Kernel => (kernel[0] ?? []).map((_, column) => kernel.map((row) => row[column] ?? 0).reverse());
const mirrored = (kernel: Kernel): Kernel => kernel.map((row) => [...row].reverse());
function divided(kernel: Kernel): Kernel {
  const total = kernel.flat().reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? kernel : kernel.map((row) => row.map((weight) => weight / total));
}
/** Grows or cuts around the middle, so that a blur stays a blur. */
function resized(kernel: Kernel, rows: number, columns: number): Kernel {
  const down = Math.floor((rows - kernel.length) / 2);
  const across = Math.floor((columns - (kernel[0]?.length ?? 0)) / 2);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => kernel[row - down]?.[column - across] ?? 0));
}
/** Whole weights of -3 to 3: products that can be followed in the head. */
const random = (rows: number, columns: number): Kernel =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.floor(Math.random() * 7) - 3));

export interface KernelPicker {
  /** Opens on one weight. */
  edit(row: number, column: number): void;
}

export function kernelPicker(filters: readonly FilterPreset[]): KernelPicker {
  const popup = query("#kernel-picker");
  const open = whetherOpen(popup);
  effect(() => {
    const asked = state.asked.value;
    if (!asked || !open.value) return;
    const { filter } = asked;
    const kernel = planeOf(asked.kernel, 0);
    refill(popup,
      make("h3", { id: "kernel-picker-heading" }, "Kernel"),
      grid(kernel, state.theme.value === "dark"),
      tools(kernel),
      make("p", { class: "note" }, filters.find(({ name }) => name === filter)?.sentence ?? "Your own weights, the same for every channel."),
      presets(filters, filter));
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState === "open") placePopup(popup, query("#kernel-button").getBoundingClientRect(), true);
  });
  return {
    edit(row, column) {
      popup.showPopover();
      const input = popup.querySelector<HTMLInputElement>(`[data-key="weight ${row} ${column}"]`);
      input?.focus();
      input?.select();
    },
  };
}

function grid(kernel: Kernel, dark: boolean): HTMLElement {
  const rows = kernel.length;
  const columns = kernel[0]?.length ?? 0;
  const largest = Math.max(...kernel.flat().map(Math.abs)) || 1;
  const table = make("div", { class: `weights${columns > 5 ? " dense" : ""}`, role: "group", "aria-label": "Weights" });
  table.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 3.75rem))`;
  kernel.forEach((line, row) => line.forEach((weight, column) => {
    const colour = diverge((0.62 * weight) / largest, dark);
    const input = make("input", {
      type: "text", inputmode: "decimal", value: formatNumber(weight, columns > 5 ? 3 : 6), "data-key": `weight ${row} ${column}`,
      "aria-label": `weight row ${row}, column ${column}`,
    });
    input.style.background = colour;
    input.style.color = textOn(colour);
    input.style.borderBottomColor = tapColour(row, column, rows, columns, dark);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => input.setAttribute("aria-invalid", String(parseNumber(input.value) === null)));
    input.addEventListener("change", () => {
      const parsed = parseNumber(input.value);
      if (parsed !== null) setKernel(kernel.map((values, y) => values.map((value, x) => (y === row && x === column ? parsed : value))));
    });
    input.addEventListener("keydown", (event) => moveFocus(event, table, row, column));
    table.append(input);
  }));
  return table;
}

/** Arrows move from weight to weight; Enter applies. */
function moveFocus(event: KeyboardEvent, table: HTMLElement, row: number, column: number): void {
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  event.stopPropagation();
  if (event.key === "Enter") (event.target as HTMLInputElement).dispatchEvent(new Event("change"));
  if (!move) return;
  const next = table.querySelector<HTMLElement>(`[data-key="weight ${row + (move[0] ?? 0)} ${column + (move[1] ?? 0)}"]`);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function tools(kernel: Kernel): HTMLElement {
  const rows = kernel.length;
  const columns = kernel[0]?.length ?? 0;
  const size = (label: string, value: number, set: (next: number) => void): HTMLElement => {
    const select = make("select", { "aria-label": label, "data-key": label });
    for (let length = 1; length <= state.LARGEST_KERNEL; length++) select.append(make("option", { value: length, selected: length === value }, String(length)));
    select.addEventListener("change", () => set(Number(select.value)));
    return select;
  };
  const button = (label: string, title: string, make_: () => Kernel, disabled = false): HTMLElement => {
    const element = make("button", { type: "button", class: "button small", title, "data-key": label, disabled }, label);
    element.addEventListener("click", () => setKernel(make_()));
    return element;
  };
  const total = kernel.flat().reduce((sum, weight) => sum + weight, 0);
  return make("div", { class: "row" },
    make("span", {}, "Size"),
    size("Kernel height", rows, (next) => setKernel(resized(kernel, next, columns))), TIMES,
    size("Kernel width", columns, (next) => setKernel(resized(kernel, rows, next))),
    button("Rotate", "A quarter turn clockwise", () => turned(kernel)),
    button("Flip", "Left and right change places", () => mirrored(kernel)),
    button("Divide by sum", total === 0 ? "The weights add up to 0" : "The weights add up to 1 then", () => divided(kernel), total === 0));
}

function presets(filters: readonly FilterPreset[], chosen: string | null): HTMLElement {
  const chip = (key: string, title: string, hint: string, pressed: boolean, run: () => void): HTMLElement => {
    const element = make("button", { type: "button", title: hint, "data-key": `preset ${key}`, "data-filter": key, "aria-pressed": pressed }, title);
    element.addEventListener("click", run);
    return element;
  };
  return make("div", { class: "chips", role: "group", "aria-label": "Presets" },
    ...filters.filter(({ name }) => name !== "random").map(({ name, title, sentence, kernel }) =>
      chip(name, title, sentence, name === chosen, () => change({ filter: name, kernel }))),
    chip("random", "Random", "Whole weights from −3 to 3, new at every press.", false, () => {
      const kernel = planeOf(state.asked.peek()?.kernel ?? [], 0);
      setKernel(random(kernel.length, kernel[0]?.length ?? 3));
    }));
}
