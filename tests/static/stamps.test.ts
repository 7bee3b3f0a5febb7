import assert from "node:assert/strict";
import { test } from "node:test";
import { combine, planTransposedAxis, stamped } from "../../static/src/geometry.ts";
import { Finished, stampExtent } from "../../static/src/stamps/layout.ts";
import { StampNumbers, toDetail } from "../../static/src/stamps/numbers.ts";

const axis = (inputSize: number, kernelSize: number, stride: number, padding: "VALID" | [number, number], outputPadding = 0) =>
  planTransposedAxis({ inputSize, kernelSize, stride, dilation: 1, padding, outputPadding });

test("an output cell is finished with its last stamp, one that no stamp reaches with those before it", () => {
  const geometries = [
    combine(axis(4, 3, 2, [1, 1], 1), axis(5, 2, 3, "VALID")), combine(axis(3, 1, 2, "VALID", 1), axis(4, 3, 1, [2, 0])),
  ];
  for (const geometry of geometries) {
    const { y, x } = geometry;
    const finished = new Finished(geometry);
    for (let position = 0; position < y.inputSize * x.inputSize; position++) {
      const [row, column] = [Math.floor(position / x.inputSize), position % x.inputSize];
      const boxes = finished.at(row, column);
      const inside = (at: number, across: number): boolean =>
        boxes.some(({ top, left, rows, columns }) => at >= top && at < top + rows && across >= left && across < left + columns);
      for (let at = 0; at < y.outputSize; at++) {
        for (let across = 0; across < x.outputSize; across++) {
          const stampers = Array.from({ length: y.inputSize * x.inputSize }, (_, cell) => cell).filter((cell) =>
            stamped(y, Math.floor(cell / x.inputSize)).includes(at) && stamped(x, cell % x.inputSize).includes(across));
          if (stampers.length > 0) assert.equal(inside(at, across), Math.max(...stampers) <= position);
        }
      }
    }
    const last = finished.at(y.inputSize - 1, x.inputSize - 1);
    assert.equal(last.reduce((cells, { rows, columns }) => cells + rows * columns, 0), geometry.positions);
  }
});

test("a stamp's extent has its cropped cells too", () => {
  const geometry = combine(axis(4, 3, 2, [1, 1]), axis(5, 2, 3, "VALID"));
  assert.deepEqual(stampExtent(geometry, 0, 2), { top: -1, left: 6, rows: 3, columns: 2 });
});

const cell = (y: number, x: number) => ({
  y, x, values: [2, 3], reads: [], sentence: "",
  stamp: [0, 1].map((kernel_x) => ({ kernel_y: 0, kernel_x, output_y: y, output_x: x + kernel_x, position: 0, weights: [5, 7], products: [10 + kernel_x, 20 + kernel_x] })),
});

test("a stamp's numbers are in the order of taps: channel, then kernel cell", () => {
  const detail = toDetail(7, cell(1, 3), 4);
  assert.deepEqual([...detail.window], [2, 2, 3, 3]);
  assert.deepEqual([...detail.products], [10, 11, 20, 21]);
  assert.ok(Number.isNaN(detail.sum));
});

test("stamps ahead are fetched too, each once, and not beyond the input", async () => {
  const asked: number[][] = [];
  const source = {
    info: { taps: 4, input: { height: 2, width: 5, channels: 2, dtype: "uint8" as const, url: "" } },
    inputCell: (y: number, x: number) => {
      asked.push([y, x]);
      return Promise.resolve(cell(y, x));
    },
  };
  const numbers = new StampNumbers(source);
  assert.equal((await numbers.need(6)).position, 6);
  await numbers.need(7);
  assert.deepEqual(asked, [[1, 1], [1, 2], [1, 3], [1, 4]]);
  assert.equal(numbers.detail(7)?.position, 7);
  assert.equal(numbers.detail(2), undefined);
});
