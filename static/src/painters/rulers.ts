/** Graduated scales above and left of a figure. The extent of the window is a bold segment on both. */
import { type Figure, boxOf, visible } from "./figure.ts";
import type { Ink } from "./ink.ts";

export interface RulerScene {
  readonly ink: Ink;
  readonly figure: Figure;
  /** The scale runs 0..size-1; padding lies outside it, so that row -1 is visibly not a row of the image. */
  readonly height: number;
  readonly width: number;
}

interface Scale {
  /** Every how many cells a number, and a tick. */
  readonly numbered: number;
  readonly ticked: number;
}

/** CSS pixels from number to number, when not every cell has its own. */
const NUMBERS_APART = 72;

function scaleOf({ figure: { cell }, ink }: RulerScene, size: number): Scale {
  const digits = String(size - 1).length;
  let numbered = 1;
  if (cell < digits * numberSize(ink) * 0.62 + 4) while (numbered * cell < NUMBERS_APART) numbered *= 2;
  return { numbered, ticked: cell >= 5 ? 1 : cell >= 2.5 ? 2 : numbered / 4 };
}

const numberSize = (ink: Ink): number => Math.max(11, ink.rem * 0.72);
const numberFont = (ink: Ink, weight: number): string => `${weight} ${numberSize(ink)}px ${ink.mono}`;

function eachTick(
  scene: RulerScene, size: number, first: number, count: number, visit: (index: number, scale: Scale) => void,
): void {
  const scale = scaleOf(scene, size);
  const [from, to] = visible(first, count, size);
  for (let index = Math.ceil(from / scale.ticked) * scale.ticked; index < to; index += scale.ticked) {
    // Ticks stand in the middle of their cell, which may be cut off.
    if (index + 0.5 >= first && index + 0.5 <= first + count) visit(index, scale);
  }
}

export function paintRulers(context: CanvasRenderingContext2D, scene: RulerScene): void {
  const { figure, ink } = scene;
  if (figure.margin < 8) return;
  const labelled = figure.margin >= 20;
  context.strokeStyle = ink.ink3;
  context.fillStyle = ink.ink3;
  context.lineWidth = 1;
  context.font = numberFont(ink, 400);
  const edge = figure.margin - 2;
  const length = (index: number, scale: Scale): number => (index % scale.numbered === 0 ? 7 : index % 8 === 0 ? 5 : 3);
  const tick = (index: number, scale: Scale, horizontal: boolean): void => {
    const major = index % scale.numbered === 0;
    const box = boxOf(figure, index, index);
    const at = horizontal ? box.x + figure.cell / 2 : box.y + figure.cell / 2;
    if (scale.numbered > 1) {
      context.globalAlpha = major ? 1 : 0.6;
      context.beginPath();
      context.moveTo(horizontal ? at : edge, horizontal ? edge : at);
      context.lineTo(horizontal ? at : edge - length(index, scale), horizontal ? edge - length(index, scale) : at);
      context.stroke();
      context.globalAlpha = 1;
    }
    if (!major || !labelled) return;
    const distance = scale.numbered > 1 ? 11 : 10;
    context.textAlign = horizontal ? "center" : "right";
    context.textBaseline = horizontal ? "alphabetic" : "middle";
    context.fillText(String(index), horizontal ? at : figure.margin - distance, horizontal ? figure.margin - distance : at + 0.5);
  };
  eachTick(scene, scene.width, figure.left, figure.columns, (index, scale) => tick(index, scale, true));
  eachTick(scene, scene.height, figure.top, figure.rows, (index, scale) => tick(index, scale, false));
}

/** The bold segment that says where [row, row + rows) x [column, column + columns) lies on the scales. */
export function paintExtent(
  context: CanvasRenderingContext2D, scene: RulerScene, row: number, column: number, rows: number, columns: number,
): void {
  const { figure, ink } = scene;
  const box = boxOf(figure, row, column, rows, columns);
  const edge = figure.margin - 3.5;
  const clamp = (value: number, cells: number): number =>
    Math.min(Math.max(value, figure.margin), figure.margin + cells * figure.cell);
  context.strokeStyle = ink.ink;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(clamp(box.x, figure.columns), edge);
  context.lineTo(clamp(box.x + box.w, figure.columns), edge);
  context.moveTo(edge, clamp(box.y, figure.rows));
  context.lineTo(edge, clamp(box.y + box.h, figure.rows));
  context.stroke();
}
