import assert from "node:assert/strict";
import { test } from "node:test";
import { type Part, spellCall, tensorShape, weightShape } from "../../static/src/frameworks.ts";
import { type AxisPadding, planAxis, planTransposedAxis } from "../../static/src/geometry.ts";
import { type Asked, DEFAULTS, type Framework } from "../../static/src/state.ts";

const asked = (changes: Partial<Asked>): Asked => ({
  ...DEFAULTS,
  source: { key: "n", title: "n", kind: "numbers", height: 10, width: 14, channels: 2, reference: {} },
  longest: "full",
  scale: "0..255",
  filter: null,
  kernel: [[1, 2, 3], [4, 5, 6]],
  ...changes,
});

function spelled(framework: Framework, changes: Partial<Asked>): { text: string; parts: Part[] } {
  const call = asked(changes);
  const axis = (inputSize: number, kernelSize: number, at: 0 | 1) => {
    const common = { inputSize, kernelSize, stride: call.strides[at], dilation: call.dilations[at] };
    const padding = typeof call.padding === "string" ? call.padding : call.padding[at];
    return call.operation === "conv2d_transpose"
      ? planTransposedAxis({ ...common, padding: padding as "SAME", outputPadding: call.outputPadding[at] })
      : planAxis({ ...common, padding: padding as AxisPadding });
  };
  const parts = spellCall(framework, call, { y: axis(10, 2, 0), x: axis(14, 3, 1) });
  const text = parts.map((part) => {
    if (typeof part === "string") return part;
    if (part.kind === "note") return ` # ${part.text}`;
    if (part.kind === "flag") return part.value ? "True" : "False";
    return String(part.kind === "number" ? part.value + (part.base ?? 0) : part.text);
  });
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

test("padding that reads the picture is made beforehand, where the framework has it", () => {
  assert.equal(
    spelled("tensorflow", { paddingMode: "reflect" }).text,
    "tf.nn.conv2d(tf.pad(input, [[0, 0], [0, 1], [1, 1], [0, 0]], mode='REFLECT'), filters, strides=[1, 1], padding='VALID', dilations=[1, 1])",
  );
  assert.equal(
    spelled("tensorflow", { paddingMode: "circular" }).text,
    "tf.nn.conv2d(input, filters, strides=[1, 1], padding='SAME', dilations=[1, 1]) # TensorFlow has no circular padding.",
  );
  assert.equal(
    spelled("pytorch", { paddingMode: "replicate", padding: [[1, 1], [2, 2]] }).text,
    "F.conv2d(F.pad(input, (2, 2, 1, 1), mode='replicate'), weight, stride=(1, 1), padding=0, dilation=(1, 1))",
  );
  assert.equal(
    spelled("pytorch", { paddingMode: "replicate", padding: "VALID" }).text,
    "F.conv2d(input, weight, stride=(1, 1), padding=(0, 0), dilation=(1, 1))",
  );
});

test("an activation goes around the call, a flipped kernel into it", () => {
  assert.equal(
    spelled("tensorflow", { activation: "relu", flipKernel: true, bias: 2 }).text,
    "tf.nn.relu(tf.nn.conv2d(input, tf.reverse(filters, [0, 1]), strides=[1, 1], padding='SAME', dilations=[1, 1]) + 2)",
  );
  assert.equal(
    spelled("pytorch", { activation: "tanh", flipKernel: true, padding: "VALID" }).text,
    "torch.tanh(F.conv2d(input, weight.flip(2, 3), stride=(1, 1), padding=(0, 0), dilation=(1, 1)))",
  );
});

test("channels by themselves, and in groups", () => {
  assert.equal(
    spelled("tensorflow", { operation: "depthwise_conv2d", strides: [2, 1] }).text,
    "tf.nn.depthwise_conv2d(input, filters, strides=[1, 2, 1, 1], padding='SAME', dilations=[1, 1])" +
      " # TensorFlow takes the same stride for rows and columns here.",
  );
  assert.equal(
    spelled("pytorch", { operation: "depthwise_conv2d", padding: "VALID" }).text,
    "F.conv2d(input, weight, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=channels)",
  );
  assert.ok(spelled("pytorch", { operation: "depthwise_conv2d", bias: 2 }).text.includes("bias=torch.tensor([2., 2.]), "));
  assert.ok(spelled("pytorch", { groups: 8, bias: 0.5 }).text.includes("bias=torch.full((8,), 0.5), "));
  assert.equal(
    spelled("pytorch", { groups: 3, padding: "VALID" }).text,
    "F.conv2d(input, weight, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=3)",
  );
});

test("a transposed convolution is cropped", () => {
  const transposed = { operation: "conv2d_transpose", strides: [2, 2] } as const;
  assert.equal(
    spelled("tensorflow", { ...transposed, bias: 2 }).text,
    "tf.nn.conv2d_transpose(input, filters, output_shape=[1, 20, 28, 1], strides=[2, 2], padding='SAME', dilations=[1, 1]) + 2",
  );
  assert.equal(
    spelled("tensorflow", { ...transposed, padding: [[0, 1], [2, 0]], outputPadding: [1, 0] }).text,
    "tf.nn.conv2d_transpose(input, filters, output_shape=[1, 20, 27, 1], strides=[2, 2], padding=[[0, 0], [0, 1], [2, 0], [0, 0]], dilations=[1, 1])",
  );
  // A kernel of 3 columns over a stride of 2: one column more than SAME asks for, cut off at the right.
  assert.equal(
    spelled("pytorch", transposed).text,
    "F.pad(F.conv_transpose2d(input, weight, stride=(2, 2), padding=0, dilation=(1, 1)), (0, -1, 0, 0))",
  );
  assert.equal(
    spelled("pytorch", { ...transposed, strides: [3, 3] }).text,
    "F.conv_transpose2d(input, weight, stride=(3, 3), padding=(0, 0), output_padding=(1, 0), dilation=(1, 1))",
  );
  assert.equal(
    spelled("pytorch", { ...transposed, padding: [[1, 1], [0, 0]], outputPadding: [1, 0], groups: 2, bias: 1 }).text,
    "F.conv_transpose2d(input, weight, bias=torch.tensor([1., 1.]), stride=(2, 2), padding=(1, 0), output_padding=(1, 0), groups=2, dilation=(1, 1))",
  );
  assert.equal(
    spelled("pytorch", { ...transposed, padding: [[1, 0], [0, 2]], activation: "relu" }).text,
    "torch.relu(F.pad(F.conv_transpose2d(input, weight, stride=(2, 2), padding=0, output_padding=(0, 0), dilation=(1, 1)), (-0, -2, -1, -0)))",
  );
});

test("pools", () => {
  const pool = { kernelSize: [2, 3], strides: [2, 3] } as const;
  assert.equal(
    spelled("tensorflow", { ...pool, operation: "max_pool2d", padding: [[0, 1], [1, 0]] }).text,
    "tf.nn.max_pool2d(input, ksize=[2, 3], strides=[2, 3], padding=[[0, 0], [0, 1], [1, 0], [0, 0]])",
  );
  assert.equal(
    spelled("tensorflow", { ...pool, operation: "avg_pool2d", strides: [1, 1], dilations: [2, 1] }).text,
    "tf.nn.pool(input, window_shape=[2, 3], pooling_type='AVG', strides=[1, 1], padding='SAME', dilations=[2, 1])",
  );
  assert.equal(
    spelled("tensorflow", { ...pool, operation: "avg_pool2d", countIncludePad: true, strides: [1, 1] }).text,
    "tf.nn.avg_pool2d(tf.pad(input, [[0, 0], [0, 1], [1, 1], [0, 0]]), ksize=[2, 3], strides=[1, 1], padding='VALID')",
  );
  assert.equal(
    spelled("pytorch", { ...pool, operation: "max_pool2d", strides: [1, 1] }).text,
    "F.max_pool2d(F.pad(input, (1, 1, 0, 1), value=-torch.inf), kernel_size=(2, 3), stride=(1, 1), padding=0, dilation=(1, 1), ceil_mode=False)",
  );
  assert.equal(
    spelled("pytorch", { ...pool, operation: "avg_pool2d", padding: [[1, 1], [0, 0]], ceilMode: true, countIncludePad: true }).text,
    "F.avg_pool2d(input, kernel_size=(2, 3), stride=(2, 3), padding=(1, 0), ceil_mode=True, count_include_pad=True)",
  );
});

test("shapes in each framework's own order", () => {
  assert.equal(tensorShape("tensorflow", 5, 7, 3), "[1, 5, 7, 3]");
  assert.equal(tensorShape("pytorch", 5, 7, 3), "[1, 3, 5, 7]");
  const conv = { operation: "conv2d", in_channels: 6, group_channels: 3, out_channels: 8 } as const;
  assert.equal(weightShape("tensorflow", 2, 4, conv), "[2, 4, 3, 8]");
  assert.equal(weightShape("pytorch", 2, 4, conv), "[8, 3, 2, 4]");
  const depthwise = { operation: "depthwise_conv2d", in_channels: 3, group_channels: 1, out_channels: 6 } as const;
  const transposed = { operation: "conv2d_transpose", in_channels: 6, group_channels: 3, out_channels: 8 } as const;
  assert.equal(weightShape("tensorflow", 2, 4, transposed), "[2, 4, 4, 6]");
  assert.equal(weightShape("pytorch", 2, 4, transposed), "[6, 4, 2, 4]");
  assert.equal(weightShape("tensorflow", 2, 4, depthwise), "[2, 4, 3, 2]");
  assert.equal(weightShape("pytorch", 2, 4, depthwise), "[6, 1, 2, 4]");
});
