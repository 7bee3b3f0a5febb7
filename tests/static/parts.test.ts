import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenJson } from "../../static/src/api-types.ts";
import { type Part, keyOf, partsOf, textOf } from "../../static/src/calls/parts.ts";
import { type Asked, DEFAULTS } from "../../static/src/state.ts";

const asked = (changes: Partial<Asked> = {}): Asked => ({
  ...DEFAULTS,
  source: { key: "n", title: "n", kind: "numbers", height: 10, width: 14, channels: 2, reference: {} },
  longest: "full", scale: "0..255", filter: null, kernel: [[1, 2, 3], [4, 5, 6]],
  ...changes,
});
const token = (text: string, field: TokenJson["field"] = null, ...at: number[]): TokenJson => ({ text, field, at });
const keys = (parts: readonly Part[]): string[] => parts.flatMap((part) => (typeof part === "string" ? [] : [keyOf(part)]));

/** F.conv2d(F.pad(input, (0, 0, 1, 2)), weight, padding=0): sides of its own. */
const UNEVEN = [
  token("F.pad(input, ("), token("0", "padding", 2), token(", "), token("0", "padding", 3), token(", "), token("1", "padding", 0), token(", "),
  token("2", "padding", 1), token("))"), token("0", "padding"),
];
/** padding=(2, 0): a number for both sides. */
const EVEN = [token("padding=("), token("2", "padding", 0, 1), token(", "), token("0", "padding", 2, 3), token(")"), token("", "padding")];
const uneven = asked({ padding: [[1, 2], [0, 0]] });
const even = asked({ padding: [[2, 2], [0, 0]] });

test("a call says what the server has said", () => {
  const then = asked({ strides: [2, 3], activation: "relu" });
  const parts = partsOf(
    [token("tf.nn."), token("relu", "activation"), token("("), token("2", "strides", 0), token(", "), token("3", "strides", 1), token("'SAME'", "padding")], then, then, null);
  assert.equal(textOf(parts), "tf.nn.relu(2, 3'SAME'");
  assert.deepEqual(keys(parts), ["activation", "strides 0", "strides 1", "padding"]);
});

test("a number that was changed since is shown at once, on top of what it is shown on", () => {
  const then = asked({ padding: [[1, 2], [0, 0]], outputPadding: [1, 0] });
  const now = asked({ padding: [[1, 5], [0, 0]], outputPadding: [0, 0], strides: [4, 1], groups: 2 });
  const tokens = [token("12", "padding", 1), token(" "), token("20", "output_padding", 0), token(" "), token("1", "strides", 0), token(" "), token("1", "groups")];
  const parts = partsOf(tokens, then, now, null);
  assert.equal(textOf(parts), "15 19 4 2");
  const [last] = parts;
  assert.deepEqual(last, { kind: "number", field: "padding", at: [1], value: 5, shown: 15 });
});

test("a flag is turned in the words of its framework", () => {
  const tokens = [token("True", "ceil_mode"), token(" "), token("0", "count_include_pad")];
  const parts = partsOf(tokens, asked({ ceilMode: true }), asked({ ceilMode: false, countIncludePad: true }), null);
  assert.equal(textOf(parts), "False 1");
  assert.deepEqual(parts.map((part) => typeof part === "object" && part.kind === "flag" && part.value), [false, false, true]);
});

test("sides that are asked for no more are no numbers to change", () => {
  const parts = partsOf(UNEVEN, uneven, asked({ padding: "SAME" }), null);
  assert.deepEqual(keys(parts), ["padding"]);
  assert.equal(textOf(parts), "F.pad(input, (0, 0, 1, 2))0");
});

test("who changes a side goes on changing it when the framework says two sides by one number", () => {
  const parts = partsOf(EVEN, even, even, "padding 1");
  assert.deepEqual(keys(parts), ["padding 1", "padding 2 3", "padding"]);
  assert.deepEqual(parts[1], { kind: "number", field: "padding", at: [1], value: 2, shown: 2 });
  // And both of them, when it says each.
  assert.deepEqual(keys(partsOf(UNEVEN, uneven, uneven, "padding 0 1")), ["padding 2", "padding 3", "padding 0 1", "padding 1", "padding"]);
  assert.deepEqual(keys(partsOf(UNEVEN, uneven, uneven, "padding 1")), keys(partsOf(UNEVEN, uneven, uneven, null)));
  assert.deepEqual(keys(partsOf(EVEN, even, even, "strides 0")), keys(partsOf(EVEN, even, even, null)));
});
