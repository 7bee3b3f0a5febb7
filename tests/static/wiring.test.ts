import assert from "node:assert/strict";
import { test } from "node:test";
import { wireStamp } from "../../static/src/stamps/view.ts";
import { type Point, type WiringScene, wire } from "../../static/src/wiring.ts";

// Window 20 × 20, loupe of radius 100, output figure, from left to right on the line y = 200.
const WIDE: WiringScene = {
  window: { x: 90, y: 190, w: 20, h: 20 },
  loupe: { cx: 500, cy: 200, r: 100 },
  cell: { x: 800, y: 100, w: 8, h: 8 },
  chip: { x: 540, y: 330, w: 60, h: 30 },
  output: { x: 660, y: 40, w: 300, h: 300 },
  input: { x: 0, y: 40, w: 300, h: 300 },
  stageWidth: 1000,
  narrow: false,
  face: false,
  prints: false,
};
const NARROW: WiringScene = {
  ...WIDE,
  loupe: { cx: 190, cy: 430, r: 100 },
  window: { x: 60, y: 100, w: 9, h: 9 },
  cell: { x: 300, y: 120, w: 6, h: 6 },
  chip: { x: 250, y: 560, w: 70, h: 30 },
  output: { x: 200, y: 40, w: 170, h: 170 },
  input: { x: 10, y: 40, w: 170, h: 170 },
  stageWidth: 390,
  narrow: true,
};

/**
 * The corners of a path's stretches before rounding: its start, the control point of every corner, its end.
 */
function corners(path: string): Point[] {
  const points = [...path.matchAll(/[MQ](-?[\d.]+) (-?[\d.]+)|L(-?[\d.]+) (-?[\d.]+)$/g)];
  return points.map(([, x, y, endX, endY]) => [Number(x ?? endX), Number(y ?? endY)]);
}

const length = ([x, y]: Point): number => Math.hypot(x, y);
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1]];

test("a tangent touches the circle and is perpendicular to its radius", () => {
  for (const scene of [
    WIDE,
    NARROW,
    { ...WIDE, face: true },
    { ...WIDE, face: true, prints: true },
    { ...NARROW, prints: true },
    { ...WIDE, window: { x: 40, y: 470, w: 50, h: 30 } },
  ]) {
    const centre: Point = [scene.loupe.cx, scene.loupe.cy];
    for (const path of wire(scene).tangents) {
      const [from, to] = path.slice(-2) as [Point, Point];
      const radius = minus(to, centre);
      const wireLine = minus(to, from);
      assert.ok(Math.abs(length(radius) - scene.loupe.r) < 1e-9);
      assert.ok(Math.abs(radius[0] * wireLine[0] + radius[1] * wireLine[1]) < 1e-6 * length(wireLine));
    }
  }
});

test("the cone holds window and loupe between its sides", () => {
  const { cone, tangents } = wire(WIDE);
  // Straight left of the loupe all four corners tie in pairs; the facing ones are taken, on both sides.
  assert.deepEqual(
    [tangents[0][0], tangents[1][0]],
    [
      [110, 210],
      [110, 190],
    ],
  );
  assert.ok((tangents[0][1]?.[1] ?? 0) > 290 && (tangents[1][1]?.[1] ?? 999) < 110);
  assert.deepEqual(cone, [tangents[0][0], tangents[0][1], tangents[1][1], tangents[1][0]]);
});

test("a window up and left is left by its outer corners", () => {
  const { tangents } = wire({ ...WIDE, window: { x: 90, y: 20, w: 20, h: 20 } });
  assert.deepEqual(
    [tangents[0][0], tangents[1][0]],
    [
      [90, 40],
      [110, 20],
    ],
  );
});

test("by hand: a 3-4-5 tangent", () => {
  // From (0, 0) to a circle at (125, 0) of radius 75: the tangent is 100 long and touches at (80, ±60).
  const scene = { ...WIDE, window: { x: 0, y: 0, w: 0, h: 0 }, loupe: { cx: 125, cy: 0, r: 75 } };
  const touch = wire(scene).tangents.map((path) => (path.at(-1) as Point).map((at) => at.toFixed(6)));
  assert.deepEqual(touch, [
    ["80.000000", "60.000000"],
    ["80.000000", "-60.000000"],
  ]);
});

test("cells with numbers are left by the window's facing side", () => {
  const { tangents } = wire({ ...WIDE, window: { x: 20, y: 150, w: 120, h: 120 }, face: true });
  assert.deepEqual(
    [tangents[0][0], tangents[1][0]],
    [
      [140, 270],
      [140, 150],
    ],
  );
});

test("between printed numbers the wires go straight to the picture's edge", () => {
  const window = { x: 20, y: 100, w: 60, h: 60 };
  const wide = wire({ ...WIDE, window, face: true, prints: true });
  assert.deepEqual(wide.tangents.map((path) => path.slice(0, 2)), [[[80, 160], [300, 160]], [[80, 100], [300, 100]]]);
  assert.equal(wide.cone.length, 6);
  const { tangents } = wire({ ...NARROW, window, prints: true });
  assert.deepEqual(tangents.map((path) => path.slice(0, 2)), [[[20, 160], [20, 210]], [[80, 160], [80, 210]]]);
});

