import assert from "node:assert/strict";
import { test } from "node:test";
import { type Box, type Sight, leastCovering } from "../../static/src/widgets/placement.ts";

const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, width, height });
const LOUPE = box(500, 200, 400, 400);
const WINDOW = { width: 1400, height: 900 };
const see = (box: Box, weight = 1): Sight => ({ box, weight });

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

test("it stands left of the loupe when that covers nothing", () => {
  assert.deepEqual(leastCovering({ width: 300, height: 500 }, LOUPE, [see(LOUPE, 10)], WINDOW), { left: 192, top: 150 });
});

test("it covers what matters least", () => {
  const sights = [see(LOUPE, 10), see(box(100, 200, 390, 400), 2), see(box(910, 200, 390, 400), 1)];
  const at = leastCovering({ width: 380, height: 500 }, LOUPE, sights, WINDOW);
  assert.equal(at.left, 1012);
  const swapped = [see(LOUPE, 10), see(box(100, 200, 390, 400), 1), see(box(910, 200, 390, 400), 2)];
  assert.equal(leastCovering({ width: 380, height: 500 }, LOUPE, swapped, WINDOW).left, 8);
});

test("above or below where it does not fit beside", () => {
  const narrow = { width: 420, height: 900 };
  const loupe = box(10, 300, 400, 400);
  assert.deepEqual(leastCovering({ width: 404, height: 250 }, loupe, [see(loupe)], narrow), { left: 8, top: 42 });
  assert.deepEqual(leastCovering({ width: 404, height: 250 }, box(10, 100, 400, 400), [see(box(10, 100, 400, 400))], narrow), { left: 8, top: 508 });
});

test("it stays in the window, and its top is seen when it is too tall", () => {
  for (const [width, height] of [[300, 300], [392, 675], [632, 884], [300, 2000]] as const) {
    for (const left of [-200, 0, 700, 1300]) {
      const loupe = box(left, 100, 300, 300);
      const at = leastCovering({ width, height }, loupe, [see(loupe)], WINDOW);
      assert.ok(at.left >= 8 && at.left + width <= WINDOW.width - 8, `left ${at.left}`);
      assert.ok(at.top >= 8 && (at.top + height <= WINDOW.height - 8 || at.top === 8), `top ${at.top}`);
      if (height < 700) assert.ok(!overlaps({ ...at, width, height }, loupe), "there is room beside the loupe");
    }
  }
});
