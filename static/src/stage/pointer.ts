/** Hands on the stage: drag the window, press an output cell, press a tap. Every gesture ends in an action. */
import { act } from "../actions/index.ts";
import { middleOf, positionAt } from "../geometry.ts";
import { cellAt } from "../painters/figure.ts";
import { tapAt } from "../painters/loupe.ts";
import * as state from "../state.ts";
import type { Stage } from "./stage.ts";

/** A finger drags after a grab this close to the window, so that it need not cover what it moves. */
const GRAB_PX = 44;

export function listen(stage: Stage, editWeight: (row: number, column: number) => void): void {
  dragWindow(stage);
  pressOutput(stage);
  pressLoupe(stage, editWeight);
  pan(stage, "input", stage.parts.inputLive);
  pan(stage, "output", stage.parts.outputLive);
}

function dragWindow(stage: Stage): void {
  const canvas = stage.parts.inputLive;
  /** From the finger to the centre of the window, in cells; null while nothing is dragged. */
  let grip: { rows: number; columns: number } | null = null;
  const pointed = (event: PointerEvent): { row: number; column: number } | null => {
    const drawn = stage.drawn;
    if (!drawn) return null;
    const { cell, margin, top, left } = drawn.input.figure;
    const rect = canvas.getBoundingClientRect();
    return {
      row: (event.clientY - rect.top - margin) / cell + top - 0.5,
      column: (event.clientX - rect.left - margin) / cell + left - 0.5,
    };
  };
  const move = (event: PointerEvent): void => {
    const drawn = stage.drawn;
    const point = pointed(event);
    if (!drawn || !point || !grip) return;
    const { y, x } = drawn.shown.geometry;
    const position = positionAt(y, x, point.row + grip.rows, point.column + grip.columns);
    if (position !== state.position.peek()) act("go-to", String(position));
  };
  canvas.addEventListener("pointerdown", (event) => {
    const drawn = stage.drawn;
    const point = pointed(event);
    if (event.button !== 0 || !drawn || !point) return;
    canvas.setPointerCapture(event.pointerId);
    const centre = middleOf(drawn.shown.geometry, state.position.peek());
    const near = Math.hypot(point.row - centre.row, point.column - centre.column) * drawn.input.figure.cell < GRAB_PX;
    const finger = event.pointerType === "touch" && near;
    grip = finger ? { rows: centre.row - point.row, columns: centre.column - point.column } : { rows: 0, columns: 0 };
    if (!finger) move(event);
  });
  canvas.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { grip = null; });
}

function pressOutput(stage: Stage): void {
  const canvas = stage.parts.outputLive;
  const go = (event: PointerEvent): void => {
    const drawn = stage.drawn;
    if (!drawn) return;
    const rect = canvas.getBoundingClientRect();
    const { row, column } = cellAt(drawn.output.figure, event.clientX - rect.left, event.clientY - rect.top);
    const { y, x } = drawn.shown.geometry;
    if (row < 0 || column < 0 || row >= y.outputSize || column >= x.outputSize) return;
    act("go-to", String(row * x.outputSize + column));
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) go(event);
  });
}

function pressLoupe(stage: Stage, editWeight: (row: number, column: number) => void): void {
  const canvas = stage.parts.loupe;
  const under = (event: MouseEvent) => {
    const drawn = stage.drawn;
    if (!drawn) return null;
    const rect = canvas.getBoundingClientRect();
    const { y, x } = drawn.shown.geometry;
    const { diameter } = drawn.arrangement.fit;
    return tapAt(diameter, y.kernelSize, x.kernelSize, event.clientX - rect.left, event.clientY - rect.top);
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
    act("tap", String((state.channel.peek() * y.kernelSize + tap.row) * x.kernelSize + tap.column));
  });
}

function pan(stage: Stage, which: "input" | "output", canvas: HTMLCanvasElement): void {
  canvas.addEventListener("wheel", (event) => {
    const viewport = stage.drawn?.[which];
    if (!viewport?.pans || event.ctrlKey) return;
    event.preventDefault();
    const { cell } = viewport.figure;
    stage.pan(which, Math.round(event.deltaY / cell), Math.round(event.deltaX / cell));
  }, { passive: false });
}
