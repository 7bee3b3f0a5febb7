import type { Geometry } from "../geometry.ts";

/** The input cell in the middle of the window at a position; may lie in the padding. */
export function positionUnder({ y, x }: Geometry, position: number): { row: number; column: number } {
  return {
    row: Math.floor(position / x.outputSize) * y.stride + y.first + (y.span - 1) / 2,
    column: (position % x.outputSize) * x.stride + x.first + (x.span - 1) / 2,
  };
}
