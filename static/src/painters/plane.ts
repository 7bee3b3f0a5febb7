/** A plane of numbers on the way to the output: its cells, those that one output cell is made of in the colours of their taps. */
import { textOn } from "../colour.ts";
import { type Figure, IS_BOX, PRINTS_INPUT, area, boxOf, clipToArea, visible } from "./figure.ts";
import type { Ink } from "./ink.ts";
import { doubleFrame, drawCells, fillDisc, gridLines, hatch, label, tapFrame } from "./marks.ts";

export interface PlaneScene {
  readonly ink: Ink;
  readonly figure: Figure;
  readonly height: number;
  readonly width: number;
  /** One pixel a cell. */
  readonly picture: HTMLCanvasElement;
  /** Printed where cells are large enough. */
  readonly print: (row: number, column: number) => { readonly text: string; readonly colour: string };
  /** Cells that are read; without a colour they are framed all together only. */
  readonly lit: readonly { readonly row: number; readonly column: number; readonly colour: string | null }[];
  /** In cells: top, left, height, width. */
  readonly frame: { readonly top: number; readonly left: number; readonly height: number; readonly width: number } | null;
  /** The cells of the input in it: what lies around them is padding with zeros. Null where there is none, or none to be told apart. */
  readonly cells: PlaneScene["frame"];
  /** Not reached yet, or not read. */
  readonly faint: boolean;
}

/** Of the paper that lies over what is not reached yet. */
const FAINT = 0.62;

export function paintPlane(context: CanvasRenderingContext2D, scene: PlaneScene): void {
  const { figure, ink } = scene;
  const whole = area(figure);
  context.save();
  clipToArea(context, figure);
  context.fillStyle = ink.sheet;
  context.fillRect(whole.x, whole.y, whole.w, whole.h);
  // Seen through cells without a number.
  hatch(context, whole, Math.max(9, ink.rem * 0.6), ink.unset, Math.max(2, ink.rem * 0.14), true);
  drawCells(context, figure, scene.picture, scene.height, scene.width);
  if (scene.cells) paintPadding(context, scene, scene.cells);
  if (figure.cell >= IS_BOX) gridLines(context, figure, ink.line, 1);
  if (figure.cell >= PRINTS_INPUT) printCells(context, scene);
  context.restore();
  if (scene.faint) {
    context.save();
    context.globalAlpha = FAINT;
    context.fillStyle = ink.paper;
    context.fillRect(whole.x, whole.y, whole.w, whole.h);
    context.restore();
  }
  context.save();
  clipToArea(context, figure, 3);
  if (figure.cell >= 4) for (const { row, column, colour } of scene.lit) if (colour !== null) tapFrame(context, boxOf(figure, row, column), colour, ink);
  if (scene.frame) {
    const { top, left, height, width } = scene.frame;
    doubleFrame(context, boxOf(figure, top, left, height, width), figure.cell >= IS_BOX ? 3 : 2, ink);
  }
  context.restore();
}

/** As around the input on the stage: hatched, so that its zeros are not taken for black cells. */
function paintPadding(context: CanvasRenderingContext2D, { figure, ink }: PlaneScene, { top, left, height, width }: NonNullable<PlaneScene["cells"]>): void {
  const [whole, inner] = [area(figure), boxOf(figure, top, left, height, width)];
  context.save();
  context.beginPath();
  context.rect(whole.x, whole.y, whole.w, whole.h);
  context.rect(inner.x, inner.y, inner.w, inner.h);
  context.clip("evenodd");
  context.fillStyle = ink.sheet;
  context.fillRect(whole.x, whole.y, whole.w, whole.h);
  hatch(context, whole, 5, ink.edge, 1);
  context.restore();
}

function printCells(context: CanvasRenderingContext2D, { figure, height, width, cells, print, ink }: PlaneScene): void {
  const [top, bottom] = visible(figure.top, figure.rows, height);
  const [left, right] = visible(figure.left, figure.columns, width);
  const bare = (row: number, column: number): boolean => cells !== null && (row < cells.top || row >= cells.top + cells.height || column < cells.left || column >= cells.left + cells.width);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const box = boxOf(figure, row, column);
      const { text, colour } = print(row, column);
      const size = Math.min(figure.cell * 0.36, (figure.cell * 1.05) / text.length);
      if (bare(row, column)) {
        // Legible on the hatching.
        fillDisc(context, box.x + box.w / 2, box.y + box.h / 2, size * 0.85, ink.sheet);
        label(context, text, box.x + box.w / 2, box.y + box.h / 2 + 1, ink.ink2, `500 ${size}px ${ink.mono}`);
      } else label(context, text, box.x + box.w / 2, box.y + box.h / 2 + 1, textOn(colour), `500 ${size}px ${ink.mono}`);
    }
  }
}
