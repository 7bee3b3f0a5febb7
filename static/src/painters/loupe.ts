/**
 * The loupe: the window under glass, each input value over the weight it is multiplied with.
 * Drawn in a fixed square of 440 units and scaled to the diameter, so every proportion holds at every size.
 */
import { contrast, diverge, mix, textOn } from "../colour.ts";
import { TIMES, formatNumber } from "../format.ts";
import { type Along, GLASS, LOUPE_UNITS, type LoupeLayout, RING, boxUnder, cellUnder, cellsUnder, loupeLayout } from "../loupe-layout.ts";
import type { Ink } from "./ink.ts";
import { fillDisc, hatch, label } from "./marks.ts";

export interface LoupeTap {
  readonly value: number;
  /** Null in a pool. */
  readonly weight: number | null;
  readonly padding: boolean;
  /** Cells that a pool leaves out have no number. */
  readonly counts: boolean;
  /** Colour of the value on its channel plate; of the paper where the padding has none. */
  readonly plate: string;
  readonly colour: string;
}

export interface LoupeScene {
  readonly ink: Ink;
  /** CSS pixels. */
  readonly diameter: number;
  readonly rows: number;
  readonly columns: number;
  /** Row-major over the kernel, for the channel under the glass. */
  readonly taps: readonly LoupeTap[];
  readonly largestWeight: number;
  /** "red only" and its colour; null for one channel. */
  readonly tag: { readonly text: string; readonly colour: string } | null;
  /** Of a transposed convolution, whose first tap lies last. */
  readonly turned: boolean;
  /** In the Tap cadence: how many of these taps are multiplied already (the last of them is the current one). */
  readonly multiplied: number | null;
  /** The tap that is pointed at, here or elsewhere. */
  readonly lit: number | null;
  /** The tap that a max pool has taken; -1 for none. */
  readonly winner: number;
  /** Whether the taps are added up: said by plus signs between them. */
  readonly adds: boolean;
  /**
   * The picture around the window, fogged: a cell's colour, "padding", or null beyond both.
   * Coordinates are relative to the window's first cell. Null where the cells under the glass are no neighbours.
   */
  readonly around: ((row: number, column: number) => string | null) | null;
  /** Rows, columns: how far apart in the picture the taps are that stand side by side under the glass. */
  readonly dilation: readonly [rows: number, columns: number];
  /** The numbers of one tap, for windows too dense to print. */
  readonly caption: string | null;
}

const UNITS = LOUPE_UNITS;
const CENTRE = UNITS / 2;

export function paintLoupe(context: CanvasRenderingContext2D, scene: LoupeScene): void {
  const { ink, diameter } = scene;
  const layout = loupeLayout(scene.rows, scene.columns, scene.dilation);
  context.save();
  context.scale(diameter / UNITS, diameter / UNITS);
  context.save();
  outline(context, layout, GLASS);
  context.fillStyle = ink.paper;
  context.fill();
  context.clip();
  if (scene.around) paintNeighbourhood(context, scene, layout);
  context.globalAlpha = ink.fog;
  context.fillStyle = ink.sheet;
  context.fillRect(0, 0, UNITS, UNITS);
  context.globalAlpha = 1;
  if (scene.around) veilStrips(context, ink, layout);
  scene.taps.forEach((tap, index) => paintTap(context, scene, layout, tap, index));
  if (scene.adds && layout.round && layout.pitch > 50) paintPluses(context, scene, layout);
  context.restore();
  paintRing(context, scene, layout);
  // Dense windows leave room for it on the ring alone.
  paintTag(context, scene, layout);
  context.restore();
}

/** A circle, or a superellipse: the rounded square that keeps the glass's curve. */
function outline(context: CanvasRenderingContext2D, layout: LoupeLayout, radius: number): void {
  context.beginPath();
  if (layout.round) {
    context.arc(CENTRE, CENTRE, radius, 0, 2 * Math.PI);
    return;
  }
  const exponent = 2 / 7;
  for (let step = 0; step <= 120; step++) {
    const angle = (step / 120) * 2 * Math.PI;
    const bend = (v: number): number => Math.sign(v) * Math.abs(v) ** exponent * radius;
    context.lineTo(CENTRE + bend(Math.cos(angle)), CENTRE + bend(Math.sin(angle)));
  }
  context.closePath();
}

function paintNeighbourhood(context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout): void {
  const [rows, columns] = [cellsUnder(layout.rows), cellsUnder(layout.columns)];
  for (const row of rows) {
    const down = cellUnder(layout.rows, row);
    for (const column of columns) {
      const colour = scene.around?.(row, column) ?? null;
      if (colour === null) continue;
      const across = cellUnder(layout.columns, column);
      const box = { x: across.start, y: down.start, w: across.size + 0.6, h: down.size + 0.6 };
      if (colour === "padding") {
        context.fillStyle = scene.ink.sheet;
        context.fillRect(box.x, box.y, box.w, box.h);
        hatch(context, box, 12, scene.ink.edge, 2);
      } else {
        context.fillStyle = colour;
        context.fillRect(box.x, box.y, box.w, box.h);
      }
    }
  }
}

