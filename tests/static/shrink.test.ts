import assert from "node:assert/strict";
import { test } from "node:test";
import { shrinkRows } from "../../static/src/stage/shrink.ts";

/** Grey pixels; NaN is transparent. */
const rgba = (...values: number[]): Uint8ClampedArray =>
  new Uint8ClampedArray(values.flatMap((v) => (Number.isNaN(v) ? [9, 9, 9, 0] : [v, v + 1, v + 2, 255])));

test("every pixel is the mean of those it stands for, at the ends of fewer", () => {
  const source = rgba(
    10, 20, 30, 40, 50,
    20, 30, 40, 50, 60,
    100, 110, 200, 210, 7,
  );
  const target = new Uint8ClampedArray(3 * 2 * 4);
  assert.deepEqual(shrinkRows(source, 5, 3, 2, 0, 3, target), { first: 0, count: 2 });
  assert.deepEqual(target, rgba(20, 40, 55, 105, 205, 7));
});

test("only rows that stand for a changed one are made anew", () => {
  const target = new Uint8ClampedArray(1 * 3 * 4);
  assert.deepEqual(shrinkRows(rgba(1, 3, 5, 7, 9), 1, 5, 2, 2, 3, target), { first: 1, count: 1 });
  assert.deepEqual([...target.subarray(0, 8)], [0, 0, 0, 0, 6, 7, 8, 255]);
});

test("cells without a number have no part in a mean; without any, nothing is drawn", () => {
  const target = new Uint8ClampedArray(2 * 4);
  shrinkRows(rgba(40, NaN, NaN, NaN), 4, 1, 2, 0, 1, target);
  assert.deepEqual(target, new Uint8ClampedArray([40, 41, 42, 255, 0, 0, 0, 0]));
});