test("the leader: from the chip's right, up the middle of the gap, into the cell's left", () => {
  assert.deepEqual(corners(wire(WIDE).leader), [
    [601, 345],
    [630, 345],
    [630, 104],
    [798, 104],
  ]);
  assert.deepEqual(
    corners(wire({ ...WIDE, face: true, cell: { x: 800, y: 100, w: 50, h: 50 } }).leader).at(-1),
    [798, 138],
  );
});

test("a cell below the chip is reached downwards", () => {
  const leader = wire({ ...WIDE, cell: { x: 700, y: 400, w: 10, h: 10 } }).leader;
  assert.deepEqual(corners(leader), [
    [601, 345],
    [630, 345],
    [630, 405],
    [698, 405],
  ]);
  assert.equal(
    leader,
    "M601.0 345.0L615.5 345.0Q630.0 345.0 630.0 359.5L630.0 389.0Q630.0 405.0 646.0 405.0L698.0 405.0",
  );
});

test("a chip that reaches into the gap is left by its top, or by its bottom for a lower cell", () => {
  const chip = { x: 540, y: 330, w: 88, h: 30 };
  assert.deepEqual(corners(wire({ ...WIDE, chip }).leader), [
    [616, 329],
    [616, 104],
    [798, 104],
  ]);
  const cell = { x: 700, y: 400, w: 10, h: 10 };
  assert.deepEqual(corners(wire({ ...WIDE, chip, cell }).leader), [
    [616, 361],
    [616, 405],
    [698, 405],
  ]);
});

test("narrow: around the loupe and up between the pictures and it", () => {
  // Past the loupe at x = 368, between figure and loupe at y = (210 + 330) / 2, up into the cell's underside.
  const expected = [
    [285, 559],
    [285, 538],
    [368, 538],
    [368, 270],
    [303, 270],
    [303, 128],
  ];
  assert.deepEqual(corners(wire(NARROW).leader), expected);
  const wideChip = { ...NARROW, chip: { x: 100, y: 560, w: 280, h: 30 } };
  assert.deepEqual(corners(wire(wideChip).leader), [
    [368, 559],
    [368, 270],
    [303, 270],
    [303, 128],
  ]);
});

test("narrow, and the sum beside the loupe: around what stands over it", () => {
  const loupe = { cx: 110, cy: 430, r: 100 };
  const chip = { x: 240, y: 450, w: 70, h: 30 };
  assert.deepEqual(corners(wire({ ...NARROW, loupe, chip }).leader), [[311, 465], [385, 465], [385, 270], [303, 270], [303, 128]]);
});

test("a stamp's leader runs between cells that have numbers", () => {
  const cell = { x: 60, y: 100, w: 40, h: 40 };
  assert.deepEqual(corners(wireStamp({ ...NARROW, cell }).leader), [[100, 142], [100, 430], [90, 430]]);
  assert.deepEqual(corners(wireStamp({ ...WIDE, cell, face: true }).leader), [[102, 140], [380, 140], [380, 200], [400, 200]]);
  assert.deepEqual(corners(wireStamp({ ...WIDE, cell }).leader)[0], [102, 120]);
  // Nearly as high as the loupe's middle, it needs no corner.
  assert.deepEqual(corners(wireStamp({ ...WIDE, cell: { ...cell, y: 174 }, face: true }).leader), [[102, 214], [401, 214]]);
});

test("a stamp's cone leaves the output between its numbers, by the edge that faces the loupe", () => {
  const window = { x: 760, y: 100, w: 90, h: 90 };
  for (const path of wireStamp({ ...WIDE, window, prints: true }).tangents) {
    const [from, turn, touch] = path as readonly [Point, Point, Point];
    assert.ok(from[0] === 760 && [100, 190].includes(from[1]));
    assert.deepEqual(turn, [WIDE.output.x, from[1]]);
    assert.ok(Math.abs(Math.hypot(touch[0] - WIDE.loupe.cx, touch[1] - WIDE.loupe.cy) - WIDE.loupe.r) < 1e-9);
  }
  const below = { x: 280, y: 60, w: 60, h: 60 };
  for (const path of wireStamp({ ...NARROW, window: below, prints: true }).tangents) {
    const [from, turn] = path as readonly [Point, Point, Point];
    assert.equal(from[1], 120);
    assert.deepEqual(turn, [from[0], NARROW.output.y + NARROW.output.h]);
  }
  const whole = wireStamp({ ...WIDE, window });
  assert.deepEqual(whole.cone, [...whole.tangents[0], ...whole.tangents[1].toReversed()]);
  assert.equal(whole.tangents[0].length, 2);
});

test("a cell right above the gap needs no room for its corners", () => {
  const leader = wire({ ...WIDE, cell: { x: 632, y: 343, w: 4, h: 4 } }).leader;
  assert.doesNotMatch(leader, /NaN/);
  assert.deepEqual(corners(leader).at(-1), [630, 345]);
});
