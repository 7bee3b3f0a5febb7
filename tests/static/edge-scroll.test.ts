import assert from "node:assert/strict";
import { test } from "node:test";
import { pull } from "../../static/src/widgets/edgeScroll.ts";

test("near an edge it pulls towards it, the more the nearer", () => {
  assert.equal(pull(200, 100, 500), 0);
  assert.equal(pull(124, 100, 500), 0);
  const towards = [120, 110, 101, 100].map((at) => pull(at, 100, 500));
  assert.ok(towards.every((by, at) => by < 0 && by <= (towards[at - 1] ?? 0)), String(towards));
  assert.deepEqual([480, 490, 499, 500].map((at) => pull(at, 100, 500)), towards.map((by) => -by));
});

test("beyond the edge it pulls no harder than at it", () => {
  assert.equal(pull(900, 100, 500), pull(500, 100, 500));
  assert.equal(pull(-900, 100, 500), pull(100, 100, 500));
});

test("between two near edges it does not pull", () => assert.equal(pull(110, 100, 120), 0));
