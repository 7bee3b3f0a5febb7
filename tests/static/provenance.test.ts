import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadOfCell, StampedCell } from "../../static/src/api.ts";
import { type Geometry, combine, planAxis, taps } from "../../static/src/geometry.ts";
import { placeOn } from "../../static/src/provenance.ts";
import type { Answer } from "../../static/src/provenance/answer.ts";
import { type Mark, marksOf, met, spotsOf, weightText } from "../../static/src/provenance/marks.ts";
import { told } from "../../static/src/provenance/told.ts";
import type { Detail } from "../../static/src/trace.ts";

/** Every number of one axis is another than the other's. */
const geometry: Geometry = combine(
  planAxis({ inputSize: 9, kernelSize: 3, stride: 2, dilation: 1, padding: [1, 2] }),
  planAxis({ inputSize: 14, kernelSize: 2, stride: 3, dilation: 4, padding: [2, 0] }),
);
const current = { geometry, info: { taps: 6 } } as Answer["current"];
const ask = (what: Answer["what"], rest: Partial<Answer> = {}): Answer =>
  ({ what, current, cell: null, detail: null, refusal: null, ...rest });

test("a tap lies on a cell exactly where its window reads it", () => {
  const { y, x } = geometry;
  for (let position = 0; position < geometry.positions; position++) {
    const rows = taps(y, Math.floor(position / x.outputSize));
    const columns = taps(x, position % x.outputSize);
    for (let row = 0; row < 9; row++) {
      for (let column = 0; column < 14; column++) {
        const [down, across] = [rows.indexOf(row), columns.indexOf(column)];
        assert.equal(placeOn(geometry, position, row, column), down < 0 || across < 0 ? null : down * 2 + across);
      }
    }
  }
});

test("a weight meets the cells that its tap lies on, without the padding", () => {
  for (const axis of [geometry.y, geometry.x]) {
    for (let tap = 0; tap < axis.kernelSize; tap++) {
      const cells = Array.from({ length: axis.outputSize }, (_, position) => taps(axis, position)[tap] ?? NaN);
      assert.deepEqual(met(axis, tap), cells.filter((cell) => cell >= 0 && cell < axis.inputSize));
    }
  }
});

test("an input cell is marked on the output, in the colour of each tap that reads it", () => {
  const read = (y: number, x: number, kernelY: number, kernelX: number): ReadOfCell =>
    ({ position: y * 4 + x, y, x, kernel_y: kernelY, kernel_x: kernelX, padding: false, weights: [0.5, -2], wins: null });
  const cell = { y: 3, x: 5, values: [7, 8], sentence: "", reads: [read(1, 1, 2, 1), read(2, 1, 0, 1)] };
  const { input, output } = marksOf(ask({ kind: "input", row: 3, column: 5 }, { cell }), 1, false);
  assert.deepEqual(input, []);
  assert.deepEqual(output.map((mark) => mark.kind === "tap" && [mark.row, mark.column, mark.text]), [[1, 1, "×−2"], [2, 1, "×−2"]]);
  const colours = output.map((mark) => (mark as Mark & { kind: "tap" }).colour);
  assert.notEqual(colours[0], colours[1]);
});

test("an output cell is marked by its window and taps, a weight by all it meets", () => {
  const { input } = marksOf(ask({ kind: "output", position: geometry.x.outputSize + 2 }), 0, false);
  const [window, ...marked] = input;
  assert.deepEqual(window, { kind: "window", row: 1, column: 4, rows: 3, columns: 5 });
  assert.deepEqual(marked.map((mark) => mark.kind === "tap" && [mark.row, mark.column]), [[1, 4], [1, 8], [2, 4], [2, 8], [3, 4], [3, 8]]);
  const [crossings] = marksOf(ask({ kind: "weight", place: 3 }), 0, false).input;
  assert.ok(crossings?.kind === "crossings");
  assert.deepEqual([crossings.rows, crossings.columns], [met(geometry.y, 1), met(geometry.x, 1)]);
});

