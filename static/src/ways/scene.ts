/** How large a stage's planes are drawn, what of them is seen, and their cells from close by. Pure. */
import { tapColour } from "../colour.ts";
import type { Figure } from "../painters/figure.ts";
import type { PlaneScene } from "../painters/plane.ts";
import { type Lit, type Mark, type Reads, type Sliding, readsOf } from "./marks.ts";

export interface Room {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels: of cells of small planes; of those of planes that are seen in part. */
const LARGEST = 40;
const READABLE = 16;
/** Cells any smaller are not told apart: a part of the plane is seen instead. */
const SMALLEST = 2;
/** Around the picture, for the frame of what lies at its edge. */
const MARGIN = 3;

/** CSS pixels: between stages, above and below them, of a stage at least and at most. */
const GAP = 36;
const BESIDES = 430;
const NARROWEST = 160;
const LOWEST = 156;
const WIDEST = 320;
/** What a column of a few cells takes, with its name. */
const COLUMN = 144;
const FEW_COLUMNS = 3;
/** At both sides of the view, and in what has room for two stages. */
const SIDES = 64;
const NARROW_SIDES = 32;
/** Lower than this, all stages side by side would be too small. */
const LOW = 380;
/** As the style sheet has it: narrower than this the page scrolls, and a stage is as high as it is wide. */
const PHONE = 560;
/** What is above and below the stages where there are two at a time. */
const BESIDES_TWO = 330;

/** CSS pixels of a close-up: of a cell at most, of the whole, and of both where the window is low. */
const CLOSE_CELL = 36;
const CLOSE = 160;
const LOW_CLOSE_CELL = 28;
const LOW_CLOSE = 112;
/** As much as a close-up of three rows takes is counted above. */
const CLOSE_COUNTED = 3 * CLOSE_CELL;
/** Below this the window is low. */
const TALL = 600;

/** The side of a close-up's cells. */
export function closeCell({ width, height }: Room, rows: number, columns: number): number {
  const [most, whole] = height < TALL && width >= PHONE ? [LOW_CLOSE_CELL, LOW_CLOSE] : [CLOSE_CELL, CLOSE];
  return Math.min(most, Math.floor(whole / rows), Math.floor(CLOSE / columns));
}

export interface Arranged {
  /** Whether there is room for all stages side by side; else for two at a time. */
  readonly all: boolean;
  /** What each of them may take. */
  readonly rooms: readonly Room[];
}

/** `columns`: how many each stage has; `kernel`: rows and columns of the window's close-up. */
export function arrange(view: Room, columns: readonly number[], kernel: readonly [rows: number, columns: number]): Arranged {
  const { width, height } = view;
  const closer = Math.max(0, closeCell(view, ...kernel) * kernel[0] - CLOSE_COUNTED);
  const few = columns.filter((count) => count <= FEW_COLUMNS).length;
  const each = Math.floor((width - SIDES - (columns.length - 1) * GAP - few * COLUMN) / Math.max(1, columns.length - few));
  const high = Math.max(LOWEST, Math.min(WIDEST, height - BESIDES - closer));
  if (each >= NARROWEST && height >= LOW) {
    const wide = Math.min(WIDEST, each);
    return { all: true, rooms: columns.map((count) => ({ width: count <= FEW_COLUMNS ? COLUMN : wide, height: high })) };
  }
  const side = Math.min(WIDEST, Math.floor((width - NARROW_SIDES - GAP) / 2));
  return { all: false, rooms: columns.map(() => ({ width: side, height: width < PHONE ? side : Math.max(LOWEST, Math.min(side, height - BESIDES_TWO)) })) };
}

/** The whole plane where it fits, in cells of `largest` at most; otherwise what lies around `at`. Sizes leave room for a margin at both sides. */
export function figureOf(rows: number, columns: number, at: Mark | null, { width, height }: Room, largest = LARGEST): Figure {
  const [wide, high] = [width - 2 * MARGIN, height - 2 * MARGIN];
  const whole = Math.floor(Math.min(wide / columns, high / rows, largest));
  const cell = whole >= SMALLEST ? whole : Math.max(SMALLEST, Math.min(READABLE, Math.floor(wide / columns)));
  const [top, seenRows] = seen(rows, Math.floor(high / cell), at && at.top + at.height / 2);
  const [left, seenColumns] = seen(columns, Math.floor(wide / cell), at && at.left + Math.min(at.width, wide / cell) / 2);
  return { cell, margin: MARGIN, top, left, rows: seenRows, columns: seenColumns };
}

function seen(count: number, room: number, middle: number | null): [first: number, shown: number] {
  const shown = Math.max(1, Math.min(count, room));
  return [Math.max(0, Math.min(count - shown, Math.round((middle ?? 0) - shown / 2))), shown];
}

/** A cell of the close-up, and the one of the plane that it shows. */
export interface Close {
  readonly row: number;
  readonly column: number;
  readonly plane: number;
  readonly of: { readonly row: number; readonly column: number };
  readonly tap: readonly [number, number] | null;
}

/**
 * The cells that are read, without what lies between them, as the kernel's taps lie. `planes`: those of each plane, null where it has no part.
 * `share`: of a row of all channels' taps, the first of those in view, and how many they are.
 */
export function closeUp(planes: readonly (Reads | null)[], share: readonly [first: number, count: number] | null): { readonly rows: number; readonly columns: number; readonly cells: readonly Close[] } {
  const cells = planes.flatMap((reads, plane) => {
    const lit = reads ? (share ? reads.lit.slice(share[0], share[0] + share[1]) : reads.lit) : [];
    const several = planes.length > 1 && lit.length === 1;
    const [down, across] = share
      ? [(one: (typeof lit)[number]) => one.tap?.[0] ?? 0, (one: (typeof lit)[number]) => one.tap?.[1] ?? 0]
      : [rankIn(lit.map(({ row }) => row), "row"), rankIn(lit.map(({ column }) => column), "column")];
    return lit.map((one) => ({ row: down(one), column: several ? plane : across(one), plane, of: { row: one.row, column: one.column }, tap: one.tap }));
  });
  return { rows: Math.max(0, ...cells.map(({ row }) => row)) + 1, columns: Math.max(0, ...cells.map(({ column }) => column)) + 1, cells };
}

function rankIn(values: readonly number[], key: "row" | "column"): (one: Readonly<Record<"row" | "column", number>>) => number {
  const ranks = [...new Set(values)].sort((a, b) => a - b);
  return (one) => ranks.indexOf(one[key]);
}

/** The output cell whose stages are drawn, and how. */
export interface Moment extends Sliding {
  readonly way: string;
  readonly row: number;
  readonly column: number;
  /** The padding of the input is zeros, and drawn as such. */
  readonly zeros: boolean;
  readonly dark: boolean;
}

/** What of a plane's scene follows from where it is looked at. */
export interface Looked extends Pick<PlaneScene, "figure" | "lit" | "frame" | "cells" | "faint"> {
  readonly reads: Reads | null;
}

/** Between planes of one stage, in CSS pixels. */
const BETWEEN = 6;

/** `sizes`: rows and columns of the stage's planes, which share its room in a square. `reached`: whether the walk has come to it. */
export function lookedAt(stage: string, sizes: readonly (readonly [rows: number, columns: number])[], reached: boolean, { width, height }: Room, moment: Moment): readonly Looked[] {
  const across = Math.ceil(Math.sqrt(sizes.length));
  const down = Math.ceil(sizes.length / across);
  const each = { width: Math.floor((width - (across - 1) * BETWEEN) / across), height: Math.floor((height - (down - 1) * BETWEEN) / down) };
  const { way, row, column, y, x } = moment;
  return sizes.map(([rows, columns], plane) => {
    const reads = readsOf({ way, stage, plane, rows, columns }, moment, row, column);
    const whole = reads !== null && reads.box.height === rows && reads.box.width === columns;
    return {
      reads, figure: figureOf(rows, columns, reads?.box ?? null, each),
      lit: reached && reads ? reads.lit.map((lit) => ({ row: lit.row, column: lit.column, colour: colourOf(lit.tap, moment) })) : [],
      frame: reached && reads && !whole ? reads.box : null,
      cells: stage === "padded" && moment.zeros ? { top: y.padBefore, left: x.padBefore, height: y.inputSize, width: x.inputSize } : null,
      faint: !reached || (sizes.length > 1 && !reads),
    };
  });
}

export const colourOf = (tap: Lit["tap"], { y, x, dark }: Pick<Moment, "y" | "x" | "dark">): string | null =>
  (tap === null ? null : tapColour(tap[0], tap[1], y.kernelSize, x.kernelSize, dark));
