import assert from "node:assert/strict";
import { test } from "node:test";
import { loupeLayout, tapAt } from "../../static/src/loupe-layout.ts";

test("the cells lie inside the glass: in the circle's square up to 5 by 5, in a rounded square beyond", () => {
  for (const [rows, columns] of [[1, 1], [3, 3], [2, 5], [5, 5], [7, 3], [11, 11]] as const) {
    const { round, pitch, left, top } = loupeLayout(rows, columns);
    assert.equal(round, Math.max(rows, columns) <= 5);
    const reach = Math.hypot(220 - left, 220 - top);
    if (round) assert.ok(reach <= 205, `corner at ${reach} of 205`);
    else assert.ok(left >= 15 && top >= 15 && left + columns * pitch <= 425 && top + rows * pitch <= 425);
  }
});

test("a point finds its tap and the half of its cell", () => {
  const { pitch, left, top } = loupeLayout(3, 4);
  const scale = 300 / 440;
  const point = (column: number, row: number) => tapAt(300, 3, 4, (left + column * pitch) * scale, (top + row * pitch) * scale);
  assert.deepEqual(point(0.5, 0.25), { row: 0, column: 0, half: "value" });
  assert.deepEqual(point(3.5, 2.75), { row: 2, column: 3, half: "weight" });
  assert.equal(point(-0.1, 1), null);
  assert.equal(point(4.1, 1), null);
  assert.equal(point(1, 3.1), null);
});
