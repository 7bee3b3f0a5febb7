/** The output: computed cells in the chosen palette; stripes, never a grey, where nothing is computed yet. */
import { textOn } from "../colour.ts";
import { type Box, type Figure, IS_BOX, PRINTS_OUTPUT, area, boxOf, clipToArea, visible } from "./figure.ts";
import type { Extent } from "../stage/viewport.ts";
import type { Ink } from "./ink.ts";
import { doubleFrame, drawCells, gridLines, hatch, label } from "./marks.ts";
import { paintExtent, paintRulers } from "./rulers.ts";

export interface OutputScene {
  readonly ink: Ink;
  readonly figure: Figure;
  readonly height: number;
  readonly width: number;
}

export interface OutputCellsScene extends OutputScene {
  /** One pixel a cell, or one for several cells; painted as far as `computed`. */
  readonly picture: HTMLCanvasElement;
  /** How many cells, row-major from 0, are shown as computed. */
  readonly computed: number;
  /** Instead of the first ones, those of them that lie in these boxes. */
  readonly finished: readonly Extent[] | null;
  /** The cell under the playhead; null where that is elsewhere. */
  readonly at: { readonly row: number; readonly column: number } | null;
  readonly print: (position: number) => { text: string; colour: string };
  /** The value of the cell under the playhead is still to be predicted. */
  readonly hidden: boolean;
}

export function paintOutput(context: CanvasRenderingContext2D, scene: OutputScene): void {
  const { figure, ink } = scene;
  const whole = area(figure);
  context.fillStyle = ink.sheet;
  context.fillRect(whole.x, whole.y, whole.w, whole.h);
  hatch(context, whole, Math.max(9, ink.rem * 0.6), ink.unset, Math.max(2, ink.rem * 0.14), true);
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.strokeRect(whole.x + 0.5, whole.y + 0.5, whole.w - 1, whole.h - 1);
  paintRulers(context, scene);
}

export function paintOutputCells(context: CanvasRenderingContext2D, scene: OutputCellsScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  context.save();
  clipToArea(context, figure, 0.5);
  context.save();
  clipToComputed(context, scene);
  drawCells(context, figure, scene.picture, scene.height, scene.width);
  context.restore();
  if (scene.hidden && scene.at) fillMark(context, boxOf(figure, scene.at.row, scene.at.column), ink);
  if (cell >= IS_BOX) gridLines(context, figure, ink.line, 1);
  if (cell >= PRINTS_OUTPUT) printCells(context, scene);
  context.restore();
  if (scene.at === null) return;
  context.save();
  clipToArea(context, figure, 3);
  const current = boxOf(figure, scene.at.row, scene.at.column);
  doubleFrame(context, current, cell >= IS_BOX ? 3 : 2, ink);
  // In small cells the frame's halo covers what lies in them.
  if (scene.hidden && cell < IS_BOX) fillMark(context, { x: current.x + 1, y: current.y + 1, w: current.w - 2, h: current.h - 2 }, ink);
  context.restore();
  paintExtent(context, scene, scene.at.row, scene.at.column, 1, 1);
}

function fillMark(context: CanvasRenderingContext2D, { x, y, w, h }: Box, ink: Ink): void {
  context.fillStyle = ink.mark;
  context.fillRect(x, y, w, h);
}

function clipToComputed(context: CanvasRenderingContext2D, scene: OutputCellsScene): void {
  const { figure, computed, width, finished } = scene;
  context.beginPath();
  if (finished) {
    const add = ({ x, y, w, h }: ReturnType<typeof boxOf>): void => context.rect(x, y, w, h);
    // Not before it has come, either.
    const come = Math.floor(computed / width);
    for (const { top, left, rows, columns } of finished) add(boxOf(figure, top, left, Math.max(0, Math.min(rows, come - top)), columns));
    context.clip();
    return;
  }
  const rows = Math.floor(computed / width);
  const done = boxOf(figure, 0, 0, rows, width);
  const begun = boxOf(figure, rows, 0, 1, computed % width);
  context.rect(done.x, done.y, done.w, done.h);
  context.rect(begun.x, begun.y, begun.w, begun.h);
  context.clip();
}

const within = ({ top, left, rows, columns }: Extent, row: number, column: number): boolean =>
  row >= top && row < top + rows && column >= left && column < left + columns;

function printCells(context: CanvasRenderingContext2D, scene: OutputCellsScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  const [top, bottom] = visible(figure.top, figure.rows, scene.height);
  const [left, right] = visible(figure.left, figure.columns, scene.width);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const position = row * scene.width + column;
      if (position >= scene.computed) return;
      if (scene.finished && !scene.finished.some((box) => within(box, row, column))) continue;
      const box = boxOf(figure, row, column);
      const { text, colour } = scene.print(position);
      const size = Math.min(cell * 0.3, (cell * 1.25) / text.length);
      label(context, text, box.x + cell / 2, box.y + cell / 2 + 1, textOn(colour), `500 ${size}px ${ink.mono}`);
    }
  }
}
