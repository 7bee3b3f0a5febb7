/** What can be done to a plane of weights as a whole. */
import type { Plane } from "../state.ts";

const widthOf = (plane: Plane): number => plane[0]?.length ?? 0;

/** A quarter turn clockwise. */
export const turned = (plane: Plane): Plane =>
  (plane[0] ?? []).map((_, column) => plane.map((row) => row[column] ?? 0).reverse());

/** Left and right change places. */
export const mirrored = (plane: Plane): Plane => plane.map((row) => [...row].reverse());

/** Top and bottom change places. */
export const upended = (plane: Plane): Plane => [...plane].reverse();

/** The weights add up to 1 then; null when they add up to 0. */
export function dividedBySum(plane: Plane): Plane | null {
  // A blur and its negative may leave a crumb of rounding, by which nobody wants to divide.
  const sum = total(plane, (weight) => weight);
  return Math.abs(sum) <= 1e-6 * total(plane, Math.abs) ? null : scaled(plane, sum);
}

/** The weights' sizes add up to 1 then: no output is beyond the largest input. Null when all weights are 0. */
export function normalised(plane: Plane): Plane | null {
  const size = total(plane, Math.abs);
  return size === 0 ? null : scaled(plane, size);
}

const total = (plane: Plane, of: (weight: number) => number): number => plane.flat().reduce((sum, weight) => sum + of(weight), 0);
const scaled = (plane: Plane, divisor: number): Plane => plane.map((row) => row.map((weight) => weight / divisor));

/** Grows or cuts around the middle, so that a blur stays a blur and growing can be taken back by cutting. */
export function resized(plane: Plane, rows: number, columns: number): Plane {
  const down = Math.trunc((rows - plane.length) / 2);
  const across = Math.trunc((columns - widthOf(plane)) / 2);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => plane[row - down]?.[column - across] ?? 0));
}

export const replaced = (plane: Plane, row: number, column: number, weight: number): Plane =>
  plane.map((line, y) => (y === row ? line.map((old, x) => (x === column ? weight : old)) : line));

/** Whole weights of -3 to 3: products that can be followed in the head. */
export const randomised = (plane: Plane): Plane => plane.map((row) => row.map(() => Math.floor(Math.random() * 7) - 3));
