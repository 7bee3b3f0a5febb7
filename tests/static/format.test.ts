import assert from "node:assert/strict";
import { test } from "node:test";
import { NBSP, TIMES, formatIndex, formatNumber, parseNumber } from "../../static/src/format.ts";

test("numbers for the screen", () => {
  for (const [value, shown] of [
    [0, "0"],
    [1525, "1,525"],
    [-1525, "−1,525"],
    [1234567.891, "1,234,567.89"],
    [-0.5, "−0.5"],
    [0.1 + 0.2, "0.3"],
    [Number.NaN, "NaN"],
    [-Infinity, "−∞"],
  ] as const) {
    assert.equal(formatNumber(value), shown);
  }
});

test("places are the most, not the least", () => {
  assert.equal(formatNumber(-0.0625, 3), "−0.063");
  assert.equal(formatNumber(2, 3), "2");
  assert.equal(formatNumber(1.5, 0), "2");
});

test("what rounds to zero has no sign", () => {
  assert.equal(formatNumber(-0), "0");
  assert.equal(formatNumber(-0.004), "0");
  assert.equal(formatNumber(-0.4, 0), "0");
  assert.equal(formatNumber(-0.006), "−0.01");
});

test("indices have no thousands separators", () => {
  assert.deepEqual([-1, 0, 1023].map(formatIndex), ["−1", "0", "1023"]);
});

test("typed numbers", () => {
  for (const [text, value] of [
    ["12", 12],
    [" −3.5 ", -3.5],
    ["-3,5", -3.5],
    ["+.25", 0.25],
    ["7.", 7],
    ["1,500", 1500],
    ["−1,234,567.25", -1234567.25],
    ["1.234,5", 1234.5],
    ["0,125", 0.125],
    ["1500,250", 1500.25],
    ["1 234 567", 1234567],
    [`1${NBSP}500`, 1500],
    ["2e3", 2000],
    ["1,5E-1", 0.15],
  ] as const) {
    assert.equal(parseNumber(text), value, text);
  }
  assert.ok(Object.is(parseNumber("−0"), 0));
});

test("junk is null", () => {
  for (const text of [
    "",
    " ",
    "-",
    ".",
    ",",
    "abc",
    "1x",
    "1 2",
    "1..2",
    "1,2,3",
    "1.2.3",
    "--1",
    "0x10",
    "NaN",
    "Infinity",
    "1e999",
    "1,50.0",
  ]) {
    assert.equal(parseNumber(text), null, text);
  }
});

test("what is shown can be typed back", () => {
  for (const value of [0, -1525, 0.25, 98765.5, -0.01]) assert.equal(parseNumber(formatNumber(value)), value);
});

test("the signs of the page", () => assert.deepEqual([NBSP, TIMES], ["\u00a0", "×"]));
