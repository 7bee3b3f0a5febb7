import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKernel } from "../../static/src/kernels/parse.ts";
import { printKernel } from "../../static/src/kernels/print.ts";

// No symmetry: rows for columns, an end for a start, or a lost sign would show.
const KERNEL = [[-1, 0, 2.5], [3, -4, 0.125]];

const READ: Readonly<Record<string, string>> = {
  "Python": "[[-1, 0, 2.5], [3, -4, 0.125]]",
  "Python over lines, with trailing commas and comments": "kernel = [\n  [-1, 0, 2.5],  # first [row]\n  [3, -4, .125],\n]",
  "tuples": "((-1, 0, 2.5), (3, -4, 0.125))",
  "lists in a row of code": "[-1, 0, 2.5],\n[3, -4, 0.125],",
  "JSON": "[\n  [\n    -1,\n    0,\n    2.5\n  ],\n  [\n    3,\n    -4,\n    0.125\n  ]\n]",
  "NumPy's str": "[[-1.     0.     2.5  ]\n [ 3.    -4.     0.125]]",
  "NumPy's str, its rows broken": "[[-1.     0.\n   2.5  ]\n [ 3.    -4.\n   0.125]]",
  "NumPy's repr": "array([[-1.   ,  0.   ,  2.5  ],\n       [ 3.   , -4.   ,  0.125]], dtype=float32)",
  "NumPy code": "k = np.array([[-1, 0, 2.5], [3, -4, 0.125]], dtype=np.float32)",
  "NumPy code with a positional type": "np.asarray([[-1, 0, 2.5], [3, -4, 0.125]], np.float32)",
  "NumPy in exponents": "[[-1.00e+00  0.00e+00  2.50e+00]\n [ 3.00e+00 -4.00e+00  1.25e-01]]",
  "PyTorch's weight of one channel": "tensor([[[[-1.0000,  0.0000,  2.5000],\n          [ 3.0000, -4.0000,  0.1250]]]], device='cuda:0', requires_grad=True)",
  "TensorFlow's weight of one channel": "tf.constant([[[[-1.]], [[0.]], [[2.5]]], [[[3.]], [[-4.]], [[0.125]]]])",
  "MATLAB": "[-1 0 2.5; 3 -4 0.125]",
  "MATLAB with commas": "h = [-1, 0, 2.5; 3, -4, 0.125];",
  "MATLAB over lines": "h = [-1 0 2.5\n     3 -4 0.125];",
  "what MATLAB prints": "h =\n\n   -1.0000         0    2.5000\n    3.0000   -4.0000    0.1250\n",
  "C": "const float kernel[2][3] = {{-1, 0, 2.5}, {3, -4, 0.125}};",
  "CSV": "-1,0,2.5\r\n3,-4,0.125\r\n",
  "quoted CSV": "\"-1\",\"0\",\"2.5\"\n\"3\",\"-4\",\"0.125\"",
  "CSV with decimal commas": "-1;0;2,5\n3;-4;0,125",
  "TSV": "-1\t0\t2.5\n3\t-4\t0.125\n",
  "TSV with decimal commas": "-1\t0\t2,5\n3\t-4\t0,125",
  "spaces": "  -1 0 2.5\n  3 -4 0.125",
  "rows between semicolons": "-1 0 2.5; 3 -4 0.125",
  "typographic signs": "−1 0 2.5\n3 –4 0.125",
  "fractions": "[-1, 0, 5/2], [3, -4, 1 / 8]",
  "a factor in front": "1/8 * [[-8, 0, 20], [24, -32, 1]]",
  "a factor in brackets": "(1/8) * np.array([[-8, 0, 20], [24, -32, 1]])",
  "a divisor": "np.array([[-8, 0, 20], [24, -32, 1]]) / 8",
  "a factor behind": "[-8 0 20; 24 -32 1] * (1/8)",
};

for (const [name, text] of Object.entries(READ)) {
  test(`${name} is read`, () => assert.deepEqual(parseKernel(text), { plane: KERNEL }));
}

test("one row and one column stay what they are", () => {
  assert.deepEqual(parseKernel("[1, 0, -1]"), { plane: [[1, 0, -1]] });
  assert.deepEqual(parseKernel("1;0;-1"), { plane: [[1, 0, -1]] });
  assert.deepEqual(parseKernel("1 0 -1"), { plane: [[1, 0, -1]] });
  assert.deepEqual(parseKernel("[1; 0; -1]"), { plane: [[1], [0], [-1]] });
  assert.deepEqual(parseKernel("[[1], [0], [-1]]"), { plane: [[1], [0], [-1]] });
  assert.deepEqual(parseKernel("1\n0\n-1"), { plane: [[1], [0], [-1]] });
  assert.deepEqual(parseKernel("[[[[1, 0, -1]]]]"), { plane: [[1, 0, -1]] });
  assert.deepEqual(parseKernel("[[[[1], [0], [-1]]]]"), { plane: [[1], [0], [-1]] });
  assert.deepEqual(parseKernel("7"), { plane: [[7]] });
});

