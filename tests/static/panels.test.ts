import assert from "node:assert/strict";
import { test } from "node:test";
import { curl, quoted, spellJson } from "../../static/src/panels/json.ts";
import { figureSvg } from "../../static/src/panels/figure-svg.ts";
import { MOST_PRODUCTS, linesOf, strongestInPadding } from "../../static/src/panels/lines.ts";
import { tag, words, wrapped } from "../../static/src/panels/svg.ts";
import type { Ink } from "../../static/src/painters/ink.ts";

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

test("markup says what it is given, and nothing more", () => {
  assert.equal(words('a < b & "c"', 1.005, 2, 3), '<text x="1" y="2" font-size="3">a &lt; b &amp; &quot;c&quot;</text>');
  assert.equal(tag("g", { title: '"' }), '<g title="&quot;"/>');
  assert.deepEqual(wrapped("one two three extraordinarily four", 9), ["one two", "three", "extraordinarily", "four"]);
});

test("the figure has every number of a small scene, and every cell in its place", () => {
  const ink = new Proxy({ dark: false }, { get: (own, name) => (name in own ? own[name as "dark"] : "#000001") }) as unknown as Ink;
  const picture = { heading: "A", detail: "<b>", shape: "2 × 4", height: 2, width: 4, picture: "data:,", print: (row: number, column: number) => ({ text: `r${row}c${column}`, colour: "#ffffff" }) };
  const tap = { padding: false, counts: true, plate: "#ffffff", colour: "#123456" };
  const svg = figureSvg({
    ink, serif: "serif", call: "f(x)", sentence: "It is so.", sum: "3 + 4 =", result: { text: "7", colour: "#ffffff" },
    input: { ...picture, top: -1, left: 0, rows: 4, columns: 4, frame: { top: -1, left: 1, rows: 2, columns: 2 } },
    output: { ...picture, top: 0, left: 0, rows: 2, columns: 4, frame: { top: 0, left: 1, rows: 1, columns: 1 } },
    kernel: { heading: "K", detail: "", shape: "1 × 2" },
    loupe: { ink, rows: 1, columns: 2, taps: [{ ...tap, value: 31, weight: -0.5 }, { ...tap, value: 32, weight: 2 }], largestWeight: 2, tag: null, winner: -1, dilation: [1, 1], adds: true, around: (row: number, column: number) => (row < 0 ? "padding" : column > 1 ? "#0a0b0c" : null) } as unknown as Parameters<typeof figureSvg>[0]["loupe"],
  });
  for (const said of ["f(x)", "It is so.", "3 + 4 =", ">7<", ">31<", ">32<", ">×−0.5<", ">×2<", "&lt;b&gt;", "r-1c3", "r2c0", ">r1c3<"]) assert.ok(svg.includes(said), said);
  // Around the window: the padding over it, the picture right of it, and between the two taps a plus.
  assert.ok(svg.includes('fill="#0a0b0c"') && svg.includes('fill="url(#padding)"'));
  assert.equal(svg.match(/stroke-width="2"\/>/g)?.length, 2 + 1, "two strokes of a plus, and the result's frame");
  const cell = 340 / 4;
  // The framed cells of the input: one row up, in the padding, and one column in.
  assert.ok(svg.includes(`x="${44 + cell - 1.5}" y="${168 - 1.5}" width="${2 * cell + 3}" height="${2 * cell + 3}"`));
  const [opened, closed, single] = [/<[a-z]+(?=[ >])/g, /<\/[a-z]+>/g, /\/>/g].map((tags) => svg.match(tags)?.length ?? 0) as [number, number, number];
  assert.equal(opened, closed + single);
});

test("the figure of a stamp frames each of its cells, and leads from the cell to the loupe and on to the stamp", () => {
  const ink = new Proxy({ dark: false }, { get: (own, name) => (name in own ? own[name as "dark"] : "#000001") }) as unknown as Ink;
  const picture = { heading: "A", detail: "", shape: "2 × 2", rows: 2, columns: 2, height: 2, width: 2, top: 0, left: 0, picture: "data:,", print: () => null };
  const frame = { top: 0, left: 0, rows: 1, columns: 1 };
  const figure = (sentence: string): string => figureSvg({
    ink, serif: "serif", call: "f(x)", sentence, sum: "7 ×", result: { text: "2 weights", colour: "#ffffff" },
    input: { ...picture, frame }, kernel: { heading: "K", detail: "", shape: "1 × 2" },
    output: { ...picture, frame: { ...frame, columns: 2 }, stamp: [{ row: 0, column: 0, colour: "#aa0000", text: "+14" }, { row: 0, column: 1, colour: "#00aa00", text: "−7" }] },
    loupe: { ink, rows: 1, columns: 2, taps: [], largestWeight: 2, tag: null, winner: -1, dilation: [1, 1], adds: false, around: null } as unknown as Parameters<typeof figureSvg>[0]["loupe"],
  });
  const svg = figure("");
  for (const said of ["7 ×", ">2 weights<", ">+14<", ">−7<", 'stroke="#aa0000"', 'stroke="#00aa00"']) assert.ok(svg.includes(said), said);
  // Between printed numbers: from the cell's lower edge, and to the corners of the stamp.
  const cell = 340 / 2;
  assert.ok(svg.includes(`d="M${44 + cell + 2}.0 ${168 + cell}.0L`));
  for (const corner of [168, 168 + cell]) assert.ok(svg.includes(`d="M${1200 - 44 - 340}.0 ${corner}.0L`));
  // Steps of an animation are alike in height.
  const [one, two] = ["Short.", "long ".repeat(40)].map((sentence) => /viewBox="[^"]+"/.exec(figure(sentence))?.[0]);
  assert.equal(one, two);
});
