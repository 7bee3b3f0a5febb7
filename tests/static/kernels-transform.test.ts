import assert from "node:assert/strict";
import { test } from "node:test";
import { bankOf, channelsOf, isBank, mapPlanes, outputsOf, planeOf, weightsOf } from "../../static/src/kernels/bank.ts";
import * as transform from "../../static/src/kernels/transform.ts";
import type { Plane } from "../../static/src/state.ts";

const PLANE = [[1, -2, 3], [4, 0, -7]];

test("a turn is clockwise, and four of them are none", () => {
  assert.deepEqual(transform.turned(PLANE), [[4, 1], [0, -2], [-7, 3]]);
  assert.deepEqual([1, 2, 3, 4].reduce((plane) => transform.turned(plane), PLANE as Plane), PLANE);
});

test("flips", () => {
  assert.deepEqual(transform.mirrored(PLANE), [[3, -2, 1], [-7, 0, 4]]);
  assert.deepEqual(transform.upended(PLANE), [[4, 0, -7], [1, -2, 3]]);
});

test("divided by their sum, weights add up to 1", () => {
  assert.deepEqual(transform.dividedBySum([[1, 2], [3, -2]]), [[0.25, 0.5], [0.75, -0.5]]);
  assert.deepEqual(transform.dividedBySum([[-1, -3]]), [[0.25, 0.75]]);
});

test("what adds up to 0, but for rounding, is not divided", () => {
  assert.equal(transform.dividedBySum([[-1, 0, 1]]), null);
  assert.equal(transform.dividedBySum([[0.1, 0.2, -0.3]]), null);
  assert.equal(transform.dividedBySum([[0, 0]]), null);
});

test("normalised, the sizes of weights add up to 1", () => {
  assert.deepEqual(transform.normalised([[-1, 0, 1], [2, 0, -4]]), [[-0.125, 0, 0.125], [0.25, 0, -0.5]]);
  assert.equal(transform.normalised([[0, 0]]), null);
});

test("sizes change around the middle", () => {
  assert.deepEqual(transform.resized([[1, 2, 3]], 3, 5), [[0, 0, 0, 0, 0], [0, 1, 2, 3, 0], [0, 0, 0, 0, 0]]);
  assert.deepEqual(transform.resized([[0, 1, 2, 3, 0]], 1, 3), [[1, 2, 3]]);
  assert.deepEqual(transform.resized([[5, 6], [7, 8]], 3, 3), [[5, 6, 0], [7, 8, 0], [0, 0, 0]]);
  assert.deepEqual(transform.resized(transform.resized(PLANE, 7, 6), 2, 3), PLANE);
});

test("one weight is replaced, and nothing is written into the old plane", () => {
  assert.deepEqual(transform.replaced(PLANE, 1, 2, 9), [[1, -2, 3], [4, 0, 9]]);
  assert.deepEqual(PLANE, [[1, -2, 3], [4, 0, -7]]);
});

test("random weights are whole, -3 to 3, in the same shape", () => {
  const planes = Array.from({ length: 100 }, () => transform.randomised(PLANE));
  assert.deepEqual(planes.map((plane) => plane.map((row) => row.length)), planes.map(() => [3, 3]));
  const seen = new Set(planes.flat(2));
  assert.deepEqual([...seen].sort((a, b) => a - b), [-3, -2, -1, 0, 1, 2, 3]);
});

// Two rows, three columns, two input channels, four output channels: 1000 row + 100 column + 10 input + output.
const weight = (row: number, column: number, input: number, output: number): number => 1000 * row + 100 * column + 10 * input + output;
const BANK = [0, 1].map((row) => [0, 1, 2].map((column) => [0, 1].map((input) => [0, 1, 2, 3].map((output) => weight(row, column, input, output)))));

test("a plane of a bank", () => {
  assert.deepEqual(planeOf(BANK, 1, 3), [[13, 113, 213], [1013, 1113, 1213]]);
  assert.deepEqual(planeOf(BANK, 1), [[10, 110, 210], [1010, 1110, 1210]]);
  assert.equal(planeOf(PLANE, 2, 5), PLANE);
  assert.deepEqual([isBank(BANK), isBank(PLANE)], [true, false]);
  assert.deepEqual([channelsOf(BANK), channelsOf(PLANE)], [2, null]);
  assert.deepEqual([outputsOf(BANK), outputsOf(PLANE)], [4, 1]);
  assert.deepEqual(weightsOf(PLANE), [1, -2, 3, 4, 0, -7]);
  assert.deepEqual(weightsOf(BANK).slice(0, 9), [0, 1, 2, 3, 10, 11, 12, 13, 100]);
});

test("planes are put together in HWIO", () => {
  assert.deepEqual(bankOf([0, 1].map((input) => [0, 1, 2, 3].map((output) => planeOf(BANK, input, output)))), BANK);
});

test("each plane is changed in its place, and may change its size", () => {
  const told: string[] = [];
  const smaller = mapPlanes(BANK, (plane, input, output) => {
    told.push(`${input} ${output}`);
    return transform.turned(plane);
  });
  assert.deepEqual(told, ["0 0", "0 1", "0 2", "0 3", "1 0", "1 1", "1 2", "1 3"]);
  assert.deepEqual(planeOf(smaller, 1, 3), [[1013, 13], [1113, 113], [1213, 213]]);
  assert.deepEqual(mapPlanes(PLANE, transform.mirrored), transform.mirrored(PLANE));
});
