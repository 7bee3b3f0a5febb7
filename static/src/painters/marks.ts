/** Small marks that several figures share: hatching, the double frame, clipped areas. */
import { type Box, type Figure, IS_BOX, area, boxOf, visible } from "./figure.ts";
import type { Ink } from "./ink.ts";

/** 45 degree lines: rising for padding ("outside"), falling for "not computed". The two are never alike. */
export function hatch(
  context: CanvasRenderingContext2D, box: Box, gap: number, colour: string, width: number, falls = false,
): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.w, box.h);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (let start = -box.h; start < box.w; start += gap) {
    context.moveTo(box.x + start, falls ? box.y : box.y + box.h);
    context.lineTo(box.x + start + box.h, falls ? box.y + box.h : box.y);
  }
  context.stroke();
  context.restore();
}

/** The visible part of a picture with one pixel a cell, or one for several cells; each pixel grows to what it stands for. */
export function drawCells(
  context: CanvasRenderingContext2D, figure: Figure, picture: HTMLCanvasElement, height: number, width: number,
): void {
  const [top, bottom] = visible(figure.top, figure.rows, height);
  const [left, right] = visible(figure.left, figure.columns, width);
  const seen = boxOf(figure, top, left, bottom - top, right - left);
  if (seen.w <= 0 || seen.h <= 0) return;
  const by = Math.round(width / picture.width);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, left / by, top / by, (right - left) / by, (bottom - top) / by, seen.x, seen.y, seen.w, seen.h);
}

/** A frame in two inks, so that it survives any photograph under it. */
export function doubleFrame(context: CanvasRenderingContext2D, box: Box, width: number, ink: Ink): void {
  context.strokeStyle = ink.frameHalo;
  context.lineWidth = width + 3;
  context.strokeRect(box.x, box.y, box.w, box.h);
  context.strokeStyle = ink.frame;
  context.lineWidth = width;
  context.strokeRect(box.x, box.y, box.w, box.h);
}

/** One cell's frame in the colour of a tap, inside of the cell; small ones keep a line of halo between them and their neighbours. */
export function tapFrame(context: CanvasRenderingContext2D, { x, y, w, h }: Box, colour: string, ink: Ink): void {
  const boxed = w >= IS_BOX;
  const inset = boxed ? Math.min(2, w * 0.08) : Math.min(1, w * 0.1);
  const width = boxed ? Math.max(Math.min(4, w * 0.16), w * 0.055) : Math.max(1, w * 0.26);
  if (!boxed) ring(0, inset, ink.frameHalo);
  ring(inset, width, colour);

  function ring(from: number, thickness: number, fill: string): void {
    context.fillStyle = fill;
    context.beginPath();
    context.rect(x + from, y + from, w - 2 * from, h - 2 * from);
    const inner = from + thickness;
    if (w > 2 * inner) context.rect(x + inner, y + inner, w - 2 * inner, h - 2 * inner);
    context.fill("evenodd");
  }
}

/** The edges of the visible cells. */
export function gridLines(context: CanvasRenderingContext2D, figure: Figure, colour: string, alpha: number): void {
  const { x, y, w, h } = area(figure);
  const first = boxOf(figure, Math.ceil(figure.top), Math.ceil(figure.left));
  context.save();
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = first.x; at <= x + w + 0.5; at += figure.cell) {
    context.moveTo(at, y);
    context.lineTo(at, y + h);
  }
  for (let at = first.y; at <= y + h + 0.5; at += figure.cell) {
    context.moveTo(x, at);
    context.lineTo(x + w, at);
  }
  context.stroke();
  context.restore();
}

export function fillDisc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Text centred on a point. */
export function label(
  context: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string, font: string,
): void {
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

const tiles = new Map<string, HTMLCanvasElement>();

/** One dot every `pitch` CSS pixels over the current path's fill, from (x, y) on; as a pattern, so that a million cost as much as one. */
export function dotPattern(
  context: CanvasRenderingContext2D, x: number, y: number, pitch: number, radius: number, colour: string,
): CanvasPattern {
  const ratio = context.getTransform().a;
  const key = [ratio, pitch, radius, colour].join(" ");
  let tile = tiles.get(key);
  if (!tile) {
    tile = document.createElement("canvas");
    tile.width = tile.height = Math.max(1, Math.round(pitch * ratio));
    const inside = tile.getContext("2d") as CanvasRenderingContext2D;
    fillDisc(inside, tile.width / 2, tile.height / 2, radius * ratio, colour);
    tiles.set(key, tile);
  }
  const pattern = context.createPattern(tile, "repeat") as CanvasPattern;
  const scale = pitch / tile.width;
  pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, x, y]));
  return pattern;
}
