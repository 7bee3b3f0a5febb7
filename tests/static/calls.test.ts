import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadCall } from "../../static/src/api.ts";
import { looksLikeCall } from "../../static/src/calls/looks.ts";
import { taken } from "../../static/src/calls/taken.ts";
import { type Asked, DEFAULTS } from "../../static/src/state.ts";

const ASKED: Asked = {
  ...DEFAULTS, source: { key: "k", title: "t", kind: "picture", height: 9, width: 12, channels: 3, reference: {} },
  longest: "full", scale: "0..255", filter: "sobel_x", kernel: [[1, 0, -1], [2, 0, -2], [1, 0, -1]], activation: "relu", bias: 4,
};

const call = (operation: ReadCall["operation"], more: Partial<ReadCall> = {}): ReadCall =>
  ({ framework: "pytorch", call: "f", operation, kernel_size: null, in_channels: null, out_channels: null, bias: null, notes: [], ...more });

function part(read: ReadCall): Partial<Asked> {
  const found = taken(read, ASKED, [9, 12]);
  assert.ok("part" in found, JSON.stringify(found));
  return found.part;
}

test("what a call leaves out is what it means", () => {
  const { operation, strides, padding, activation, bias, kernel, filter } = part(call({ type: "conv2d", strides: [2, 1], padding: "VALID" }));
  assert.deepEqual([operation, strides, padding, activation, bias], ["conv2d", [2, 1], "VALID", null, 0]);
  // The kernel stays: nothing is said of it.
  assert.deepEqual([kernel, filter], [undefined, undefined]);
});

test("a kernel of another size is the old one, cut or filled with zeros", () => {
  const { kernel, filter } = part(call({ type: "conv2d", padding: "SAME" }, { kernel_size: [2, 5] }));
  assert.equal(kernel?.length, 2);
  assert.equal((kernel[0] as number[]).length, 5);
  assert.equal(filter, null);
  const same = part(call({ type: "conv2d", padding: "SAME" }, { kernel_size: [3, 3] }));
  assert.equal("kernel" in same, false);
});

test("rules that the page has no name for become sides", () => {
  assert.deepEqual(part(call({ type: "conv2d", padding: "SAME_LOWER" }, { kernel_size: [4, 3] })).padding, [[2, 1], [1, 1]]);
  assert.deepEqual(part(call({ type: "conv2d", padding: "FULL", dilations: [2, 1] })).padding, [[4, 4], [2, 2]]);
});

test("an output shape is a crop and what is added", () => {
  const shape = (padding: NonNullable<ReadCall["operation"]["padding"]>, output_shape: [number, number]) =>
    part(call({ type: "conv2d_transpose", strides: [2, 3], padding, output_shape }));
  assert.deepEqual(shape("SAME", [18, 36]).padding, "SAME");
  // Full: 8 x 2 + 3 = 19 rows, 11 x 3 + 3 = 36 columns.
  assert.deepEqual([shape("SAME", [17, 35]).padding, shape("SAME", [17, 35]).outputPadding], [[[1, 1], [0, 1]], [0, 0]]);
  assert.deepEqual([shape("SAME_LOWER", [18, 35]).padding, shape("SAME_LOWER", [18, 35]).outputPadding], [[[1, 0], [1, 0]], [0, 0]]);
  assert.deepEqual([shape("VALID", [20, 36]).padding, shape("VALID", [20, 36]).outputPadding], ["VALID", [1, 0]]);
});

test("what cannot be shown is refused by its name, as a whole", () => {
  const refusal = (read: ReadCall): string => {
    const found = taken(read, ASKED, [9, 12]);
    return "refusal" in found ? found.refusal : "";
  };
  assert.match(refusal(call({ type: "conv2d", strides: [1, 9] })), /strides is 9; at most 8/);
  assert.match(refusal(call({ type: "conv2d" }, { kernel_size: [1, 16] })), /kernel_size is 16; at most 15/);
  assert.match(refusal(call({ type: "conv2d", padding: [[0, 100], [0, 0]] })), /padding is 100; at most 99/);
  assert.match(refusal(call({ type: "conv2d", groups: 2 })), /3 channels of the input do not divide into 2 groups/);
  assert.match(refusal(call({ type: "conv2d_transpose", padding: "VALID", output_shape: [99, 14] })), /99 × 14/);
});

test("what the call says of its channels is said", () => {
  const found = taken(call({ type: "conv2d" }, { kernel_size: [3, 3], in_channels: 16, out_channels: 8 }), ASKED, [9, 12]);
  assert.ok("open" in found);
  assert.deepEqual(found.open.map((one) => one.split(" ").slice(0, 4).join(" ")), ["The weights are not", "The call reads 16", "The call makes 8"]);
  const each = taken(call({ type: "conv2d", groups: 32 }, { in_channels: 32, out_channels: 32 }), ASKED, [9, 12]);
  assert.ok("open" in each);
  assert.equal(each.part.groups, 3);
  assert.deepEqual(each.open.map((one) => one.split(" ").slice(0, 4).join(" ")), ["The weights are not", "The call reads 32"]);
  const inner = taken(call({ type: "depthwise_conv2d" }, { input: "F.relu(x)", depth_multiplier: 2 }), ASKED, [9, 12]);
  assert.ok("open" in inner);
  assert.match(inner.open.join(" "), /^F.relu\(x\) is not read.*2 kernels in the call/);
});

test("a call is told from numbers", () => {
  for (const text of ["nn.Conv2d(3, 16, 3)", "x = F.max_pool2d(x, 2)", "Conv <strides = [2, 2]> (x, w)", "cv2.filter2D(a, -1, k)", "lax.reduce_window(x, 0)"])
    assert.ok(looksLikeCall(text), text);
  for (const text of ["[[1, 2], [3, 4]]", "np.array([[1, 2]])", "1 2 3", "tensor([[1.]])"]) assert.ok(!looksLikeCall(text), text);
});
