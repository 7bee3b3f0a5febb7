import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, cellAt, visible } from "../../static/src/painters/figure.ts";
import * as viewport from "../../static/src/stage/viewport.ts";
import type { Frame } from "../../static/src/stage/viewport.ts";

/** 103 columns and 52 rows with 2 and 1 of padding before; room for 20 rows and 40 columns of 2 pixels. */
const LARGE: Frame = {
  whole: { top: -1, left: -2, rows: 52, columns: 103 }, width: 80, height: 40, margin: 26, cell: 2, devicePixelRatio: 1,
};
const SMALL: Frame = { ...LARGE, width: 309, height: 156, cell: 3 };
const PHONE: Frame = { ...LARGE, width: 103 * 1.7, height: 52 * 1.7, cell: 1.7, devicePixelRatio: 3 };

const seen = (frame: Frame, sight: viewport.Sight): number[] => {
  const { top, left, rows, columns } = viewport.figureOf(frame, sight);
  return [top, left, rows, columns];
};

test("a grid that fits is shown whole, from its padding on, and does not pan", () => {
  for (const frame of [SMALL, PHONE]) {
    const sight = viewport.opening(frame);
    assert.ok(!viewport.pans(frame, sight));
    for (const [top, left] of [[40, 90], [-1, -2], [48, 98]] as const)
      assert.equal(viewport.revealing(frame, sight, { top, left, rows: 3, columns: 3 }), sight, "nothing to pan");
    assert.deepEqual(viewport.figureOf(frame, sight), { cell: frame.cell, margin: 26, top: -1, left: -2, rows: 52, columns: 103 });
    assert.deepEqual(viewport.pannedBy(frame, sight, 30, 40), sight);
  }
});

test("a larger grid opens at its first cell, pans no further than it must, and stays inside the grid", () => {
  const sight = viewport.opening(LARGE);
  assert.ok(viewport.pans(LARGE, sight));
  assert.deepEqual(seen(LARGE, sight), [-1, -2, 20, 40]);
  assert.equal(viewport.revealing(LARGE, sight, { top: 0, left: 0, rows: 3, columns: 3 }, 1), sight, "already in sight");
  const moved = viewport.revealing(LARGE, sight, { top: 30, left: 60, rows: 3, columns: 5 });
  // 8 cells stay free ahead of the window: 30 + 3 + 8 - 20 and 60 + 5 + 8 - 40.
  assert.deepEqual(seen(LARGE, moved), [21, 33, 20, 40]);
  assert.deepEqual(seen(LARGE, viewport.revealing(LARGE, sight, { top: 30, left: 60, rows: 3, columns: 5 }, 0)), [13, 25, 20, 40]);
  const last = viewport.revealing(LARGE, moved, { top: 48, left: 98, rows: 3, columns: 3 });
  assert.deepEqual(seen(LARGE, last), [-1 + 52 - 20, -2 + 103 - 40, 20, 40]);
  assert.equal(viewport.revealing(LARGE, last, { top: 47, left: 98, rows: 3, columns: 3 }), last, "already at the edge");
  assert.deepEqual(seen(LARGE, viewport.pannedBy(LARGE, last, -9999, -9999)), [-1, -2, 20, 40]);
});

test("a pan goes by device pixels, not by cells", () => {
  const twice = { ...LARGE, devicePixelRatio: 2 };
  const sight = viewport.pannedBy(twice, viewport.opening(twice), 5, 3.2);
  // 5 CSS pixels are 2.5 cells; 3.2 are drawn at 3 and not lost: 3.2 once more makes 6.5 in all.
  assert.deepEqual(seen(twice, sight).slice(0, 2), [-1 + 1.5, -2 + 2.5]);
  assert.deepEqual(seen(twice, viewport.pannedBy(twice, sight, 0, 3.2)).slice(0, 2), [-1 + 3.25, -2 + 2.5]);
});

