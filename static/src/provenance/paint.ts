/** The marks of what is traced, over a figure. */
import { type Figure, IS_BOX, PRINTS_INPUT, boxOf, clipToArea } from "../painters/figure.ts";
import type { Ink } from "../painters/ink.ts";
import { doubleFrame, label, tapFrame } from "../painters/marks.ts";
import type { Mark } from "./marks.ts";

/** More crossings than this are told by their outline alone. */
const MOST_CROSSINGS = 4096;

export function paintMarks(context: CanvasRenderingContext2D, figure: Figure, ink: Ink, marks: readonly Mark[]): void {
  context.save();
  clipToArea(context, figure, 3);
  for (const mark of marks) paintMark(context, figure, ink, mark);
  context.restore();
}

function paintMark(context: CanvasRenderingContext2D, figure: Figure, ink: Ink, mark: Mark): void {
  switch (mark.kind) {
    case "tap":
      tap(context, figure, ink, mark);
      return;
    case "spot":
    case "playhead":
      doubleFrame(context, boxOf(figure, mark.row, mark.column), figure.cell >= IS_BOX ? 3 : 2, ink);
      return;
    case "window":
      brokenFrame(context, boxOf(figure, mark.row, mark.column, mark.rows, mark.columns), 2, ink);
      return;
    case "crossings":
      crossings(context, figure, ink, mark);
  }
}

type Box = ReturnType<typeof boxOf>;

function tap(context: CanvasRenderingContext2D, figure: Figure, ink: Ink, { row, column, colour, text }: Mark & { kind: "tap" }): void {
  const { cell } = figure;
  const box = boxOf(figure, row, column);
  tapFrame(context, box, colour, ink);
  if (text === null || cell < PRINTS_INPUT) return;
  // Over the number of the cell, not on it.
  const size = Math.min(cell * 0.26, (cell * 1.3) / text.length);
  const height = size * 1.3;
  const inset = Math.max(4, cell * 0.055) + 2;
  context.fillStyle = ink.sheet;
  context.globalAlpha = 0.9;
  context.fillRect(box.x + inset, box.y + inset, cell - 2 * inset, height);
  context.globalAlpha = 1;
  label(context, text, box.x + cell / 2, box.y + inset + height / 2 + 0.5, ink.ink, `600 ${size}px ${ink.mono}`);
}

/** The frame of what is looked at and not chosen. */
function brokenFrame(context: CanvasRenderingContext2D, { x, y, w, h }: Box, width: number, ink: Ink): void {
  context.strokeStyle = ink.frameHalo;
  context.lineWidth = width + 3;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = ink.frame;
  context.lineWidth = width;
  context.setLineDash([5, 3]);
  context.strokeRect(x, y, w, h);
  context.setLineDash([]);
}

function crossings(
  context: CanvasRenderingContext2D, figure: Figure, ink: Ink, { rows, columns, colour }: Mark & { kind: "crossings" },
): void {
  const [top, left, bottom, right] = [rows[0], columns[0], rows.at(-1), columns.at(-1)];
  if (top === undefined || left === undefined || bottom === undefined || right === undefined) return;
  const { cell } = figure;
  const whole = boxOf(figure, top, left, bottom - top + 1, right - left + 1);
  context.strokeStyle = ink.frameHalo;
  context.lineWidth = 5;
  context.strokeRect(whole.x, whole.y, whole.w, whole.h);
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.strokeRect(whole.x, whole.y, whole.w, whole.h);
  const apart = (cells: readonly number[]): number => ((cells[1] ?? Infinity) - (cells[0] ?? 0)) * cell;
  const gaps = rows.length < bottom - top + 1 || columns.length < right - left + 1;
  if (!gaps || rows.length * columns.length > MOST_CROSSINGS || Math.min(apart(rows), apart(columns)) < 5) return;
  const side = Math.max(2, Math.min(6, cell * 0.4));
  for (const [size, fill] of [[side + 2, ink.frameHalo], [side, colour]] as const) {
    context.fillStyle = fill;
    context.beginPath();
    for (const row of rows) {
      for (const column of columns) {
        const { x, y } = boxOf(figure, row, column);
        context.rect(x + (cell - size) / 2, y + (cell - size) / 2, size, size);
      }
    }
    context.fill();
  }
}
