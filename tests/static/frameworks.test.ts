import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAMEWORKS, isFramework, tensorShape, weightShape } from "../../static/src/frameworks.ts";

test("shapes in each framework's own order", () => {
  assert.equal(tensorShape("tensorflow", 5, 7, 3), "[1, 5, 7, 3]");
  assert.equal(tensorShape("pytorch", 5, 7, 3), "[1, 3, 5, 7]");
  assert.equal(tensorShape("onnx", 5, 7, 3), "[1, 3, 5, 7]");
  assert.equal(tensorShape("opencv", 5, 7, 3), "[5, 7, 3]");
  const conv = { operation: "conv2d", in_channels: 6, group_channels: 3, out_channels: 8 } as const;
  assert.equal(weightShape("tensorflow", 2, 4, conv), "[2, 4, 3, 8]");
  assert.equal(weightShape("pytorch", 2, 4, conv), "[8, 3, 2, 4]");
  const depthwise = { operation: "depthwise_conv2d", in_channels: 3, group_channels: 1, out_channels: 6 } as const;
  const transposed = { operation: "conv2d_transpose", in_channels: 6, group_channels: 3, out_channels: 8 } as const;
  assert.equal(weightShape("keras", 2, 4, transposed), "[2, 4, 4, 6]");
  assert.equal(weightShape("onnx", 2, 4, transposed), "[6, 4, 2, 4]");
  assert.equal(weightShape("jax", 2, 4, depthwise), "[2, 4, 3, 2]");
  assert.equal(weightShape("pytorch", 2, 4, depthwise), "[6, 1, 2, 4]");
});

test("a name is one of those that there are", () => {
  assert.deepEqual(["jax", "caffe", "toString"].map(isFramework), [true, false, false]);
  assert.equal(FRAMEWORKS.opencv, "OpenCV");
});