test("what is pointed at needs no answer", () => {
  assert.deepEqual(spotsOf({ kind: "output", position: 11 }, 4), { input: [], output: [{ kind: "spot", row: 2, column: 3 }] });
  assert.deepEqual(spotsOf({ kind: "input", row: 6, column: 1 }, 4).input, [{ kind: "spot", row: 6, column: 1 }]);
  assert.deepEqual(spotsOf({ kind: "weight", place: 1 }, 4), { input: [], output: [] });
});

test("each read has its channel's weight, the only one there is, or says that it wins", () => {
  const position = 7;
  assert.equal(weightText({ position, weights: [1, -1.23456], wins: null }, 1), "×−1.235");
  assert.equal(weightText({ position, weights: [0.25], wins: null }, 2), "×0.25");
  assert.equal(weightText({ position, weights: null, wins: true }, 0), "max");
  assert.equal(weightText({ position, weights: null, wins: false }, 0), null);
});

test("what is to be predicted is not told by what is traced", () => {
  const secret = "What comes of it is still a question.";
  const here = {} as Detail;
  assert.equal(weightText({ position: 7, weights: null, wins: true }, 0, 8), "max");
  assert.equal(weightText({ position: 8, weights: null, wins: true }, 0, 8), null);
  assert.equal(weightText({ position: 8, weights: [3], wins: null }, 0, 8), "×3");
  const later = ask({ kind: "output", position: geometry.x.outputSize + 1 }, { detail: { position: 5 } as Detail });
  assert.equal(told(later, here, 0, geometry.x.outputSize + 1).replaceAll("\u00a0", " "), `Output row 1, column 1. ${secret}`);
  const read = { y: 1, x: 1, kernel_y: 0, kernel_x: 0, padding: false, weights: null, wins: false };
  const pooled = (position: number): Partial<Answer> => ({ cell: { y: 0, x: 0, values: [], reads: [{ ...read, position }], sentence: "" } });
  assert.match(told(ask({ kind: "input", row: 0, column: 0 }, pooled(4)), here, 0, 5), /It is not the largest value there\.$/);
  assert.equal(told(ask({ kind: "input", row: 0, column: 0 }, pooled(5)), here, 0, 5), secret);
});

test("a weight is told with its product here and the cells it meets", () => {
  const asked = { operation: "conv2d", kernel: [[1, 2], [3, 4], [5, 6]], flipKernel: false };
  const whole = { ...current, asked, outChannel: 0, firstChannel: 0 } as unknown as Answer["current"];
  const here = { position: geometry.x.outputSize + 2, window: new Float32Array([0, 0, 0, 9, 0, 0]), products: new Float32Array([0, 0, 0, 36, 0, 0]) };
  const say = (tap: number): string => told({ ...ask({ kind: "weight", place: tap }), current: whole }, here as unknown as Detail, 0).replaceAll("\u00a0", " ");
  assert.equal(say(3), "The weight 4 lies on the cell at row 2, column 8: 9 × 4 = 36. "
    + "Over the whole output it meets every 2nd row from 0 to 8 and every 3rd column from 2 to 11.");
  assert.match(told({ ...ask({ kind: "weight", place: 0 }), current: whole }, { ...here, position: 0 } as unknown as Detail, 0), /on the padding at row\u00a0−1/);
});

test("an input cell is told by what it does, a refusal as it is", () => {
  const here = {} as Detail;
  const what = { kind: "input", row: 0, column: 0 } as const;
  const cell = { y: 0, x: 0, values: [], reads: [], sentence: "" };
  const stamped: StampedCell = { ...cell, stamp: [] };
  assert.match(told(ask(what, { cell }), here, 0), /^No window reads the cell/);
  assert.match(told(ask(what, { cell: stamped }), here, 0), /^The whole stamp of the cell/);
  assert.equal(told(ask(what, { refusal: "too much" }), here, 0), "too much");
});
