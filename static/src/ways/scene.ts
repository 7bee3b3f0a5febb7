/** How large a stage's planes are drawn, what of them is seen, and their cells from close by. Pure. */
import { tapColour } from "../colour.ts";
import { type Figure, PRINTS_INPUT } from "../painters/figure.ts";
import type { PlaneScene } from "../painters/plane.ts";
import { type Lit, type Mark, type Reads, type Sliding, readsOf } from "./marks.ts";

export interface Room {
  readonly width: number;
  readonly height: number;
}

/** Where the view is, in CSS pixels, and how large the page writes there. */
export interface View extends Room {
  readonly rem: number;
}

/** In rem: of cells of small planes; of those of planes that are seen in part. */
const LARGEST = 2.5;
const READABLE = 1;
/** A plane of a few cells takes at least this part of what there is. */
const FEWEST = 6;
/** CSS pixels. Cells any smaller are not told apart: a part of the plane is seen instead. */
const SMALLEST = 2;
/** CSS pixels around the picture, for the frame of what lies at its edge. */
const MARGIN = 3;

/** In rem, as the style sheet has it: between stages, between their lines, at both sides of them, and where there are two of them. */
const GAP = 2.25;
const LINE = 1;
const SIDES = 4;
const NARROW_SIDES = 2;
/** What is above and below the stages, and above and below each of them without its close-up. */
const AROUND = [13.5, 8.5] as const;
const NAMED = [4.25, 3.5] as const;
const TOLD = 3;
/** A stage beside whose picture its close-up stands, and between the two. */
const BESIDE = 8;
const BETWEEN_BOTH = 0.75;
/** A stage of all that are side by side, its picture, and any picture, at least. */
const NARROWEST = 10;
const READ = 9.5;
const LOWEST = 6;
/** Stages are no wider than this, or than their height asks for. */
const WIDEST = 20;
const STOUTEST = 1.3;
/** What a column of a few cells takes, with its name. */
const COLUMN = 9;
const FEW_COLUMNS = 3;
/** Lower than this the view is low. */
const TALL = 37.5;
/** CSS pixels, as the style sheet has it: narrower than this the page scrolls, and a stage is as high as it is wide. */
const PHONE = 560;

/** In rem, of a close-up: of a cell at most and of the whole; the same where the view is low. */
const CLOSE = [2.25, 10] as const;
const LOW_CLOSE = [1.75, 7] as const;

/** A sheet lying (static/css/print.css), as if it had at its sides and below what the screen has there. */
export const SHEET: View = { width: 1040, height: 700, rem: 16 };
export const SHEET_LINES = 2;

/** What is around the stages is closer together then. */
export const isLow = ({ width, height, rem }: View): boolean => height < TALL * rem && width >= PHONE;

/** The side of a close-up's cells. */
export function closeCell(view: View, rows: number, columns: number): number {
  const [most, whole] = isLow(view) ? LOW_CLOSE : CLOSE;
  return Math.floor(view.rem * Math.min(most, whole / rows, CLOSE[1] / columns));
}

export type Size = readonly [rows: number, columns: number];

/** What a stage may take. */
export interface Place {
  /** Of the picture. */
  readonly room: Room;
  /** Of all, with its name and its close-up. */
  readonly width: number;
  /** Whether the close-up stands beside the picture; else below it. */
  readonly beside: boolean;
}

export interface Arranged {
  /** Whether there is room for all stages; else for two at a time. */
  readonly all: boolean;
  /** How many stand in a line. */
  readonly across: number;
  /** Whether there is room for close-ups, which planes whose own cells can be read have none of. */
  readonly closer: boolean;
  readonly places: readonly Place[];
}

/**
 * Pictures are as large as they can be. `sizes`: rows and columns of each stage, all its planes together; `kernel`: rows and columns of the window's close-up;
 * `fixed`: the lines that all stages stand in, where that is not to be found out.
 */
export function arrange(view: View, sizes: readonly Size[], kernel: Size, fixed: number | null = null): Arranged {
  const bare = arrangedFor(view, sizes, [0, 0], fixed);
  const readable = bare.places.every(({ room }, stage) => {
    const [rows, columns] = sizes[stage] as Size;
    return Math.min(largestOf(view.rem, room), room.width / columns, room.height / rows) >= PRINTS_INPUT + 1;
  });
  return readable ? { ...bare, closer: false } : { ...arrangedFor(view, sizes, kernel, fixed), closer: true };
}

const largestOf = (rem: number, { width }: Room): number => Math.max(LARGEST * rem, width / FEWEST);

