import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInput, printInput } from "../../static/src/numbers/parse.ts";
import { counting, numbersSource, painted, planesOf, planesShown, sized, withChannels } from "../../static/src/numbers/planes.ts";

const GREY = [[1, -2, 0.5], [4, 5, 6]];
// Channel, row, column: no two numbers are alike, no two sides as long.
const RGB = [0, 1, 2].map((channel) => GREY.map((row) => row.map((value) => value + 100 * channel)));
const LAST = [[[1, 101, 201], [-2, 98, 198], [0.5, 100.5, 200.5], [7, 8, 9]], [[4, 104, 204], [5, 105, 205], [6, 106, 206], [10, 11, 12]]];

test("numbers become what the API takes, and are found in it again", () => {
  const grey = numbersSource([GREY], "Mine");
  assert.deepEqual(grey, {
    key: "numbers", title: "Mine", kind: "numbers", height: 2, width: 3, channels: 1, reference: { values: GREY, layout: "HW" },
  });
  assert.deepEqual(planesOf(grey), [GREY]);
  const rgb = numbersSource(RGB, "Mine");
  assert.deepEqual(rgb.reference, {
    layout: "HWC",
    values: [[[1, 101, 201], [-2, 98, 198], [0.5, 100.5, 200.5]], [[4, 104, 204], [5, 105, 205], [6, 106, 206]]],
  });
  assert.deepEqual(planesOf(rgb), RGB);
  assert.equal(planesOf({ ...grey, kind: "picture" }), null);
});

test("whole numbers from 0 to 255 are bytes, but for a matrix of small ones", () => {
  const dtype = (...planes: number[][][]): unknown => numbersSource(planes, "").reference.dtype;
  assert.equal(dtype([[0]], [[255]], [[1]]), "uint8");
  for (const other of [-1, 256, 0.5]) assert.equal(dtype([[0]], [[255]], [[other]]), undefined);
  assert.equal(dtype([[0, 128]]), "uint8");
  assert.equal(dtype([[0, 127]]), undefined);
});

test("a small picture's cells are its numbers, a larger one has none to type", () => {
  const values = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(planesShown({ height: 1, width: 4, channels: 3, dtype: "uint8", values }), [[[1, 4, 7, 10]], [[2, 5, 8, 11]], [[3, 6, 9, 12]]]);
  const fractions = { height: 1, width: 3, channels: 1, dtype: "float32", values: new Float32Array([0.1, 1 / 3, -2]) } as const;
  assert.deepEqual(planesShown(fractions), [[[0.1, 0.33333334, -2]]]);
  const wide = { height: 1, width: 17, channels: 1, dtype: "uint8", values: new Uint8Array(17) } as const;
  assert.equal(planesShown(wide), null);
  assert.equal(planesShown({ ...wide, height: 17, width: 1 }), null);
});

test("sizes grow and shrink at the end, channels come and go, cells are painted", () => {
  assert.deepEqual(sized([GREY], 3, 2), [[[1, -2], [4, 5], [0, 0]]]);
  assert.deepEqual(withChannels([GREY], 3, 0), [GREY, GREY, GREY]);
  assert.deepEqual(withChannels(RGB, 1, 2), [RGB[2]]);
  assert.equal(withChannels(RGB, 3, 1), RGB);
  assert.deepEqual(painted(RGB, 1, [[0, 2], [1, 0]], 9), [RGB[0], [[101, 98, 9], [9, 105, 106]], RGB[2]]);
  assert.deepEqual(counting(2, 3), [[1, 2, 3], [4, 5, 6]]);
});

test("a matrix is pasted as a kernel is, and may have three channels", () => {
  const read: readonly (readonly [string, number[][][]])[] = [
    ["1 -2 0.5\n4 5 6", [GREY]],
    ["np.array([[2, -4, 1], [8, 10, 12]]) / 2", [GREY]],
    ["7", [[[7]]]],
    [JSON.stringify(LAST), [[[1, -2, 0.5, 7], [4, 5, 6, 10]], [[101, 98, 100.5, 8], [104, 105, 106, 11]], [[201, 198, 200.5, 9], [204, 205, 206, 12]]]],
    [JSON.stringify([LAST]), [[[1, -2, 0.5, 7], [4, 5, 6, 10]], [[101, 98, 100.5, 8], [104, 105, 106, 11]], [[201, 198, 200.5, 9], [204, 205, 206, 12]]]],
    ["[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]", [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]],
    ["[[[1, 2], [3, 4]]]", [[[1, 2], [3, 4]]]],
    ["[[[1], [2]], [[3], [4]]]", [[[1, 2], [3, 4]]]],
    [printInput([GREY]), [GREY]],
    [printInput([GREY, GREY, GREY].map((plane) => sized([plane], 2, 2)[0] as number[][])), [GREY, GREY, GREY].map((plane) => plane.map((row) => row.slice(0, 2)))],
  ];
  for (const [text, planes] of read) assert.deepEqual(parseInput(text), { planes }, text);
});

test("what is no input is refused with its numbers", () => {
  const refused: readonly (readonly [string, string])[] = [
    ["hello", "There is no number in this text."],
    ["1 2\n3", "Row 1 has 1 number; row 0 has 2. Rows and columns count from 0."],
    ["1\n".repeat(17), "This is 17 × 1. A typed input has at most 16 rows and 16 columns."],
    [JSON.stringify([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]), "This array is 2 × 2 × 2. An input has one channel or three, first or last."],
    [JSON.stringify([[[1], [2]]]), "This array is 1 × 2 × 1: its channels can come first or last. Paste one channel, rows and columns."],
    [JSON.stringify([[[[1]]], [[[1]]]]), "This array is 2 × 1 × 1 × 1. An input has one channel or three, first or last."],
  ];
  for (const [text, refusal] of refused) assert.deepEqual(parseInput(text), { refusal }, text);
});
