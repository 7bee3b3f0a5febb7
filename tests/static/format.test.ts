import assert from "node:assert/strict";
import { test } from "node:test";
import { NBSP, TIMES, formatIndex, formatNumber, parseNumber } from "../../static/src/format.ts";
import { speak } from "../../static/src/text/text.ts";

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

test("a number is written as Intl writes it, in every language", async () => {
  const tags = { en: "en-US", de: "de-DE", es: "es-ES" } as const;
  const random = (seed: number): number => ((Math.imul(seed, 2654435761) >>> 0) % 1e6) / 1e6;
  const values = [
    0, 0.5, 1.5, 2.5, 0.005, 1.005, 0.045, 0.995, 9.995, 99.9995, 999.995, 9999.5, 9999.995, 12345, 999999.999, 1e-7, 5e-7, 1.5e-9, 5e-324,
    1e15, 123456789012.345, 2 ** 53, 1e20, 1e21, 1.25e22, 3.4e38, 1.7976931348623157e308, Infinity, Math.PI, 1 / 3, 2 / 3, Math.fround(0.1), Math.fround(-108.31),
    ...Array.from({ length: 800 }, (_, seed) => Math.fround((random(seed) - 0.5) * 10 ** (random(seed + 1e6) * 14 - 5))),
    ...Array.from({ length: 300 }, (_, seed) => (Math.round(random(seed) * 1e5) + 0.5) / 1000),
  ];
  for (const [language, tag] of Object.entries(tags)) {
    await speak(language as keyof typeof tags);
    for (const places of [0, 2, 3, 4, 6, 20]) {
      const format = new Intl.NumberFormat(tag, { maximumFractionDigits: places });
      for (const value of values) {
        const printed = format.format(Math.abs(value));
        const digits = language === "en" ? printed : printed.replaceAll(".", "\u202f");
        assert.equal(formatNumber(value, places), value < 0 && digits !== "0" ? `−${digits}` : digits, `${value} with ${places} places in ${language}`);
      }
    }
  }
  await speak("en");
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
