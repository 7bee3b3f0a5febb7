import assert from "node:assert/strict";
import { test } from "node:test";
import { planAxis } from "../../static/src/geometry.ts";
import { markOf } from "../../static/src/panels/way-marks.ts";

const y = planAxis({ inputSize: 7, kernelSize: 3, stride: 1, dilation: 2, padding: "SAME", paddingMode: "zeros" });
const x = planAxis({ inputSize: 10, kernelSize: 3, stride: 1, dilation: 3, padding: "SAME", paddingMode: "zeros" });
assert.ok(y && x);
const marked = (way: string, stage: string, plane = 0, columns = 10): unknown => markOf({ way, stage, plane, columns }, { y, x }, 3, 4);

test("one block has the cells of an output cell, side by side", () => {
  assert.deepEqual(marked("space_to_batch", "padded"), { top: 3, left: 4, height: 5, width: 7 });
  // Row 3 is the second of every second, column 4 the second of every third.
  assert.deepEqual(marked("space_to_batch", "blocks", 4), { top: 1, left: 1, height: 3, width: 3 });
  assert.equal(marked("space_to_batch", "blocks", 3), null);
  assert.deepEqual(marked("space_to_batch", "convolved", 4), { top: 1, left: 1, height: 1, width: 1 });
});

test("a window is a row of the matrix", () => {
  assert.deepEqual(marked("im2col", "matrix", 0, 9), { top: 34, left: 0, height: 1, width: 9 });
});

test("the second pass reads along a row, within the input", () => {
  assert.deepEqual(marked("separable", "between"), { top: 3, left: 1, height: 1, width: 7 });
  assert.deepEqual(markOf({ way: "separable", stage: "between", plane: 0, columns: 10 }, { y, x }, 0, 0), { top: 0, left: 0, height: 1, width: 4 });
});

test("an output is where it is, and a kernel has no place", () => {
  assert.deepEqual(marked("turned", "other"), { top: 3, left: 4, height: 1, width: 1 });
  assert.equal(marked("turned", "kernel"), null);
});
