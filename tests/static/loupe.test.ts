import assert from "node:assert/strict";
import { test } from "node:test";
import { boxUnder, cellUnder, loupeLayout, tapAt } from "../../static/src/loupe-layout.ts";
import { type LoupeScene, comesLater } from "../../static/src/painters/loupe.ts";

test("the cells lie inside the glass: in the circle up to 5 by 5, a wide window from rim to rim, in a rounded square beyond", () => {
  for (const [rows, columns] of [[1, 1], [3, 3], [2, 5], [1, 5], [5, 1], [5, 5], [7, 3], [11, 11]] as const) {
    const { round, pitch, left, top } = loupeLayout(rows, columns);
    assert.equal(round, Math.max(rows, columns) <= 5);
    const reach = Math.hypot(220 - left, 220 - top);
    if (round) assert.ok(reach <= 205, `corner at ${reach} of 205`);
    if (round && columns >= rows) assert.ok(reach >= 195, `corner at ${reach} only`);
    else assert.ok(left >= 15 && top >= 15 && left + columns * pitch <= 425 && top + rows * pitch <= 425);
  }
});

test("a point finds its tap and the half of its cell", () => {
  const { pitch, left, top } = loupeLayout(3, 4);
  const scale = 300 / 440;
  const point = (column: number, row: number) => tapAt(300, loupeLayout(3, 4), (left + column * pitch) * scale, (top + row * pitch) * scale);
  assert.deepEqual(point(0.5, 0.25), { row: 0, column: 0, half: "value" });
  assert.deepEqual(point(3.5, 2.75), { row: 2, column: 3, half: "weight" });
  assert.equal(point(-0.1, 1), null);
  assert.equal(point(4.1, 1), null);
  assert.equal(point(1, 3.1), null);
});

test("between dilated taps lie the cells that are left out, and around the window its neighbours, without a gap", () => {
  for (const [rows, columns, dilation] of [[3, 3, [2, 2]], [3, 5, [1, 4]], [7, 2, [3, 1]]] as const) {
    const layout = loupeLayout(rows, columns, dilation);
    for (const [along, taps, gap] of [[layout.rows, rows, dilation[0]], [layout.columns, columns, dilation[1]]] as const) {
      for (let cell = -3; cell < (taps - 1) * gap + 4; cell++) {
        const [here, next] = [cellUnder(along, cell), cellUnder(along, cell + 1)];
        assert.ok(Math.abs(here.start + here.size - next.start) < 1e-9, `cell ${cell} of ${taps} by ${gap}`);
        const tapped = cell >= 0 && cell < (taps - 1) * gap + 1 && cell % gap === 0;
        const outside = cell < 0 || cell > (taps - 1) * gap;
        assert.equal(here.size < along.pitch - along.strip - 1e-9, !tapped && !outside);
      }
    }
    const last = boxUnder(layout, rows - 1, columns - 1);
    assert.ok(Math.hypot(last.x + layout.side - 220, last.y + layout.side - 220) <= (layout.round ? 205 : 300));
  }
});

test("a strip between two taps is no tap, and a tap is found by its box", () => {
  const layout = loupeLayout(3, 4, [3, 2]);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      const { x, y } = boxUnder(layout, row, column);
      const at = (across: number, down: number) => tapAt(440, layout, x + across * layout.side, y + down * layout.side);
      assert.deepEqual(at(0.01, 0.49), { row, column, half: "value" });
      assert.deepEqual(at(0.99, 0.51), { row, column, half: "weight" });
    }
  }
  const { start, size } = cellUnder(layout.columns, 1);
  assert.equal(tapAt(440, layout, start + size / 2, boxUnder(layout, 1, 0).y + 5), null);
});

test("tap by tap what is still to be multiplied is pale, from the last tap on where the kernel lies turned", () => {
  const taps = Array.from({ length: 6 }) as LoupeScene["taps"];
  const pale = (scene: Pick<LoupeScene, "multiplied" | "turned">): number[] => taps.flatMap((_, index) => (comesLater({ taps, ...scene }, index) ? [index] : []));
  assert.deepEqual(pale({ multiplied: null, turned: false }), []);
  assert.deepEqual(pale({ multiplied: 4, turned: false }), [4, 5]);
  assert.deepEqual(pale({ multiplied: 4, turned: true }), [0, 1]);
});
