import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { planAxis } from "../../static/src/geometry.ts";
import * as sights from "../../static/src/stage/sights.ts";

const axis = (inputSize: number, stride: number) => planAxis({ inputSize, kernelSize: 5, stride, dilation: 1, padding: "SAME" });
const geometry = { y: axis(300, 2), x: axis(400, 3) };
/** The input at 2 pixels a cell, the output at 4: half of the picture each. */
const frames = (cell = 2): sights.Frames => {
  const { y, x } = geometry;
  const rest = { margin: 20, devicePixelRatio: 1, width: 400, height: 300 };
  const rows = 300 + y.padBefore + y.padAfter;
  const columns = 400 + x.padBefore + x.padAfter;
  return {
    geometry,
    input: { ...rest, cell, whole: { top: -y.padBefore, left: -x.padBefore, rows, columns } },
    output: { ...rest, cell: 2 * cell, whole: { top: 0, left: 0, rows: y.outputSize, columns: x.outputSize } },
  };
};
const seen = () => {
  const now = sights.figures.value;
  assert.ok(now);
  return now;
};

/** The window of an output cell lies in the same part of the input's room as the cell in the output's. */
function agree(row: number, column: number): void {
  const { input, output } = seen();
  const { y, x } = geometry;
  const inside = (at: number, first: number, count: number): number => (at - first) / count;
  const windowRow = row * y.stride + y.first + y.span / 2;
  assert.ok(Math.abs(inside(windowRow, input.top, input.rows) - inside(row + 0.5, output.top, output.rows)) < 0.02);
  const windowColumn = column * x.stride + x.first + x.span / 2;
  const across = [inside(windowColumn, input.left, input.columns), inside(column + 0.5, output.left, output.columns)] as const;
  // The output is as wide as it can be at square cells; its stride is larger across.
  assert.ok(Math.abs(across[0] - 0.5) < 0.5 && Math.abs(across[1] - 0.5) < 0.5);
}

beforeEach(() => sights.settle(frames(), false));

test("both pictures show the same part, whichever is panned or zoomed", () => {
  sights.pan("input", 240, 130);
  agree(90, 70);
  sights.zoom("input", 3, { x: 220, y: 170 });
  assert.equal(seen().input.cell, 6);
  assert.equal(seen().output.cell, 12);
  const { output } = seen();
  agree(Math.round(output.top + output.rows / 2), Math.round(output.left + output.columns / 2));
  sights.pan("output", -60, 24);
  assert.equal(seen().output.top, output.top + 2, "a pan by 24 pixels is 2 cells of 12");
  agree(Math.round(output.top + output.rows / 2), Math.round(output.left + output.columns / 2));
  sights.zoom("output", 2, { x: 220, y: 170 });
  assert.equal(seen().input.cell, 12);
});

test("a step zooms around the window while it is in sight, else around the middle", () => {
  const window = { top: 40, left: 60, rows: 5, columns: 5 };
  const place = (): number[] => {
    const { cell, top, left } = seen().input;
    return [(42.5 - top) * cell, (62.5 - left) * cell];
  };
  const before = place();
  sights.zoomStep(1, window);
  assert.equal(seen().input.cell, 3);
  const after = place();
  assert.ok(Math.abs((before[0] ?? 0) - (after[0] ?? 0)) <= 1 && Math.abs((before[1] ?? 0) - (after[1] ?? 0)) <= 1);
  sights.pan("input", 9999, 9999);
  const corner = seen().input;
  sights.zoomStep(1, window);
  const { top, rows } = seen().input;
  assert.ok(Math.abs(top + rows / 2 - (corner.top + corner.rows / 2)) < 0.5);
});

test("a playhead out of sight brings both pictures along, one in sight moves neither", () => {
  const extent = (top: number, left: number, size: number) => ({ top, left, rows: size, columns: size });
  sights.follow(extent(250, 300, 5), extent(126, 101, 1));
  assert.ok(sights.sees("input", extent(250, 300, 5)));
  assert.ok(sights.sees("output", extent(126, 101, 1)));
  const before = seen();
  sights.follow(extent(248, 300, 5), extent(125, 101, 1));
  assert.deepEqual(seen(), before);
});

test("the same input stays in sight when the stage changes, another one opens", () => {
  sights.pan("input", 150, 80);
  const { top, left, rows, columns } = seen().input;
  sights.settle(frames(3), true);
  const wider = seen().input;
  assert.equal(wider.cell, 3, "what was not zoomed takes the new opening size");
  assert.ok(Math.abs(wider.top + wider.rows / 2 - (top + rows / 2)) < 0.5);
  assert.ok(Math.abs(wider.left + wider.columns / 2 - (left + columns / 2)) < 0.5);
  sights.zoom("input", 4, { x: 100, y: 100 });
  sights.settle(frames(2), true);
  assert.equal(seen().input.cell, 12, "what was zoomed keeps its size");
  sights.settle(frames(2), false);
  assert.deepEqual([seen().input.top, seen().input.left, seen().input.cell], [geometry.y.first, geometry.x.first, 2]);
});

test("reach says what the buttons can do", () => {
  assert.deepEqual(sights.reach.value, { in: true, out: true });
  sights.whole();
  assert.deepEqual(sights.reach.value, { in: true, out: false });
  assert.deepEqual([seen().input.rows, seen().input.columns], [303, 403].map((size, at) => at ? geometry.x.inputSize + geometry.x.padBefore + geometry.x.padAfter : size && geometry.y.inputSize + geometry.y.padBefore + geometry.y.padAfter));
  for (let step = 0; step < 20; step++) sights.zoomStep(1, { top: 0, left: 0, rows: 5, columns: 5 });
  assert.deepEqual(sights.reach.value, { in: false, out: true });
});

test("what is looked at is what a link brings back, on a stage of its own", () => {
  assert.equal(sights.look.value, null);
  sights.zoom("input", 4, { x: 220, y: 170 });
  sights.pan("input", 64, -24);
  const look = sights.look.value;
  assert.ok(look);
  const before = seen().input;
  sights.settle(frames(), false);
  assert.equal(sights.look.value, null, "another picture opens");
  sights.lookAt(look);
  assert.ok(sights.linked());
  sights.settle(frames(), false);
  assert.ok(!sights.linked());
  assert.deepEqual(seen().input, before);
  sights.settle(frames(), false);
  assert.equal(sights.look.value, null, "once");
  sights.lookAt([1e6, -1e6, 8]);
  sights.settle(frames(), false);
  const { top, left, rows } = seen().input;
  assert.deepEqual([top + rows, left], [frames().input.whole.top + frames().input.whole.rows, frames().input.whole.left]);
});
