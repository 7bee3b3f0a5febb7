import assert from "node:assert/strict";
import { test } from "node:test";
import { diverge, hexToRgb, plate } from "../../static/src/colour.ts";
import {
  type PaletteName,
  type Scale,
  fillInputPixels,
  fillOutputPixels,
  inputRange,
  makeLut,
  outputColour,
} from "../../static/src/palette.ts";

const SCALE: Scale = { signed: 1500, minimum: -1530, maximum: 1525 };
const PALETTES: PaletteName[] = ["signed", "min_max", "clip"];

const pixel = (rgba: Uint8ClampedArray, cell: number): number[] => [...rgba.subarray(cell * 4, cell * 4 + 4)];

test("signed: gamma .75 on the magnitude, full at the scale", () => {
  const shown = (v: number, dark: boolean) => outputColour(v, "signed", SCALE, dark);
  assert.equal(shown(0, false), "#fbf8f1");
  assert.equal(shown(-1500, false), "#0f3560");
  assert.equal(shown(1e9, true), "#ffe6d9");
  assert.equal(shown(375, false), diverge(0.25 ** 0.75, false));
  assert.equal(shown(-750, true), diverge(-(0.5 ** 0.75), true));
  assert.equal(shown(Number.NaN, true), shown(0, true));
  assert.equal(shown(-Infinity, false), shown(-1500, false));
});

test("min to max: darkest to lightest; one value only is black", () => {
  const scale: Scale = { signed: 1, minimum: -50, maximum: 50 };
  assert.deepEqual(
    [-50, 10, 50].map((v) => outputColour(v, "min_max", scale, false)),
    ["#000000", "#999999", "#ffffff"],
  );
  assert.equal(outputColour(7, "min_max", { signed: 7, minimum: 7, maximum: 7 }, false), "#000000");
});

test("clip: as an image would be saved", () => {
  assert.deepEqual(
    [-3, 0, 17.4, 254.6, 900].map((v) => outputColour(v, "clip", SCALE, true)),
    ["#000000", "#000000", "#111111", "#ffffff", "#ffffff"],
  );
});

test("a painted cell has the colour its value is told to have", () => {
  const sums = Float32Array.from({ length: 997 }, (_, cell) => -1800 + cell * 3.61);
  for (const palette of PALETTES) {
    for (const dark of [false, true]) {
      const rgba = new Uint8ClampedArray(sums.length * 4);
      fillOutputPixels(rgba, sums, 0, sums.length, palette, SCALE, dark);
      sums.forEach((v, cell) => {
        assert.deepEqual(pixel(rgba, cell), [...hexToRgb(outputColour(v, palette, SCALE, dark)), 255]);
      });
    }
  }
});

test("only the cells asked for are painted; infinities clip and NaN stays clear", () => {
  const rgba = new Uint8ClampedArray(6 * 4);
  const sums = Float32Array.of(9, Infinity, -Infinity, Number.NaN, 0, 9);
  fillOutputPixels(rgba, sums, 1, 5, "signed", SCALE, false);
  assert.deepEqual(pixel(rgba, 0), [0, 0, 0, 0]);
  assert.deepEqual(pixel(rgba, 1), [...hexToRgb("#6f1f0a"), 255]);
  assert.deepEqual(pixel(rgba, 2), [...hexToRgb("#0f3560"), 255]);
  assert.deepEqual(pixel(rgba, 3), [0, 0, 0, 0]);
  assert.deepEqual(pixel(rgba, 4), [...hexToRgb("#fbf8f1"), 255]);
  assert.deepEqual(pixel(rgba, 5), [0, 0, 0, 0]);
});

test("tables are made once a theme", () => {
  assert.equal(
    makeLut("signed", SCALE, true).pixels,
    makeLut("signed", { ...SCALE, signed: 2 }, true).pixels,
  );
  assert.notEqual(makeLut("signed", SCALE, true).pixels, makeLut("signed", SCALE, false).pixels);
});

test("a view into a larger buffer is painted in place", () => {
  const buffer = new ArrayBuffer(16);
  fillOutputPixels(new Uint8ClampedArray(buffer, 8, 4), Float32Array.of(255), 0, 1, "clip", SCALE, false);
  assert.deepEqual([...new Uint8Array(buffer)], [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0]);
});

test("ranges an input is drawn in", () => {
  assert.deepEqual(inputRange(Uint8Array.of(3, 9), 1), { low: 0, high: 255 });
  assert.deepEqual(inputRange(Float32Array.of(0, 0.25, 1), 3), { low: 0, high: 1 });
  assert.deepEqual(inputRange(Float32Array.of(0, 8, 200), 3), { low: 0, high: 255 });
  assert.deepEqual(inputRange(Float32Array.of(-2, 8, 6), 3), { low: -2, high: 8 });
  assert.deepEqual(inputRange(new Float32Array(300).fill(400), 1), { low: 0, high: 400 });
});

test("the lesson 1 … 16 is pale: .70 + .30 v ÷ 22 on the plate", () => {
  const values = Float32Array.from({ length: 16 }, (_, cell) => cell + 1);
  const rgba = new Uint8ClampedArray(16 * 4);
  fillInputPixels(rgba, values, 1, inputRange(values, 1));
  for (const v of [1, 8, 16]) {
    assert.deepEqual(pixel(rgba, v - 1), [...hexToRgb(plate(0.7 + (0.3 * v) / 22, "K")), 255]);
  }
});

test("of channels that are no colours the chosen one is painted", () => {
  const rgba = new Uint8ClampedArray(2 * 4);
  fillInputPixels(rgba, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4, { low: 0, high: 255 }, 2);
  assert.deepEqual([...rgba], [3, 3, 3, 255, 7, 7, 7, 255]);
});

test("photos keep their colours; greys are grey; other channel counts show the first", () => {
  const painted = (values: Uint8Array | Float32Array, channels: number): number[] => {
    const rgba = new Uint8ClampedArray((values.length / channels) * 4);
    fillInputPixels(rgba, values, channels, inputRange(values, channels));
    return [...rgba];
  };
  assert.deepEqual(painted(Uint8Array.of(1, 2, 3, 250, 0, 77), 3), [1, 2, 3, 255, 250, 0, 77, 255]);
  assert.deepEqual(painted(Float32Array.of(0, 0.2, 1), 3), [0, 51, 255, 255]);
  assert.deepEqual(
    painted(Uint8Array.of(0, 128, 255), 1),
    [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255],
  );
  assert.deepEqual(painted(Uint8Array.of(9, 1, 200, 1), 2), [9, 9, 9, 255, 200, 200, 200, 255]);
});