/** Between dilated taps: inside of the window, and not read. */
function veilStrips(context: CanvasRenderingContext2D, ink: Ink, { rows, columns }: LoupeLayout): void {
  const length = ({ pitch, taps, strip }: Along): number => pitch * taps - strip;
  context.beginPath();
  for (let tap = 1; tap < rows.taps; tap++) context.rect(columns.first, rows.first + tap * rows.pitch - rows.strip, length(columns), rows.strip);
  for (let tap = 1; tap < columns.taps; tap++) context.rect(columns.first + tap * columns.pitch - columns.strip, rows.first, columns.strip, length(rows));
  context.globalAlpha = 0.6;
  context.fillStyle = ink.sheet;
  context.fill();
  context.globalAlpha = 1;
}

/** Text that steps back as far as the contrast promise (4.6 to 1) lets it. */
const dimmed = new Map<string, string>();
function dim(text: string, background: string): string {
  const key = text + background;
  let colour = dimmed.get(key);
  if (colour === undefined) {
    colour = text;
    for (let share = 0.5; share > 0; share -= 0.05) {
      const paler = mix(text, background, share);
      if (contrast(paler, background) >= 4.6) {
        colour = paler;
        break;
      }
    }
    dimmed.set(key, colour);
  }
  return colour;
}

function paintTap(
  context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout, tap: LoupeTap, index: number,
): void {
  const { ink } = scene;
  const { pitch, side } = layout;
  const { x, y } = boxUnder(layout, Math.floor(index / scene.columns), index % scene.columns);
  const stepping = scene.multiplied !== null;
  const order = scene.turned ? scene.taps.length - 1 - index : index;
  const current = order === (stepping ? (scene.multiplied ?? 0) - 1 : scene.winner);
  const later = comesLater(scene, index);
  // A weight over nothing: there is no product.
  const idle = tap.weight !== null && !tap.counts && !current;
  const drops = tap.weight === 0 && !stepping;
  const bar = Math.max(Math.min(4, pitch * 0.12), side * 0.075);
  const half = (side - bar) / (tap.weight === null ? 1 : 2);
  const top = drops && !tap.padding ? mix(tap.plate, ink.sheet, 0.55) : tap.plate;
  const bottom = diverge((0.62 * (tap.weight ?? 0)) / (scene.largestWeight || 1), ink.dark);
  const corner = Math.min(4, side * 0.06);

  context.save();
  if (later || idle) context.globalAlpha = 0.3;
  if (current || index === scene.lit) {
    context.fillStyle = ink.mark;
    context.strokeStyle = ink.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - 4, y - 4, side + 8, side + 8, 7);
    context.fill();
    context.stroke();
  }
  context.fillStyle = drops ? mix(ink.glassCell, ink.sheet, 0.55) : ink.glassCell;
  context.beginPath();
  context.roundRect(x - 1, y - 1, side + 2, side + 2, corner + 1);
  context.fill();
  context.save();
  context.beginPath();
  context.roundRect(x, y, side, side, corner);
  context.clip();
  context.fillStyle = top;
  context.fillRect(x, y, side, half);
  if (tap.padding) hatch(context, { x, y, w: side, h: half }, 12, ink.edge, 2);
  if (tap.weight !== null) {
    context.fillStyle = bottom;
    context.fillRect(x, y + half, side, half);
  }
  context.fillStyle = tap.colour;
  context.fillRect(x, y + side - bar, side, bar);
  context.restore();
  printTap(context, scene, layout, tap, { x, y, side, half, top, bottom, drops });
  context.restore();
}

interface TapBox {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly half: number;
  readonly top: string;
  readonly bottom: string;
  readonly drops: boolean;
}

/** Digits are 35.5 % of the cell, smaller for long numbers, absent where they could not be read. */
function digits(text: string, side: number): number {
  return Math.min(side * 0.355, (side * 0.84) / (Math.max(2.4, text.length) * 0.602));
}