function arrangedFor(view: View, sizes: readonly Size[], kernel: Size, fixed: number | null): Omit<Arranged, "closer"> {
  const { width, height, rem } = view;
  const low = isLow(view) ? 1 : 0;
  const high = (lines: number): number => Math.max(LOWEST * rem, (height - (AROUND[low] + (lines - 1) * LINE) * rem) / lines - NAMED[low] * rem);
  const stood = (lines: number) => {
    const across = Math.ceil(sizes.length / lines);
    const few = lines > 1 ? 0 : sizes.filter(([, columns]) => columns <= FEW_COLUMNS).length;
    const each = Math.floor((width - (SIDES + (across - 1) * GAP + few * COLUMN) * rem) / Math.max(1, across - few));
    const place = placeOf(view, kernel, each, high(lines));
    const column = { room: { width: COLUMN * rem, height: place.room.height }, width: COLUMN * rem, beside: false };
    return { across, each, side: sideOf(place), places: sizes.map(([, columns]) => (columns <= FEW_COLUMNS && lines === 1 ? column : place)) };
  };
  if (fixed !== null) return { all: true, ...stood(fixed) };
  const pair = Math.floor((width - (NARROW_SIDES + GAP) * rem) / 2);
  const two: Place = width < PHONE ? { room: { width: pair, height: pair }, width: pair, beside: false } : placeOf(view, kernel, pair, high(1));
  const [one, other] = [stood(1), stood(2)];
  const best = one.each >= NARROWEST * rem && one.side >= other.side ? one : other;
  if (width >= PHONE && best.each >= NARROWEST * rem && (best.side >= READ * rem || best.side >= sideOf(two))) return { all: true, ...best };
  return { all: false, across: 2, places: sizes.map(() => two) };
}

const sideOf = ({ room }: Place): number => Math.min(room.width, room.height);

/** In stages of that width, and so much height for a picture with what is below it. */
function placeOf(view: View, kernel: Size, each: number, high: number): Place {
  const { rem } = view;
  const [closeHeight, aside] = closeRoom(view, kernel);
  const most = (room: Room): Room => ({ width: Math.floor(Math.min(room.width, Math.max(WIDEST * rem, STOUTEST * room.height))), height: Math.floor(room.height) });
  const below = most({ width: each, height: Math.max(LOWEST * rem, high - TOLD * rem - closeHeight) });
  const beside = most({ width: each - aside, height: high });
  return Math.min(beside.width, beside.height) > Math.min(below.width, below.height)
    ? { room: beside, width: beside.width + aside, beside: true } : { room: below, width: below.width, beside: false };
}

/** CSS pixels: how high the window's close-up is, and what one beside a picture takes of its width. */
function closeRoom(view: View, [rows, columns]: Size): readonly [height: number, aside: number] {
  const cell = rows > 0 ? closeCell(view, rows, columns) : 0;
  return [rows * cell + 2 * MARGIN, Math.ceil(Math.max(BESIDE * view.rem, columns * cell + 2 * MARGIN) + BETWEEN_BOTH * view.rem)];
}

/** The whole plane where it fits, in cells of `largest` at most; otherwise what lies around `at`, in cells of `readable`. Sizes leave room for a margin at both sides. */
export function figureOf(rows: number, columns: number, at: Mark | null, { width, height }: Room, largest: number, readable = 16): Figure {
  const [wide, high] = [width - 2 * MARGIN, height - 2 * MARGIN];
  const whole = Math.floor(Math.min(wide / columns, high / rows, largest));
  const cell = whole >= SMALLEST ? whole : Math.max(SMALLEST, Math.min(readable, Math.floor(wide / columns)));
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
  readonly rem: number;
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
  const { way, row, column, y, x, rem } = moment;
  return sizes.map(([rows, columns], plane) => {
    const reads = readsOf({ way, stage, plane, rows, columns }, moment, row, column);
    const whole = reads !== null && reads.box.height === rows && reads.box.width === columns;
    return {
      reads, figure: figureOf(rows, columns, reads?.box ?? null, each, largestOf(rem, each), READABLE * rem),
      lit: reached && reads ? reads.lit.map((lit) => ({ row: lit.row, column: lit.column, colour: colourOf(lit.tap, moment) })) : [],
      frame: reached && reads && !whole ? reads.box : null,
      cells: stage === "padded" && moment.zeros ? { top: y.padBefore, left: x.padBefore, height: y.inputSize, width: x.inputSize } : null,
      faint: !reached || (sizes.length > 1 && !reads),
    };
  });
}

export const colourOf = (tap: Lit["tap"], { y, x, dark }: Pick<Moment, "y" | "x" | "dark">): string | null =>
  (tap === null ? null : tapColour(tap[0], tap[1], y.kernelSize, x.kernelSize, dark));
