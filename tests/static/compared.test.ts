import assert from "node:assert/strict";
import { test } from "node:test";
import { cellText } from "../../static/src/panels/compared.ts";
import { compare } from "../../static/src/text/en/compare.ts";

test("the cells of the table are read as what they are", () => {
  assert.equal(cellText("pads_y", [-1, 1024], compare), "−1, 1024");
  assert.equal(cellText("output_size", [32, 48], compare), "32 × 48");
  assert.equal(cellText("rows_read", [-1, 63], compare), "−1 to 63");
  assert.equal(cellText("value", -1533.25, compare), "−1,533.25");
  assert.equal(cellText("value", null, compare), "none");
  assert.equal(cellText("fill", "symmetric", compare), "mirrored, with the edge");
  assert.equal(cellText("turned", true, compare), "turned");
  assert.equal(cellText("later", "later", compare), "later");
});

test("a move is told by its direction and in the right number", () => {
  assert.equal(compare.moved(-1, 0), "The second is the first, moved 1 row up.");
  assert.equal(compare.moved(2, -1), "The second is the first, moved 2 rows down and 1 column to the left.");
});