function printTap(
  context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout, tap: LoupeTap, box: TapBox,
): void {
  const { ink, diameter } = scene;
  const value = formatNumber(tap.value);
  const weight = tap.weight === null ? "" : formatNumber(tap.weight, 3);
  const valueSize = digits(value, box.side);
  const weightSize = Math.min(digits(value.length > 3 ? value : "000", box.side), digits(`x ${weight}`, box.side));
  const legible = ((layout.round ? 9 : 13) * UNITS) / diameter;
  const centre = box.x + box.side / 2;
  const shade = (colour: string, background: string): string => (box.drops ? dim(colour, background) : colour);
  if (valueSize >= legible && tap.counts) {
    const y = box.y + box.half / 2;
    if (tap.padding) fillDisc(context, centre, y, valueSize * Math.max(0.62, 0.34 * value.length), ink.sheet);
    const colour = tap.padding ? ink.ink : shade(textOn(box.top), box.top);
    label(context, value, centre, y + valueSize * 0.04, colour, `500 ${valueSize}px ${ink.mono}`);
  }
  if (weight && weightSize >= legible) {
    const y = box.y + box.half * 1.5 + weightSize * 0.04;
    const colour = shade(textOn(box.bottom), box.bottom);
    const advance = weightSize * 0.602;
    const left = centre - ((weight.length + 1.24) * advance) / 2;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.font = `500 ${weightSize}px ${ink.mono}`;
    context.fillStyle = mix(colour, box.bottom, 0.25);
    context.fillText(TIMES, left, y);
    context.fillStyle = colour;
    context.fillText(weight, left + 1.24 * advance, y);
  }
}

function paintPluses(context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout): void {
  const { ink } = scene;
  const radius = Math.max(5.5, layout.pitch * 0.085);
  for (let row = 0; row < scene.rows; row++) {
    for (let column = 1; column < scene.columns; column++) {
      const x = layout.left + column * layout.pitch - layout.columns.strip / 2;
      const y = layout.top + (row + 0.5) * layout.pitch - layout.rows.strip / 2 - layout.pitch * 0.037;
      // As pale as the cells that are still to come.
      context.globalAlpha = comesLater(scene, row * scene.columns + column - (scene.turned ? 1 : 0)) ? 0.3 : 1;
      fillDisc(context, x, y, radius * 1.15, ink.sheet);
      context.strokeStyle = ink.ink;
      context.lineWidth = 1;
      context.stroke();
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x - radius * 0.6, y);
      context.lineTo(x + radius * 0.6, y);
      context.moveTo(x, y - radius * 0.6);
      context.lineTo(x, y + radius * 0.6);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** In the Tap cadence: whether the tap at a place under the glass is still to be multiplied. */
export function comesLater({ multiplied, turned, taps }: Pick<LoupeScene, "multiplied" | "turned" | "taps">, index: number): boolean {
  return multiplied !== null && (turned ? taps.length - 1 - index : index) >= multiplied;
}

function paintTag(context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout): void {
  const { ink, diameter } = scene;
  const size = (UNITS / diameter) * Math.min(20, Math.max(12.5, diameter * 0.034));
  const chip = (text: string, y: number, background: string, colour: string): void => {
    context.font = `600 ${size}px ${ink.sans}`;
    const width = context.measureText(text).width + size * 1.4;
    context.fillStyle = background;
    context.beginPath();
    context.roundRect(CENTRE - width / 2, y - size * 0.8, width, size * 1.6, size * 0.28);
    context.fill();
    label(context, text, CENTRE, y + 0.5, colour, context.font);
  };
  if (scene.tag) {
    chip(scene.tag.text, layout.round ? (RING + layout.top) / 2 + 5 : size * 0.85, scene.tag.colour, textOn(scene.tag.colour));
  }
  if (scene.caption !== null) chip(scene.caption, layout.round ? UNITS - RING - size * 1.3 : UNITS - size * 0.85, ink.ink, ink.onInk);
}

function paintRing(context: CanvasRenderingContext2D, scene: LoupeScene, layout: LoupeLayout): void {
  const { ink } = scene;
  outline(context, layout, CENTRE - RING / 2 - 0.5);
  context.strokeStyle = ink.glassRing;
  context.lineWidth = RING;
  context.stroke();
  outline(context, layout, GLASS + 0.5);
  context.strokeStyle = ink.ink;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
  if (!layout.round) return;
  context.strokeStyle = ink.glassTick;
  context.globalAlpha = 0.75;
  context.lineWidth = 1.1;
  context.beginPath();
  for (let tick = 0; tick < 72; tick++) {
    const angle = (tick / 72) * 2 * Math.PI - Math.PI / 2;
    const length = tick % 6 === 0 ? 8 : 4.5;
    const inner = CENTRE - RING / 2 - length / 2 - 0.5;
    context.moveTo(CENTRE + inner * Math.cos(angle), CENTRE + inner * Math.sin(angle));
    context.lineTo(CENTRE + (inner + length) * Math.cos(angle), CENTRE + (inner + length) * Math.sin(angle));
  }
  context.stroke();
  context.globalAlpha = 1;
}
