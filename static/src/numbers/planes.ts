/** An input that is typed or painted: one plane of numbers a channel, as the source of a trace and back. */
import type { InputArray } from "../api.ts";
import type { Plane, Source } from "../state.ts";

export const LARGEST_INPUT = 16;
/** What is typed has a key of its own; lessons have their names. */
export const OWN_KEY = "numbers";

const sizeOf = (planes: readonly Plane[]): [height: number, width: number] => [planes[0]?.length ?? 0, planes[0]?.[0]?.length ?? 0];

/** From here on a number is one of a picture's, and not one to calculate with. */
const PICTURES_FROM = 128;

/** Sent as bytes, whole numbers are drawn from black to white; others pale, from the least to the largest, as in the lesson. */
function areBytes(planes: readonly Plane[]): boolean {
  const values = planes.flat(2);
  return values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255) && (planes.length === 3 || Math.max(...values) >= PICTURES_FROM);
}

export function numbersSource(planes: readonly Plane[], title: string): Source {
  const [height, width] = sizeOf(planes);
  const values = planes.length === 1 ? planes[0] : planes[0]?.map((row, y) => row.map((_, x) => planes.map((plane) => plane[y]?.[x] ?? 0)));
  return {
    key: OWN_KEY, title, kind: "numbers", height, width, channels: planes.length,
    reference: { values, layout: planes.length === 1 ? "HW" : "HWC", ...(areBytes(planes) ? { dtype: "uint8" } : {}) },
  };
}

/** Of a lesson's matrix, or what was typed; null for a picture. */
export function planesOf({ kind, reference }: Source): readonly Plane[] | null {
  if (kind !== "numbers") return null;
  const values = reference.values as readonly (readonly (number | readonly number[])[])[];
  const first = values[0]?.[0];
  if (typeof first === "number") return [values as Plane];
  return (first ?? []).map((_, channel) => values.map((row) => row.map((cell) => (cell as readonly number[])[channel] ?? 0)));
}

/** The cells of a small picture as they are shown; null where it is larger than what can be typed. */
export function planesShown({ height, width, channels, values }: InputArray): readonly Plane[] | null {
  if (height > LARGEST_INPUT || width > LARGEST_INPUT) return null;
  return Array.from({ length: channels }, (_, channel) =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => shortest(values[(y * width + x) * channels + channel] ?? 0))));
}

/** The fewest digits that are the same float32: 0.1 and not 0.10000000149. */
function shortest(value: number): number {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Grows by zeros, or cuts, at the bottom and the right: the first row stays the first. */
export const sized = (planes: readonly Plane[], height: number, width: number): readonly Plane[] =>
  planes.map((plane) => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => plane[y]?.[x] ?? 0)));

/** One channel becomes three alike; of three the one in view stays. */
export function withChannels(planes: readonly Plane[], count: 1 | 3, inView: number): readonly Plane[] {
  const kept = planes[inView] ?? planes[0] ?? [];
  return count === planes.length ? planes : Array.from({ length: count }, () => kept);
}

export type Cell = readonly [row: number, column: number];

/** The same value in some cells of one channel. */
export const painted = (planes: readonly Plane[], channel: number, cells: readonly Cell[], value: number): readonly Plane[] =>
  planes.map((plane, index) => (index !== channel ? plane : plane.map((row, y) => row.map((old, x) => (cells.some(([r, c]) => r === y && c === x) ? value : old)))));

/** 1, 2, 3 ... row by row: the matrix that explanations of a convolution begin with. */
export const counting = (height: number, width: number): Plane =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => y * width + x + 1));

export const filled = (planes: readonly Plane[], value: (row: number, column: number) => number): readonly Plane[] =>
  planes.map((plane) => plane.map((row, y) => row.map((_, x) => value(y, x))));