test("what is under the spot stays under it at every zoom, and cells stay whole device pixels", () => {
  for (const ratio of [1, 1.5, 3]) {
    const frame = { ...LARGE, devicePixelRatio: ratio };
    let sight = viewport.pannedBy(frame, viewport.opening(frame), 40, 20);
    const spot = { x: 26 + 31, y: 26 + 17 };
    const under = (): [number, number] => {
      const { cell, top, left } = viewport.figureOf(frame, sight);
      return [(spot.x - 26) / cell + left, (spot.y - 26) / cell + top];
    };
    const [column, row] = under();
    for (const factor of [1.3, 1.3, 2, 1.9, 1.01, 0.5, 3]) {
      sight = viewport.zoomedBy(frame, sight, factor, spot);
      const { cell } = viewport.figureOf(frame, sight);
      assert.ok(Math.abs(cell * ratio - Math.round(cell * ratio)) < 1e-9, `${cell * ratio} device pixels`);
      const now = under();
      // Rounded to a pixel at each of the steps before.
      assert.ok(Math.abs(now[0] - column) < 1 && Math.abs(now[1] - row) < 1, `${now} and ${[column, row]}`);
    }
  }
});

test("small changes of a pinch add up although cells grow by whole pixels", () => {
  let sight = viewport.opening(SMALL);
  for (let turn = 0; turn < 20; turn++) sight = viewport.zoomedBy(SMALL, sight, 1.05, { x: 90, y: 90 });
  assert.equal(viewport.figureOf(SMALL, sight).cell, Math.round(3 * 1.05 ** 20));
});

test("the whole picture is the smallest size, below a pixel too, and 64 pixels the largest", () => {
  const limits = { smallest: 0.5, largest: 64 };
  assert.deepEqual(viewport.limits(LARGE), limits);
  assert.deepEqual(viewport.limits(SMALL), { smallest: 3, largest: 64 });
  assert.deepEqual(viewport.limits(PHONE), { smallest: 1.7, largest: 64 });
  const out = viewport.zoomedBy(LARGE, viewport.opening(LARGE), 0.001, { x: 40, y: 40 });
  assert.deepEqual(viewport.figureOf(LARGE, out), { cell: 0.5, margin: 26, top: -1, left: -2, rows: 52, columns: 103 });
  assert.ok(!viewport.pans(LARGE, out));
  assert.equal(viewport.figureOf(LARGE, viewport.zoomedBy(LARGE, out, 1e6, { x: 40, y: 40 })).cell, 64);
});

test("steps lead from the whole picture to the largest cells and back to where they began", () => {
  for (const frame of [LARGE, SMALL, PHONE]) {
    let sight = viewport.held(frame, { ...viewport.opening(frame), cell: viewport.limits(frame).smallest });
    const walk = (direction: 1 | -1): number[] => {
      const cells = [];
      for (let left = 40; left > 0; left--) {
        cells.push(viewport.figureOf(frame, sight).cell);
        const factor = viewport.stepFactor(frame, sight, direction);
        if (Math.abs(factor - 1) < 1e-9) return cells;
        sight = viewport.zoomedBy(frame, sight, factor, { x: 60, y: 50 });
      }
      throw new Error("no end");
    };
    const up = walk(1);
    assert.equal(up.at(-1), 64);
    assert.ok(up.length > 8 && up.every((cell, at) => at === 0 || cell > (up[at - 1] ?? 0)));
    assert.deepEqual(walk(-1), up.toReversed());
  }
});

test("cells and pixels are each other's inverse, within a cell that is cut too", () => {
  const figure = { cell: 7, margin: 26, top: -3 + 2 / 7, left: 5 + 3 / 7, rows: 10, columns: 12 };
  for (const [row, column] of [[-3, 5], [0, 9], [6, 16]] as const) {
    const box = boxOf(figure, row, column);
    assert.deepEqual(cellAt(figure, box.x + 0.1, box.y + 6.9), { row, column });
  }
});

test("cells that are cut at either end are visible, and none beyond them", () => {
  assert.deepEqual(visible(2.5, 4, 100), [2, 7]);
  assert.deepEqual(visible(-1, 4, 100), [0, 3]);
  assert.deepEqual(visible(97.25, 20, 100), [97, 100]);
  assert.deepEqual(visible(3 - 1e-9, 4 + 2e-9, 100), [3, 7], "a rounding is no cell");
});
