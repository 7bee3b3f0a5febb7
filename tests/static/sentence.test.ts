import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatNumber } from "../../static/src/format.ts";
import { type AxisPadding, combine, planAxis, planTransposedAxis, stamped } from "../../static/src/geometry.ts";
import { type Told, readSentence, sentenceOf, stampSentence } from "../../static/src/sentence.ts";
import type { Activation, OperationType, PaddingMode } from "../../static/src/state.ts";

type Pair = readonly [number, number];
type Nested = readonly (number | Nested)[];

interface Numbers {
  sum: number | null;
  minimum: number;
  maximum: number;
}
interface Case {
  input: Nested[];
  operation: {
    type: OperationType;
    kernel_size?: Pair | "global";
    padding_mode?: PaddingMode;
    activation?: Activation;
    ceil_mode?: boolean;
    count_include_pad?: boolean;
    flip_kernel?: boolean;
    groups?: number;
    filter?: string;
    kernel?: Nested[];
    bias?: number[];
    strides?: Pair;
    dilations?: Pair;
    padding?: string | readonly [Pair, Pair];
    output_padding?: Pair;
  };
  position: number;
  sentence: string;
}

type Read = [position: number, y: number, x: number, padding: boolean, wins: boolean | null];
type Pooled = Numbers & { output: number; argmax: Pair | null; divisor: number | null };

const golden: { page: (Case & Numbers)[]; server: (Case & { told: Pooled })[]; numbers: [number, string][]; inputs: (Case & { at: Pair; reads?: Read[] })[] } = JSON.parse(
  readFileSync(new URL("../golden/sentences.json", import.meta.url), "utf8"),
);

function told({ input, operation, position }: Case, numbers: Numbers & Partial<Pooled>): Told {
  const { filter = null, kernel, kernel_size, bias = [0], strides = [1, 1], dilations = [1, 1] } = operation;
  const { padding = "SAME", padding_mode: paddingMode = "zeros", ceil_mode: ceil = false } = operation;
  const [row] = input;
  const cells = [input.length, Array.isArray(row) ? row.length : 0] as const;
  const [line] = kernel ?? [];
  const sides =
    kernel_size === "global" ? cells : (kernel_size ?? (kernel ? [kernel.length, Array.isArray(line) ? line.length : 0] : [3, 3]));
  const transposed = operation.type === "conv2d_transpose";
  const stamps = (inputSize: number, at: 0 | 1) =>
    planTransposedAxis({
      inputSize, kernelSize: sides[at] ?? 0, stride: strides[at], dilation: dilations[at],
      padding: (typeof padding === "string" ? padding : padding[at]) as "SAME", outputPadding: operation.output_padding?.[at] ?? 0,
    });
  const windows = (inputSize: number, at: 0 | 1) =>
    planAxis({
      inputSize,
      kernelSize: sides[at] ?? 0,
      stride: strides[at],
      dilation: dilations[at],
      padding: kernel_size === "global" ? "VALID" : ((typeof padding === "string" ? padding : padding[at]) as AxisPadding),
      paddingMode,
      ceil,
    });
  const axis = transposed ? stamps : windows;
  const first = Array.isArray(row) ? row[0] : undefined;
  const channels = (operation.type === "conv2d" || transposed) && Array.isArray(first) ? first.length / (operation.groups ?? 1) : 1;
  return {
    asked: {
      operation: operation.type,
      filter,
      bias: bias[0] ?? 0,
      flipKernel: operation.flip_kernel ?? false,
      activation: operation.activation ?? null,
      countIncludePad: operation.count_include_pad ?? false,
    },
    geometry: combine(axis(cells[0], 0), axis(cells[1], 1)),
    detail: {
      position,
      sum: numbers.sum ?? NaN,
      output: numbers.output ?? numbers.sum ?? NaN,
      argmax: numbers.argmax ?? null,
      divisor: numbers.divisor ?? null,
    },
    taps: (sides[0] ?? 0) * (sides[1] ?? 0) * channels,
    scale: numbers,
  };
}

const said = (parts: readonly string[]): string => parts.join("").replaceAll("\u00a0", " ");

test("the page says what the server says", () => {
  assert.ok(golden.page.length > 30);
  for (const one of golden.page) assert.equal(said(sentenceOf(told(one, one))), one.sentence);
});

test("of the other operations too", () => {
  assert.ok(golden.server.length > 28);
  for (const one of golden.server) assert.equal(said(sentenceOf(told(one, one.told))), one.sentence);
});

test("and of what an input cell stamps", () => {
  const stamps = golden.inputs.filter(({ operation }) => operation.type === "conv2d_transpose");
  assert.ok(stamps.length > 3);
  for (const { input, operation, at: [y, x], sentence } of stamps) {
    const one = told({ input, operation, position: 0, sentence }, { sum: 0, minimum: 0, maximum: 0 }).geometry;
    const kept = (axis: typeof one.y, cell: number): boolean => cell >= 0 && cell < axis.outputSize;
    const stamp = stamped(one.y, y).flatMap((output_y, kernel_y) => stamped(one.x, x).map((output_x, kernel_x) => ({
      kernel_y, kernel_x, output_y, output_x, position: kept(one.y, output_y) && kept(one.x, output_x) ? 0 : null, weights: [1], products: [1],
    })));
    assert.equal(said([stampSentence({ y, x, values: [1], reads: [], stamp, sentence })]), sentence);
  }
});

test("and of who reads an input cell", () => {
  const read = golden.inputs.filter(({ operation }) => operation.type !== "conv2d_transpose");
  assert.ok(read.length > 10);
  for (const { at: [y, x], reads = [], sentence } of read) {
    const cells = reads.map(([position, y, x, padding, wins]) => ({ position, y, x, padding, wins, kernel_y: 0, kernel_x: 0, weights: null }));
    assert.equal(said([readSentence({ y, x, reads: cells })]), sentence);
  }
});

test("numbers are written as the server writes them", () => {
  assert.ok(golden.numbers.length > 10);
  for (const [value, text] of golden.numbers) assert.equal(formatNumber(value), text);
});

test("the sum is a part of its own", () => {
  const [one] = golden.page;
  assert.ok(one);
  const [lead, value, rest] = sentenceOf(told(one, one));
  assert.equal(value, "−6");
  assert.ok(lead.endsWith("products add up to\u00a0"));
  assert.equal(rest, ".");
});

test("a phone says it in fewer words", () => {
  const short = golden.page.map((one) => said(sentenceOf(told(one, one), { short: true })));
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
