import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatNumber } from "../../static/src/format.ts";
import { type AxisPadding, combine, planAxis } from "../../static/src/geometry.ts";
import { type Told, sentenceOf } from "../../static/src/sentence.ts";

type Pair = readonly [number, number];
type Nested = readonly (number | Nested)[];

interface Case {
  input: Nested[];
  operation: {
    filter?: string;
    kernel?: number[][];
    bias?: number[];
    strides?: Pair;
    dilations?: Pair;
    padding?: string | readonly [Pair, Pair];
  };
  position: number;
  sum: number;
  minimum: number;
  maximum: number;
  sentence: string;
}

const golden: { page: Case[]; numbers: [number, string][] } = JSON.parse(
  readFileSync(new URL("../golden/sentences.json", import.meta.url), "utf8"),
);

function told({ input, operation, position, sum, minimum, maximum }: Case): Told {
  const { filter = null, kernel, bias = [0], strides = [1, 1], dilations = [1, 1] } = operation;
  const { padding = "SAME" } = operation;
  const sides = kernel ? [kernel.length, kernel[0]?.length ?? 0] : [3, 3];
  const axis = (inputSize: number, at: 0 | 1) =>
    planAxis({
      inputSize,
      kernelSize: sides[at] ?? 0,
      stride: strides[at],
      dilation: dilations[at],
      padding: (typeof padding === "string" ? padding : padding[at]) as AxisPadding,
    });
  const [row] = input;
  const channels = Array.isArray(row?.[0]) ? row[0].length : 1;
  return {
    geometry: combine(axis(input.length, 0), axis(row?.length ?? 0, 1)),
    position,
    filter,
    bias: bias[0] ?? 0,
    products: (sides[0] ?? 0) * (sides[1] ?? 0) * channels,
    sum,
    scale: { minimum, maximum },
  };
}

const said = (parts: readonly string[]): string => parts.join("").replaceAll("\u00a0", " ");

test("the page says what the server says", () => {
  assert.ok(golden.page.length > 30);
  for (const one of golden.page) assert.equal(said(sentenceOf(told(one))), one.sentence);
});

test("numbers are written as the server writes them", () => {
  assert.ok(golden.numbers.length > 10);
  for (const [value, text] of golden.numbers) assert.equal(formatNumber(value), text);
});

test("the sum is a part of its own", () => {
  const [one] = golden.page;
  assert.ok(one);
  const [lead, value, rest] = sentenceOf(told(one));
  assert.equal(value, "−6");
  assert.ok(lead.endsWith("products add up to\u00a0"));
  assert.equal(rest, ".");
});

test("a phone says it in fewer words", () => {
  const short = golden.page.map((one) => said(sentenceOf(told(one), { short: true })));
  for (const sentence of [
    "Rows 0 to 2, columns 0 to 2. 9 products add up to −6.",
    "Rows −1 to 1, columns −1 to 1. The right is brighter than the left, so the sum is −8. " +
      "5 cells are padding and count as 0.",
    "Row 0, column 1. One product is 4.25.",
    "Row 0, columns 3 to 4. 2 products add up to 4. One cell is padding and counts as 0.",
    "Rows 0 to 2, columns 0 to 2. The middle is darker than what surrounds it, so the sum is −8.",
  ]) {
    assert.ok(short.includes(sentence), sentence);
  }
});
