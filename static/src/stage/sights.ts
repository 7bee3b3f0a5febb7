/** What is seen of the input and of the output. They are panned and zoomed together: both show the same part of the picture. */
import { computed, signal } from "@preact/signals-core";
import { type Geometry, middle, outputAt } from "../geometry.ts";
import type { Look } from "../state.ts";
import type { Figure } from "../painters/figure.ts";
import * as viewport from "./viewport.ts";
import type { Extent, Frame, Sight, Spot } from "./viewport.ts";

export type Which = "input" | "output";

export interface Frames extends Readonly<Record<Which, Frame>> {
  readonly geometry: Pick<Geometry, "y" | "x">;
}

type Sights = Readonly<Record<Which, Sight>>;

const frames = signal<Frames | null>(null);
const sights = signal<Sights | null>(null);

export const figures = computed<Readonly<Record<Which, Figure>> | null>(() => {
  const [around, seen] = [frames.value, sights.value];
  return around && seen && { input: viewport.figureOf(around.input, seen.input), output: viewport.figureOf(around.output, seen.output) };
});

/** Whether the buttons have something to do. */
export const reach = computed<{ readonly in: boolean; readonly out: boolean }>(() => {
  const [around, seen] = [frames.value, sights.value];
  if (!around || !seen) return { in: false, out: false };
  const can = (direction: 1 | -1): boolean => Math.abs(viewport.stepFactor(around.input, seen.input, direction) - 1) > 0.001;
  return { in: can(1), out: can(-1) };
});

/** What is looked at, as a link says it; null while it is what a first visit sees of this picture. */
export const look = computed<Look | null>(() => {
  const [around, seen] = [frames.value?.input, sights.value?.input];
  if (!around || !seen) return null;
  const [now, first] = [viewport.held(around, seen), viewport.opening(around)];
  const short = (value: number): number => Math.round(value * 100) / 100;
  const far = (key: keyof Sight): boolean => Math.abs(now[key] - first[key]) > 0.01;
  return far("cell") || far("row") || far("column") ? [short(now.row), short(now.column), short(now.cell)] : null;
});

let wanted: Look | null = null;
export const linked = (): boolean => wanted !== null;

/** To be looked at once there is a picture. */
export function lookAt(link: Look): void {
  wanted = link;
}

/** The stage has been laid out. The same input keeps its part in sight, another one opens. */
export function settle(next: Frames, sameInput: boolean): void {
  const [before, seen] = [frames.peek(), sights.peek()];
  frames.value = next;
  if (!before || !seen || !sameInput) {
    const [row, column, cell] = wanted ?? [];
    wanted = null;
    if (row === undefined || column === undefined || cell === undefined) {
      sights.value = { input: viewport.opening(next.input), output: viewport.opening(next.output) };
    } else {
      const input = viewport.held(next.input, { row, column, cell });
      sights.value = { input, output: counterpart(next, "output", input) };
    }
    return;
  }
  const opened = seen.input.cell === before.input.cell;
  const input = viewport.held(next.input, opened ? { ...seen.input, cell: next.input.cell } : seen.input);
  sights.value = { input, output: counterpart(next, "output", input) };
}

export function pan(which: Which, across: number, down: number): void {
  const [around, seen] = [frames.peek(), sights.peek()];
  if (around && seen) see(around, which, viewport.pannedBy(around[which], seen[which], across, down));
}

/** The spot is in CSS pixels of the canvas; what lies under it stays there. */
export function zoom(which: Which, factor: number, spot: Spot): void {
  const [around, seen] = [frames.peek(), sights.peek()];
  if (around && seen) see(around, which, viewport.zoomedBy(around[which], seen[which], factor, spot));
}

/** What is under the spot, to be held on to. */
export function grasp(which: Which, spot: Spot): Sight | null {
  const [around, seen] = [frames.peek(), sights.peek()];
  return around && seen && viewport.under(around[which], seen[which], spot);
}

/** Brings what was grasped under the spot, grown by a factor since then. */
export function carry(which: Which, grasped: Sight, factor: number, spot: Spot): void {
  const around = frames.peek();
  if (around) see(around, which, viewport.regrown(around[which], grasped, factor, spot));
}

/** One step in or out, around the window where that is in sight. */
export function zoomStep(direction: 1 | -1, window: Extent): void {
  const [around, seen] = [frames.peek(), sights.peek()];
  if (!around || !seen) return;
  const { margin, width, height } = around.input;
  const figure = viewport.figureOf(around.input, seen.input);
  const spot = viewport.sees(figure, window)
    ? {
      x: margin + (window.left + window.columns / 2 - figure.left) * figure.cell,
      y: margin + (window.top + window.rows / 2 - figure.top) * figure.cell,
    }
    : { x: margin + width / 2, y: margin + height / 2 };
  const sight = viewport.zoomedBy(around.input, seen.input, viewport.stepFactor(around.input, seen.input, direction), spot);
  // A window at the edge would be cut where it stays.
  see(around, "input", viewport.sees(figure, window) ? viewport.revealing(around.input, sight, window, 1) : sight);
}

/** As much of the picture as there is: all of it. */
export function whole(): void {
  const [around, seen] = [frames.peek(), sights.peek()];
  if (around && seen) see(around, "input", viewport.held(around.input, { ...seen.input, cell: viewport.limits(around.input).smallest }));
}

/** Moves only as far as it must to show the window, and the output cell it belongs to. */
export function follow(window: Extent, cell: Extent, ahead?: number): void {
  const [around, seen] = [frames.peek(), sights.peek()];
  if (!around || !seen) return;
  const input = viewport.revealing(around.input, seen.input, window, ahead);
  const output = viewport.revealing(around.output, input === seen.input ? seen.output : counterpart(around, "output", input), cell, ahead);
  if (input !== seen.input || output !== seen.output) sights.value = { input, output };
}

/** Whether there is more of it than the stage has room for. */
export function pans(which: Which): boolean {
  const [around, seen] = [frames.peek(), sights.peek()];
  return around !== null && seen !== null && viewport.pans(around[which], seen[which]);
}

export function sees(which: Which, extent: Extent): boolean {
  const figure = figures.peek()?.[which];
  return figure !== undefined && viewport.sees(figure, extent);
}

function see(around: Frames, which: Which, sight: Sight): void {
  sights.value = which === "input"
    ? { input: sight, output: counterpart(around, "output", sight) }
    : { input: counterpart(around, "input", sight), output: sight };
}

/** The sight of `which` that shows what `other`, of the other picture, shows. */
function counterpart(around: Frames, which: Which, other: Sight): Sight {
  const from = around[which === "output" ? "input" : "output"];
  const to = around[which];
  // The middle of an output cell belongs to the middle of its window. A sight counts from edge to edge of cells.
  const across = (axis: Geometry["y"], at: number): number => (which === "output" ? outputAt(axis, at - 0.5) : middle(axis, at - 0.5)) + 0.5;
  return viewport.held(to, {
    // Exactly the opening size, not a rounding beside it: on phones only that one is drawn as a fraction.
    cell: other.cell === from.cell ? to.cell : (other.cell / from.cell) * to.cell,
    row: across(around.geometry.y, other.row),
    column: across(around.geometry.x, other.column),
  });
}
