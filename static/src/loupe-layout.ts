/** Where the cells of a window lie under the loupe's glass, in units of which the diameter has 440. */

export const LOUPE_UNITS = 440;
const CENTRE = LOUPE_UNITS / 2;
export const RING = 15;
export const GLASS = CENTRE - RING;
/** Kernels up to this size lie under a round glass, larger ones under a rounded square. */
const ROUND_UP_TO = 5;

export interface LoupeLayout {
  readonly round: boolean;
  /** In units of 1/440 of the diameter. */
  readonly pitch: number;
  readonly left: number;
  readonly top: number;
  readonly gutter: number;
}

export function loupeLayout(rows: number, columns: number): LoupeLayout {
  const most = Math.max(rows, columns);
  const round = most <= ROUND_UP_TO;
  const pitch = round ? ((2 * GLASS) / Math.SQRT2) * (0.975 / most) : (2 * GLASS * 0.88) / most;
  return {
    round,
    pitch,
    left: CENTRE - (pitch * columns) / 2,
    top: CENTRE - (pitch * rows) / 2 + (round ? 0 : GLASS * 0.05),
    gutter: Math.max(round ? 3 : 1.5, pitch * 0.085),
  };
}

/** The tap under a point in CSS pixels of the loupe, and which half of its cell; null beside the cells. */
export function tapAt(
  diameter: number, rows: number, columns: number, x: number, y: number,
): { row: number; column: number; half: "value" | "weight" } | null {
  const layout = loupeLayout(rows, columns);
  const across = ((x / diameter) * LOUPE_UNITS - layout.left) / layout.pitch;
  const down = ((y / diameter) * LOUPE_UNITS - layout.top) / layout.pitch;
  const row = Math.floor(down);
  const column = Math.floor(across);
  if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
  return { row, column, half: down - row < 0.5 ? "value" : "weight" };
}
