/** Hands on the stage: drag the window, press an output cell, press a tap, pan and zoom. Every gesture ends in an action. */
import { act } from "../actions/index.ts";
import { middle, middleOf, positionAt } from "../geometry.ts";
import { gapsUnder, loupeLayout, tapAt } from "../loupe-layout.ts";
import { cellAt } from "../painters/figure.ts";
import { type Walk, placeOf } from "../session.ts";
import * as state from "../state.ts";
import { gestures } from "./gestures.ts";
import * as sights from "./sights.ts";
import type { Stage } from "./stage.ts";

/** A finger drags after a grab this close to the window, so that it need not cover what it moves. */
const GRAB_PX = 44;
/** Further than a press that trembles. */
const DRAG_PX = 4;

export function listen(stage: Stage, editWeight: (row: number, column: number) => void): void {
  dragWindow(stage);
  pressOutput(stage);
  hover(stage, "input");
  hover(stage, "output");
  pressLoupe(stage, editWeight);
}

function dragWindow(stage: Stage): void {
  const canvas = stage.parts.inputLive;
  /** From the finger to the centre of the window, in cells. */
  let grip = { rows: 0, columns: 0 };
  /** Where the pointer came down, until it has moved so far that it drags. */
  let pressed: { readonly x: number; readonly y: number } | null = null;
  let reached: number | null = null;
  const pointed = (event: PointerEvent): { row: number; column: number } | null => {
    const figure = sights.figures.peek()?.input;
    if (!figure) return null;
    const rect = canvas.getBoundingClientRect();
    return {
      row: (event.clientY - rect.top - figure.margin) / figure.cell + figure.top - 0.5,
      column: (event.clientX - rect.left - figure.margin) / figure.cell + figure.left - 0.5,
    };
  };
  gestures(canvas, "input", {
    begin: (event) => {
      const point = pointed(event);
      const cell = sights.figures.peek()?.input.cell;
      if (!stage.drawn || !point || cell === undefined) return;
      stage.holding = true;
      pressed = { x: event.clientX, y: event.clientY };
      reached = null;
      const { geometry, walk } = stage.drawn.shown;
      const [row, column] = placeOf(walk, state.position.peek());
      const centre = walk.stamps ? { row, column } : middleOf(geometry, state.position.peek());
      const near = Math.hypot(point.row - centre.row, point.column - centre.column) * cell < GRAB_PX;
      const finger = event.pointerType === "touch" && near;
      grip = finger ? { rows: centre.row - point.row, columns: centre.column - point.column } : { rows: 0, columns: 0 };
    },
    move: (event) => {
      const point = pointed(event);
      if (!stage.drawn || !point) return;
      const { geometry: { y, x }, walk } = stage.drawn.shown;
      const [row, column] = [point.row + grip.rows, point.column + grip.columns];
      const position = walk.stamps ? cellNear(walk, row, column) : positionAt(y, x, row, column);
      if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > DRAG_PX) pressed = null;
      reached = position;
      if (position !== state.position.peek()) act("go-to", String(position));
    },
    end: () => {
      stage.holding = false;
      const what = pressed && reached !== null ? cellUnder(stage, "input", pressed) : null;
      state.pinned.value = what && { what, at: reached ?? 0, byKeys: false };
    },
  });
}

/** A mouse or a pen over a cell has it traced; a finger presses. */
function hover(stage: Stage, which: sights.Which): void {
  const canvas = which === "input" ? stage.parts.inputLive : stage.parts.outputLive;
  const point = (what: state.Pointed | null): void => {
    if (JSON.stringify(what) !== JSON.stringify(state.pointed.peek())) state.pointed.value = what;
  };
  canvas.addEventListener("pointermove", (event) => {
    // What is being moved, and what moves by itself, is looked at for what it does there.
    const idle = event.pointerType !== "touch" && event.buttons === 0 && !state.playing.peek();
    point(idle ? cellUnder(stage, which, { x: event.clientX, y: event.clientY }) : null);
  });
  for (const name of ["pointerdown", "pointerleave"] as const) canvas.addEventListener(name, () => point(null));
}

/** The cell at a point of the viewport; null beside the cells, and for the output cell of the playhead, which is told anyway. */
function cellUnder(stage: Stage, which: sights.Which, at: { readonly x: number; readonly y: number }): state.Pointed | null {
  const figure = sights.figures.peek()?.[which];
  if (!stage.drawn || !figure || stage.drawn.shown.walk.stamps) return null;
  const rect = stage.parts[which === "input" ? "inputLive" : "outputLive"].getBoundingClientRect();
  const { row, column } = cellAt(figure, at.x - rect.left, at.y - rect.top);
  const { y, x } = stage.drawn.shown.geometry;
  const [rows, columns] = which === "input" ? [y.inputSize, x.inputSize] : [y.outputSize, x.outputSize];
  if (row < Math.max(0, Math.floor(figure.top)) || column < Math.max(0, Math.floor(figure.left)) || row >= rows || column >= columns) return null;
  if (which === "input") return { kind: "input", row, column };
  const position = row * columns + column;
  return position === state.position.peek() ? null : { kind: "output", position };
}

function pressOutput(stage: Stage): void {
  const canvas = stage.parts.outputLive;
  const go = (event: PointerEvent): void => {
    const figure = sights.figures.peek()?.output;
    if (!stage.drawn || !figure) return;
    const rect = canvas.getBoundingClientRect();
    const { row, column } = cellAt(figure, event.clientX - rect.left, event.clientY - rect.top);
    const { geometry: { y, x }, walk } = stage.drawn.shown;
    if (row < 0 || column < 0 || row >= y.outputSize || column >= x.outputSize) return;
    act("go-to", String(walk.stamps ? cellNear(walk, middle(y, row), middle(x, column)) : row * x.outputSize + column));
  };
  gestures(canvas, "output", {
    begin: () => { stage.holding = true; },
    move: go,
    end: () => { stage.holding = false; },
  });
}

/** The position of the input cell nearest to a point. */
function cellNear({ rows, columns }: Walk, row: number, column: number): number {
  const held = (at: number, size: number): number => Math.min(Math.max(0, Math.round(at)), size - 1);
  return held(row, rows) * columns + held(column, columns);
}

function pressLoupe(stage: Stage, editWeight: (row: number, column: number) => void): void {
  const canvas = stage.parts.loupe;
  const under = (event: MouseEvent) => {
    const drawn = stage.drawn;
    if (!drawn) return null;
    const rect = canvas.getBoundingClientRect();
    const { y, x } = drawn.shown.geometry;
    const { diameter } = drawn.arrangement.fit;
    return tapAt(diameter, loupeLayout(y.kernelSize, x.kernelSize, gapsUnder({ y, x })), event.clientX - rect.left, event.clientY - rect.top);
  };
  canvas.addEventListener("pointermove", (event) => {
    const tap = under(event);
    state.hovered.value = tap && stage.drawn ? tap.row * stage.drawn.shown.geometry.x.kernelSize + tap.column : null;
  });
  canvas.addEventListener("pointerleave", () => { state.hovered.value = null; });
  canvas.addEventListener("click", (event) => {
    const tap = under(event);
    if (!tap || !stage.drawn) return;
    if (tap.half === "weight") {
      editWeight(tap.row, tap.column);
      return;
    }
    const { y, x } = stage.drawn.shown.geometry;
    const cells = y.kernelSize * x.kernelSize;
    const place = tap.row * x.kernelSize + tap.column;
    act("tap", String(state.channel.peek() * cells + (y.crop === null || stage.drawn.shown.walk.stamps ? place : cells - 1 - place)));
  });
}
