import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, cellAt } from "../../static/src/painters/figure.ts";
import { Viewport } from "../../static/src/stage/viewport.ts";

const WHOLE = { top: -1, left: -2, rows: 52, columns: 103 };

test("a grid that fits is shown whole, from its padding on, and does not pan", () => {
  const viewport = new Viewport(WHOLE, { rows: 52, columns: 103 }, 3, 26);
  assert.ok(!viewport.pans);
  assert.ok(!viewport.reveal({ top: 40, left: 90, rows: 3, columns: 3 }));
  assert.deepEqual(viewport.figure, { cell: 3, margin: 26, top: -1, left: -2, rows: 52, columns: 103 });
});

test("a larger grid pans no further than it must, and stays inside the grid", () => {
  const viewport = new Viewport(WHOLE, { rows: 20, columns: 40 }, 2, 26);
  assert.ok(!viewport.reveal({ top: 0, left: 0, rows: 3, columns: 3 }), "already in sight");
  assert.ok(viewport.reveal({ top: 30, left: 60, rows: 3, columns: 5 }));
  // 8 cells stay free ahead of the window: 30 + 3 + 8 - 20 and 60 + 5 + 8 - 40.
  assert.deepEqual([viewport.figure.top, viewport.figure.left], [21, 33]);
  viewport.reveal({ top: 48, left: 98, rows: 3, columns: 3 });
  assert.deepEqual([viewport.figure.top, viewport.figure.left], [-1 + 52 - 20, -2 + 103 - 40]);
  assert.ok(viewport.panBy(-1000, -1000));
  assert.deepEqual([viewport.figure.top, viewport.figure.left], [-1, -2]);
});

test("cells and pixels are each other's inverse", () => {
  const figure = { cell: 7, margin: 26, top: -3, left: 5, rows: 10, columns: 12 };
  for (const [row, column] of [[-3, 5], [0, 9], [6, 16]] as const) {
    const box = boxOf(figure, row, column);
    assert.deepEqual(cellAt(figure, box.x + 0.1, box.y + 6.9), { row, column });
  }
});
