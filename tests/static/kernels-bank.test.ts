import assert from "node:assert/strict";
import { test } from "node:test";
import { stampedBank } from "../../static/src/kernels/bank.ts";
import type { Bank } from "../../static/src/state.ts";

test("a transposed convolution takes the weights of each input channel for the outputs of its group", () => {
  // 2 groups of 3 input and 2 output channels; a weight is 10 times its input in the group plus its output.
  const bank: Bank = [[[0, 1, 2].map((input) => [0, 1, 2, 3].map((output) => 10 * input + output))]];
  assert.deepEqual(stampedBank(bank, 2), [[[
    [0, 10, 20, 2, 12, 22],
    [1, 11, 21, 3, 13, 23],
  ]]]);
  assert.deepEqual(stampedBank(bank, 1)[0]?.[0]?.map((inputs) => inputs.length), [3, 3, 3, 3]);
});
