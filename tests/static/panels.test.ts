import assert from "node:assert/strict";
import { test } from "node:test";
import { curl, quoted, spellJson } from "../../static/src/panels/json.ts";
import { MOST_PRODUCTS, linesOf, strongestInPadding } from "../../static/src/panels/lines.ts";

const SOBEL = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

test("each channel has a line of its products, without those of weight 0", () => {
  const window = Array.from({ length: 18 }, (_, tap) => 10 * tap);
  const lines = linesOf({ window, weights: () => SOBEL, channels: 2, chosen: 0, upTo: null, meets: () => true });
  assert.deepEqual(lines.map(({ channel, zeros, taps, whole }) => [channel, zeros, taps, whole]), [[0, 3, 9, true], [1, 3, 9, true]]);
  assert.deepEqual(lines[1]?.products.map(({ tap, value, weight }) => [tap, value, weight]),
    [[0, 90, -1], [2, 110, 1], [3, 120, -2], [5, 140, 2], [6, 150, -1], [8, 170, 1]]);
  assert.ok(lines.every(({ products }) => products.every(({ current, later }) => !current && !later)));
});

test("weights that lie on no cell of the input are counted, those of 0 not once more", () => {
  const [line] = linesOf({ window: new Uint8Array(9), weights: () => SOBEL, channels: 1, chosen: 0, upTo: null, meets: (tap) => tap % 2 === 0 });
  assert.deepEqual([line?.products.map(({ tap }) => tap), line?.zeros, line?.missed], [[0, 2, 6, 8], 3, 2]);
});

test("tap by tap the last product is current and those after it come later, over all channels", () => {
  const [first, second] = linesOf({ window: new Uint8Array(18), weights: () => SOBEL, channels: 2, chosen: 0, upTo: 11, meets: () => true });
  assert.ok(first?.products.every(({ later, current }) => !later && !current));
  assert.deepEqual(second?.products.map(({ current, later }) => [current, later]),
    [[false, false], [true, false], [false, true], [false, true], [false, true], [false, true]]);
});

test("of very many products only those of the chosen channel are spelled", () => {
  const many = { window: new Float32Array(4 * 49), weights: () => new Array<number>(49).fill(2), channels: 4, chosen: 2, upTo: null, meets: () => true };
  assert.deepEqual(linesOf(many).map(({ products, whole }) => [products.length, whole]), [[0, false], [0, false], [49, true], [0, false]]);
  assert.ok(linesOf({ ...many, channels: 2 }).every(({ whole }) => whole) && 2 * 49 <= MOST_PRODUCTS);
});

test("the border is darkest only where it is clearly stronger than the rest", () => {
  const inside = (position: number): boolean => position % 4 !== 0;
  assert.equal(strongestInPadding(Float32Array.of(-9, 2, 3, -4, 0), inside), true);
  assert.equal(strongestInPadding(Float32Array.of(-4.5, 2, 3, -4, 0), inside), false);
  assert.equal(strongestInPadding(Float32Array.of(1, 2, 3, -4, 9, 8), inside), false);
  assert.equal(strongestInPadding(Float32Array.of(0, 0), inside), false);
});

test("JSON that fits a line stays on one, and reads back the same", () => {
  assert.equal(spellJson([[1, 0, -1], [2, 0, -2]]), "[[1, 0, -1], [2, 0, -2]]");
  const value = { kernel: Array.from({ length: 5 }, (_, row) => Array.from({ length: 5 }, (_, column) => row * column + 0.125)), text: "a { [ b", none: null, of: {} };
  const spelled = spellJson(value);
  assert.deepEqual(JSON.parse(spelled), value);
  assert.ok(spelled.includes("\n    [0.125, 0.125, 0.125, 0.125, 0.125],\n"));
  assert.ok(spelled.split("\n").every((line) => line.length <= 72));
});

test("a command quotes what a shell would read otherwise", () => {
  assert.equal(quoted("it's"), "'it'\\''s'");
  assert.equal(curl("http://localhost/a"), "curl http://localhost/a");
  assert.equal(curl("http://localhost/a?b=1&c=2", { options: ["--output o.npy"], body: { a: 1 } }),
    "curl 'http://localhost/a?b=1&c=2' \\\n  --output o.npy \\\n  --json '{\"a\": 1}'");
});
