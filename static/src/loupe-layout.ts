/** Where the cells of a window lie under the loupe's glass, in units of which the diameter has 440. */
import type { Geometry } from "./geometry.ts";
import type { Pair } from "./state.ts";

export const LOUPE_UNITS = 440;
const CENTRE = LOUPE_UNITS / 2;
export const RING = 15;
export const GLASS = CENTRE - RING;
/** Kernels up to this size lie under a round glass, larger ones under a rounded square. */
const ROUND_UP_TO = 5;

/** One axis under the glass. The taps stand `pitch` apart; cells that dilation leaves out share the narrow strip between two of them. */
export interface Along {
  /** Where the first tap's cell begins. */
  readonly first: number;
  readonly pitch: number;
  readonly strip: number;
  readonly taps: number;
  readonly dilation: number;
  /** From the beginning of a tap's cell to that of its box. */
  readonly inset: number;
}

export interface LoupeLayout {
  readonly round: boolean;
  /** In units of 1/440 of the diameter. */
  readonly pitch: number;
  readonly left: number;
  readonly top: number;
  /** Of a tap's box, which is a square. */
  readonly side: number;
  readonly rows: Along;
  readonly columns: Along;
}

/** A transposed convolution's cells lie beside one another, whatever its dilation is. */
export const gapsUnder = ({ y, x }: Pick<Geometry, "y" | "x">): Pair => (y.crop === null ? [y.dilation, x.dilation] : [1, 1]);

export function loupeLayout(rows: number, columns: number, dilation: Pair = [1, 1]): LoupeLayout {
  const round = Math.max(rows, columns) <= ROUND_UP_TO;
  const room = round ? (2 * GLASS * 0.975) / Math.SQRT2 : 2 * GLASS * 0.9;
  const shares = [stripShare(rows, dilation[0]), stripShare(columns, dilation[1])] as const;
  const [high, wide] = [rows - shares[0], columns - shares[1]];
  // A wide window fills the circle's width; above a high one stands the tag of its channel.
  const pitch = Math.min(room / high, round ? (room * Math.SQRT2) / Math.hypot(high, wide) : room / wide);
  const gutter = Math.max(round ? 3 : 1.5, pitch * 0.085);
  const side = pitch * (1 - Math.max(...shares)) - gutter;
  const along = (taps: number, share: number, gap: number): Along => {
    const strip = pitch * share;
    return { first: CENTRE - (pitch * taps - strip) / 2, pitch, strip, taps, dilation: gap, inset: (pitch - strip - side) / 2 };
  };
  const down = along(rows, shares[0], dilation[0]);
  const across = along(columns, shares[1], dilation[1]);
  return { round, pitch, left: across.first, top: down.first, side, rows: down, columns: across };
}

/** How much of the pitch the cells between two taps get: enough to be seen, little enough to leave the numbers large. */
const stripShare = (taps: number, dilation: number): number => (taps > 1 && dilation > 1 ? Math.min(0.34, 0.12 + 0.06 * (dilation - 1)) : 0);

/** Where a cell of the picture lies, counted from the window's first: also those between the taps, and those around the window. */
export function cellUnder({ first, pitch, strip, taps, dilation }: Along, cell: number): { readonly start: number; readonly size: number } {
  const whole = pitch - strip;
  const span = (taps - 1) * dilation + 1;
  if (cell < 0) return { start: first + cell * whole, size: whole };
  if (cell >= span) return { start: first + pitch * taps - strip + (cell - span) * whole, size: whole };
  const [tap, between] = [Math.floor(cell / dilation), cell % dilation];
  if (between === 0) return { start: first + tap * pitch, size: whole };
  const size = strip / (dilation - 1);
  return { start: first + tap * pitch + whole + (between - 1) * size, size };
}

/** The cells of one axis that the glass shows, if only in part. */
export function cellsUnder({ first, pitch, strip, taps, dilation }: Along): number[] {
  const around = Math.ceil((first - RING) / (pitch - strip));
  return Array.from({ length: (taps - 1) * dilation + 1 + 2 * around }, (_, index) => index - around);
}

/** The upper left corner of a tap's box. */
export const boxUnder = ({ rows, columns }: LoupeLayout, row: number, column: number): { readonly x: number; readonly y: number } =>
  ({ x: columns.first + column * columns.pitch + columns.inset, y: rows.first + row * rows.pitch + rows.inset });

/** The tap under a point in CSS pixels of the loupe, and which half of its cell; null beside the cells. */
export function tapAt(
  diameter: number, layout: LoupeLayout, x: number, y: number,
): { row: number; column: number; half: "value" | "weight" } | null {
  const place = ({ first, pitch, strip, taps }: Along, at: number): { readonly tap: number; readonly within: number } | null => {
    const units = (at / diameter) * LOUPE_UNITS - first;
    const tap = Math.floor(units / pitch);
    const within = units - tap * pitch;
    return tap < 0 || tap >= taps || within > pitch - strip ? null : { tap, within };
  };
  const [down, across] = [place(layout.rows, y), place(layout.columns, x)];
  if (!down || !across) return null;
  return { row: down.tap, column: across.tap, half: down.within < layout.rows.inset + layout.side / 2 ? "value" : "weight" };
}
