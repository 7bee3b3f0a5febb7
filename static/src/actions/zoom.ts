/** Which part of the pictures is seen, and how large. */
import { extent } from "../geometry.ts";
import { placeOf, shown } from "../session.ts";
import * as sights from "../stage/sights.ts";
import * as state from "../state.ts";
import type { Actions } from "./action.ts";
import { text } from "../text/text.ts";

/** A key pans by this share of what is seen, so that something stays to hold on to. */
const SHARE = 0.25;

function step(direction: 1 | -1): void {
  const current = shown.peek();
  if (!current) return;
  const { geometry: { y, x }, walk } = current;
  const [row, column] = placeOf(walk, state.position.peek());
  const [down, across] = walk.stamps ? [{ first: row, count: 1 }, { first: column, count: 1 }] : [extent(y, row), extent(x, column)];
  sights.zoomStep(direction, { top: down.first, left: across.first, rows: down.count, columns: across.count });
}

function pan(across: number, down: number): void {
  const figure = sights.figures.peek()?.input;
  if (figure) sights.pan("input", across * SHARE * figure.columns * figure.cell, down * SHARE * figure.rows * figure.cell);
}

export const zoom: Actions = {
  "zoom-in": { label: () => text().actions.zoomIn, keys: ["+", "="], run: () => step(1) },
  "zoom-out": { label: () => text().actions.zoomOut, keys: ["-"], run: () => step(-1) },
  "zoom-whole": { label: () => text().actions.zoomWhole, keys: ["0"], run: sights.whole },
  "pan-right": { label: () => text().actions.panRight, keys: ["Shift+ArrowRight"], run: () => pan(1, 0) },
  "pan-left": { label: () => text().actions.panLeft, keys: ["Shift+ArrowLeft"], run: () => pan(-1, 0) },
  "pan-down": { label: () => text().actions.panDown, keys: ["Shift+ArrowDown"], run: () => pan(0, 1) },
  "pan-up": { label: () => text().actions.panUp, keys: ["Shift+ArrowUp"], run: () => pan(0, -1) },
};
