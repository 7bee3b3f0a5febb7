/** Small marks that several figures share: hatching, the double frame, clipped areas. */
import { type Box, type Figure, boxOf, visible } from "./figure.ts";
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

/** The visible part of a picture with one pixel a cell, each pixel grown to a cell. */
export function drawCells(
  context: CanvasRenderingContext2D, figure: Figure, picture: CanvasImageSource, height: number, width: number,
): void {
  const [top, bottom] = visible(figure.top, figure.rows, height);
  const [left, right] = visible(figure.left, figure.columns, width);
  const seen = boxOf(figure, top, left, bottom - top, right - left);
  if (seen.w <= 0 || seen.h <= 0) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, left, top, right - left, bottom - top, seen.x, seen.y, seen.w, seen.h);
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

export function gridLines(
  context: CanvasRenderingContext2D, box: Box, cell: number, colour: string, alpha: number,
): void {
  context.save();
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = box.x; x <= box.x + box.w + 0.5; x += cell) {
    context.moveTo(x, box.y);
    context.lineTo(x, box.y + box.h);
  }
  for (let y = box.y; y <= box.y + box.h + 0.5; y += cell) {
    context.moveTo(box.x, y);
    context.lineTo(box.x + box.w, y);
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
