import assert from "node:assert/strict";
import { test } from "node:test";
import { type Part, spellCall, tensorShape, weightShape } from "../../static/src/frameworks.ts";
import { type AxisPadding, planAxis } from "../../static/src/geometry.ts";
import type { Asked, Framework } from "../../static/src/state.ts";

const asked = (changes: Partial<Asked>): Asked => ({
  source: { key: "n", title: "n", kind: "numbers", height: 10, width: 14, reference: {} },
  longest: "full",
  scale: "0..255",
  filter: null,
  kernel: [[1, 2, 3], [4, 5, 6]],
  bias: 0,
  strides: [1, 1],
  dilations: [1, 1],
  padding: "SAME",
  ...changes,
});

function spelled(framework: Framework, changes: Partial<Asked>): { text: string; parts: Part[] } {
  const call = asked(changes);
  const axis = (inputSize: number, kernelSize: number, at: 0 | 1) =>
    planAxis({
      inputSize,
      kernelSize,
      stride: call.strides[at],
      dilation: call.dilations[at],
      padding: (typeof call.padding === "string" ? call.padding : call.padding[at]) as AxisPadding,
    });
  const parts = spellCall(framework, call, { y: axis(10, 2, 0), x: axis(14, 3, 1) });
  const text = parts.map((part) => (typeof part === "string" ? part : part.kind === "number" ? String(part.value) : part.text));
  return { text: text.join(""), parts };
}

test("TensorFlow says SAME and VALID by name, and custom sides in full", () => {
  assert.equal(
    spelled("tensorflow", { strides: [2, 3] }).text,
    "tf.nn.conv2d(input, filters, strides=[2, 3], padding='SAME', dilations=[1, 1])",
  );
  assert.equal(
    spelled("tensorflow", { padding: [[1, 2], [3, 4]], dilations: [2, 1], bias: -0.5 }).text,
    "tf.nn.conv2d(input, filters, strides=[1, 1], padding=[[0, 0], [1, 2], [3, 4], [0, 0]], dilations=[2, 1]) + -0.5",
  );
});

test("PyTorch pads beforehand what it cannot pad evenly: left, right, top, bottom", () => {
  // Two rows of kernel at stride 1: SAME puts its one odd row at the bottom.
  assert.equal(
    spelled("pytorch", {}).text,
    "F.conv2d(F.pad(input, (1, 1, 0, 1)), weight, stride=(1, 1), padding=0, dilation=(1, 1))",
  );
  assert.equal(
    spelled("pytorch", { dilations: [2, 2] }).text,
    "F.conv2d(input, weight, stride=(1, 1), padding=(1, 2), dilation=(2, 2))",
  );
  assert.equal(
    spelled("pytorch", { padding: "VALID", bias: 3 }).text,
    "F.conv2d(input, weight, bias=torch.tensor([3.]), stride=(1, 1), padding=(0, 0), dilation=(1, 1))",
  );
});

test("an even custom pad changes both of its sides, an uneven one each side", () => {
  const sides = (padding: Asked["padding"]): unknown =>
    spelled("pytorch", { padding }).parts.flatMap((part) =>
      typeof part !== "string" && part.kind === "number" && part.field === "padding" ? [[part.at, part.value]] : []);
  assert.deepEqual(sides([[1, 1], [2, 2]]), [[[0, 1], 1], [[2, 3], 2]]);
  assert.deepEqual(sides([[1, 0], [2, 3]]), [[[2], 2], [[3], 3], [[0], 1], [[1], 0]]);
});

test("shapes in each framework's own order", () => {
  assert.equal(tensorShape("tensorflow", 5, 7, 3), "[1, 5, 7, 3]");
  assert.equal(tensorShape("pytorch", 5, 7, 3), "[1, 3, 5, 7]");
  assert.equal(weightShape("tensorflow", 2, 4, 3), "[2, 4, 3, 1]");
  assert.equal(weightShape("pytorch", 2, 4, 3), "[1, 3, 2, 4]");
});