const COUNTS = " Rows and columns count from 0.";
const REFUSED: readonly (readonly [string, string])[] = [
  ["", "There is no number in this text."],
  ["[[], []]", "There is no number in this text."],
  ["[[1, 2, 3], [4, five, 6]]", `Row 1, column 1 is “five”, which is not a number.${COUNTS}`],
  ["1,2,3\n4,5,6\n7,8,n/a", `Row 2, column 2 is “n/a”, which is not a number.${COUNTS}`],
  ["a\tb\n1\t2", `Row 0, column 0 is “a”, which is not a number.${COUNTS}`],
  ["1,,3", `Row 0, column 1 is empty.${COUNTS}`],
  ["1\t2\t3\n4\t\t6", `Row 1, column 1 is empty.${COUNTS}`],
  ["[[1, nan], [3, 4]]", `Row 0, column 1 is “nan”; a finite number is needed.${COUNTS}`],
  ["[[1, 2], [1e39, 4]]", `Row 1, column 0 is “1e39”; a finite number is needed.${COUNTS}`],
  ["[[1, 2], [3, 1/0]]", `Row 1, column 1 is “1/0”; a finite number is needed.${COUNTS}`],
  ["[[1, 2, 3], [4, 5, 6], [7, 8]]", `Row 2 has 2 numbers; row 0 has 3.${COUNTS}`],
  ["1 2\n3\n", `Row 1 has 1 number; row 0 has 2.${COUNTS}`],
  ["0,5 1,5\n2 3", `Row 0 has commas and spaces between its numbers. Use one of them.${COUNTS}`],
  ["[1 2; 3, 4 5]", `Row 1 has commas and spaces between its numbers. Use one of them.${COUNTS}`],
  ["1\t1,500", `Row 0, column 1 is “1,500”, which can be 1.500 or 1500. Write it without the comma.${COUNTS}`],
  ["1,2;3,4", "Commas and semicolons in one line can be read in two ways. Put brackets around it, or each row on a line of its own."],
  ["[".repeat(100_000) + "1", "Brackets are 5 deep; at most 4 are read."],
  ["[[1, 2], [3, 4]", "A “[” is never closed."],
  ["[[1, 2), [3, 4]]", "A “[” is closed by “)”."],
  ["[[1, 2] + [3, 4]]", "“+” stands between the brackets of two rows."],
  ["[1, [2, 3]]", "“1” stands between the brackets of two rows."],
  ["[[1 2 ... 8 9]\n [1 2 ... 8 9]]", "A part was left out where the text says “...”. Print the array in full."],
  ["[[1, 2], [3, 4]].T", "What stands after the numbers cannot be read: “.T”."],
  ["np.array([[1, 2], [3, 4]]", "What stands after the numbers cannot be read: “the end”."],
  ["[[1, 2], [3, 4]] / 0", "What stands after the numbers cannot be read: “/ 0”."],
  ["np.ones((3, 3)) / 9", "“np.ones(” is not computed here. Paste the numbers that it gives."],
  ["1/9 * 3", "Brackets were expected around the numbers."],
  [`[${"1 ".repeat(16)}]`, "This is 1 × 16. A kernel has at most 15 rows and 15 columns."],
  ["1\n".repeat(17), "This is 17 × 1. A kernel has at most 15 rows and 15 columns."],
  ["[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 0], [1, 2]]]", "This array is 3 × 2 × 2. Weights are read for one channel at a time: rows and columns."],
  // One channel of five rows, or one row of five cells of one channel.
  ["[[[1], [2], [3], [4], [5]]]", "This array is 1 × 5 × 1. Weights are read for one channel at a time: rows and columns."],
  ["[[[1, 2], [3, 4]], [[5, 6]]]", `The brackets hold arrays of different sizes: item 1 is not as large as item 0.${COUNTS}`],
];

for (const [text, refusal] of REFUSED) {
  test(`refused: ${JSON.stringify(text.slice(0, 40))}`, () => assert.deepEqual(parseKernel(text), { refusal }));
}

test("what is printed is read again, to the last bit", () => {
  const plane = [[1 / 3, -1e-30, 0], [3.4e38, -0.1, 123456789.125]];
  assert.deepEqual(parseKernel(printKernel(plane)), { plane });
  assert.equal(printKernel([[1, -2], [0.5, 0]]), "[[1, -2],\n [0.5, 0]]");
});
