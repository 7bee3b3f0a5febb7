import assert from "node:assert/strict";
import { test } from "node:test";
import { type Grid, type Measured, fit } from "../../static/src/stage/fit.ts";

const DESKTOP: Measured = {
  width: 1376, height: 480, sumHeight: 54, kernelHeadingHeight: 55, rem: 16, devicePixelRatio: 1, arrangement: "wide",
};
const square = (side: number): Grid => ({ rows: side, columns: side });

test("on the desktop a cell is a whole number of device pixels and everything fits", () => {
  for (const ratio of [1, 1.5, 2]) {
    for (const side of [4, 6, 17, 34, 66, 130]) {
      for (const [width, height] of [[1376, 480], [1040, 380], [1856, 640]] as const) {
        const measured = { ...DESKTOP, width, height, devicePixelRatio: ratio };
        const { margin, inputCell, outputCell, diameter } = fit(measured, square(side), square(side - 2), false);
        const pixels = inputCell * ratio;
        assert.ok(Math.abs(pixels - Math.round(pixels)) < 1e-9, `${pixels} device pixels`);
        assert.ok(2 * (margin + side * inputCell) + diameter <= width, "three columns fit side by side");
        assert.ok(margin + side * inputCell <= height);
        assert.ok(outputCell * (side - 2) <= inputCell * side + 1e-9, "the output is no larger than the input");
      }
    }
  }
});

test("the input takes one more pixel a cell when that costs the loupe little", () => {
  const { inputCell, diameter } = fit(DESKTOP, square(66), square(64), false);
  assert.equal(inputCell, 6);
  assert.ok(diameter >= 0.86 * 418);
});

test("true scale draws both at the same cell size, so a stride of 2 is half as large", () => {
  const { inputCell, outputCell } = fit(DESKTOP, square(66), square(32), true);
  assert.equal(outputCell, inputCell);
  assert.equal(fit(DESKTOP, square(66), square(32), false).outputCell, 2 * inputCell);
});

test("a picture too large for the smallest visible cells pans", () => {
  const { inputCell, inputView, outputView } = fit(DESKTOP, { rows: 770, columns: 1026 }, { rows: 768, columns: 1024 }, false);
  assert.equal(inputCell, 2);
  assert.ok(inputView.rows < 770 && inputView.columns < 1026);
  assert.ok(outputView.columns * 2 + 2 * 26 < (1376 - 418) / 2);
  const smaller = fit(DESKTOP, { rows: 770, columns: 1026 }, { rows: 768, columns: 1024 }, false, 2);
  assert.ok(smaller.inputView.rows < inputView.rows, "an overflowing stage takes rows off it");
});

test("phones keep the loupe at 216 px or more and put the pictures side by side", () => {
  const phone: Measured = {
    width: 390, height: 480, sumHeight: 48, kernelHeadingHeight: 30, rem: 16, devicePixelRatio: 3, arrangement: "phone",
  };
  const { margin, inputCell, diameter } = fit(phone, square(66), square(64), false);
  assert.ok(2 * (margin + 66 * inputCell) < 390);
  assert.ok(diameter >= 216 && diameter <= 340);
});

test("tablets give the pictures most of the width, the loupe what is left of the height", () => {
  const tablet: Measured = {
    width: 802, height: 640, sumHeight: 96, kernelHeadingHeight: 30, rem: 16, devicePixelRatio: 2, arrangement: "narrow",
  };
  const { margin, inputCell, diameter } = fit(tablet, square(66), square(64), false);
  assert.ok(2 * (margin + 66 * inputCell) > 0.7 * 802);
  assert.ok(diameter >= 220 && margin + 66 * inputCell + diameter < 640);
});

test("where nothing stands below the pictures, they have its room", () => {
  const low: Measured = { ...DESKTOP, width: 780, height: 200, devicePixelRatio: 2 };
  assert.ok(fit({ ...low, bare: true }, square(66), square(64), false).inputCell > fit(low, square(66), square(64), false).inputCell);
});
