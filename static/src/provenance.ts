/** What is traced, from the cell that somebody points at; the marks and the words for it are fetched with the first of them. */
import { computed, effect } from "@preact/signals-core";
import { type Geometry, coordinates, taps } from "./geometry.ts";
import { shown } from "./session.ts";
import type { Stage } from "./stage/stage.ts";
import * as state from "./state.ts";

/** The pointer says first; what is pinned waits under it. Null where stamps are walked: they show by themselves where a cell goes. */
export const traced = computed<state.Pointed | null>(() => {
  const current = shown.value;
  // A stamp shows all of this by itself.
  if (current?.walk.stamps) return null;
  const place = state.hovered.value;
  const what = state.pointed.value ?? (place === null ? null : { kind: "weight", place }) ?? state.pinned.value?.what ?? null;
  return what && current && !within(what, current.geometry) ? null : what;
});

/** What was pointed at in a larger picture is not in this one. */
function within(what: state.Pointed, { y, x }: Geometry): boolean {
  switch (what.kind) {
    case "input":
      return what.row < y.inputSize && what.column < x.inputSize;
    case "output":
      return what.position < y.outputSize * x.outputSize;
    case "weight":
      return what.place < y.kernelSize * x.kernelSize;
  }
}

/** The place under the loupe that lights up, there, in the kernel and on the input alike; null for none. */
export const lit = computed<number | null>(() => {
  const what = traced.value;
  const geometry = shown.value?.geometry;
  if (what === null) return state.hovered.value;
  if (shown.value?.walk.stamps) return state.hovered.value;
  if (what?.kind === "weight") return what.place;
  return what?.kind === "input" && geometry ? placeOn(geometry, state.position.value, what.row, what.column) : null;
});

/** A place under the loupe and the tap that lies there: a transposed convolution has its first tap last. Each from the other. */
export const turned = ({ y, x }: Pick<Geometry, "y" | "x">, index: number): number =>
  (y.crop === null ? index : y.kernelSize * x.kernelSize - 1 - index);

/** The place under the loupe of an input cell, where the window of a position has a tap on it. */
export function placeOn(geometry: Geometry, position: number, row: number, column: number): number | null {
  const [y, x] = coordinates(geometry, position);
  const [down, across] = [taps(geometry.y, y).indexOf(row), taps(geometry.x, x).indexOf(column)];
  return down < 0 || across < 0 ? null : turned(geometry, down * geometry.x.kernelSize + across);
}

/** Asked for by the first cell that is pointed at. */
export function tracing(stage: Stage): void {
  let asked = false;
  effect(() => {
    if (traced.value === null || asked) return;
    asked = true;
    // Without it the page does all the rest, and the arrows step; the next cell that is pointed at asks again.
    import("./provenance/start.ts").then(({ start }) => start(stage)).catch(() => {
      asked = false;
      state.pinned.value = null;
    });
  });
}
