/** Which values of a pool's window count. */
import { isPool } from "./asked.ts";
import type { AxisGeometry } from "./geometry.ts";
import type { Shown } from "./session.ts";
import type { Detail } from "./trace.ts";

export interface Counted {
  /** Row-major over the window. */
  readonly tap: number;
  readonly value: number;
}

/** Those of the taps up to and with one, in tap order; none in an operation that is no pool. */
export function countedTaps({ asked, geometry, info }: Pick<Shown, "asked" | "geometry" | "info">, here: Detail, upTo: number): Counted[] {
  if (!isPool(asked.operation)) return [];
  const { y, x } = geometry;
  const [row, column] = [Math.floor(here.position / x.outputSize), here.position % x.outputSize];
  const reach = (axis: AxisGeometry): [number, number] =>
    asked.operation === "avg_pool2d" && asked.countIncludePad ? [-axis.padBefore, axis.inputSize + axis.padAfter] : [0, axis.inputSize];
  const within = (axis: AxisGeometry, position: number, tap: number): boolean => {
    const cell = axis.first + position * axis.stride + (axis.offsets[tap] ?? 0);
    const [low, high] = reach(axis);
    return cell >= low && cell < high;
  };
  const last = Math.min(upTo, info.taps - 1);
  return Array.from(here.window.subarray(0, last + 1), (value, tap) => ({ tap, value })).filter(({ tap }) =>
    within(y, row, Math.floor(tap / x.kernelSize)) && within(x, column, tap % x.kernelSize));
}
