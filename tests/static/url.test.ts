import assert from "node:assert/strict";
import { test } from "node:test";
import type { Asked, Bank, Source } from "../../static/src/state.ts";
import { numbersSource } from "../../static/src/numbers/planes.ts";
import { type Known, type Page, decode, encode, nameOfChange, unreadSentence } from "../../static/src/url.ts";

const source = (key: string, title: string, height: number, width: number): Source => ({
  key, title, kind: "picture", height, width, channels: 3, reference: { sample: key },
});
const typed = (plane: number[][]): Source => numbersSource([plane], "Numbers");
const SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]];
const EDGE = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]];
const preset = (name: string, title: string, kernel: number[][]): Known["filters"][number] => ({
  name, title, kernel, sentence: "", family: "edges",
});
const KNOWN: Known = {
  sources: [source("harbour", "Harbour", 256, 256), source("parrot", "Parrot", 192, 128)],
  filters: [preset("sobel_x", "Sobel x", SOBEL), preset("edge", "Edge", EDGE)],
};
const ASKED: Asked = {
  source: KNOWN.sources[0] as Source, longest: 64, scale: "0..255", operation: "conv2d", filter: "sobel_x", kernel: SOBEL, bias: 0,
  strides: [1, 1], dilations: [1, 1], padding: "SAME", paddingMode: "zeros", groups: 1, flipKernel: false, activation: null,
  kernelSize: [2, 2], ceilMode: false, countIncludePad: false, outputPadding: [0, 0],
};
const FIRST: Page = {
  ...ASKED, framework: "tensorflow", palette: "signed", outputSize: "fit", at: [0, 0], outChannel: 0, channel: 0,
  cadence: "position", tap: 0, look: null, panel: null, compared: ["tensorflow_same", "pytorch_padding"], way: null, wayStep: 0, stamping: false, predicting: false, presenting: false,
};
const UPLOAD = "0123456789abcdef0123456789abcdef";
// [input channel][output channel][row][column] is 100, 10, and 1 of the two: no two weights are alike.
const BANK: Bank = [0, 1].map((row) => [0, 1, 2].map((column) => [0, 1, 2, 3].map((input) => [0, 1].map((output) =>
  1000 * output + 100 * input + 10 * row + column + 0.5))));

/** Pages and the links they have, written down by hand. */
const LINKS: readonly (readonly [string, Partial<Page>])[] = [
  ["?image=harbour&size=64&filter=sobel_x&at=5,7", { at: [5, 7] }],
  ["?image=harbour&size=64&filter=sobel_x&look=-1.5,20.25,16", { look: [-1.5, 20.25, 16] }],
  ["?image=harbour&size=64&filter=sobel_x&panel=explain", { panel: "explain" }],
  ["?image=harbour&size=64&filter=sobel_x&panel=compare&compare=onnx_same_lower,opencv", { panel: "compare", compared: ["onnx_same_lower", "opencv"] }],
  ["?image=parrot&size=full&filter=sobel_x", { source: KNOWN.sources[1] as Source, longest: "full" }],
  ["?image=harbour&size=64&filter=edge&stride=2,3&dilation=3,1", { filter: "edge", kernel: EDGE, strides: [2, 3], dilations: [3, 1] }],
  ["?image=harbour&size=32&values=0..1&kernel=1,-2.5;0,1e-7&bias=-3.25",
   { longest: 32, scale: "0..1", filter: null, kernel: [[1, -2.5], [0, 1e-7]], bias: -3.25 }],
  ["?image=harbour&size=64&operation=conv2d_transpose&filter=sobel_x&stride=2,2&padding=1,1,0,2&output_padding=1,0",
   { operation: "conv2d_transpose", strides: [2, 2], padding: [[1, 1], [0, 2]], outputPadding: [1, 0] }],
  ["?image=harbour&size=64&operation=conv2d_transpose&filter=sobel_x&stride=2,2&at=5,7&view=stamp",
   { operation: "conv2d_transpose", strides: [2, 2], at: [5, 7], stamping: true }],
  ["?image=harbour&size=64&filter=sobel_x&padding=VALID", { padding: "VALID" }],
  ["?image=harbour&size=64&filter=sobel_x&padding=1,2,3,4&padding_mode=reflect", { padding: [[1, 2], [3, 4]], paddingMode: "reflect" }],
  ["?image=harbour&size=64&operation=avg_pool2d&filter=sobel_x&window=3,2&ceil=yes&count_padding=yes",
   { operation: "avg_pool2d", kernelSize: [3, 2], ceilMode: true, countIncludePad: true }],
  ["?image=harbour&size=64&filter=sobel_x&groups=3&flip=yes&activation=relu", { groups: 3, flipKernel: true, activation: "relu" }],
  ["?image=harbour&size=64&filter=sobel_x&framework=pytorch&palette=min_max&output=true&out_channel=1&channel=2&step=tap&tap=26&predict=yes&present=yes",
   { framework: "pytorch", palette: "min_max", outputSize: "true", outChannel: 1, channel: 2, cadence: "tap", tap: 26, predicting: true, presenting: true }],
  [`?image=${UPLOAD}/My+photo+%26+caf%C3%A9,+50%25&size=64&filter=sobel_x`,
   { source: { key: UPLOAD, title: "My photo & café, 50%", kind: "picture", height: 0, width: 0, channels: 0, reference: { image_id: UPLOAD } } }],
  ["?image=1,-2,0.5;4,5,6&size=full&filter=sobel_x",
   { source: numbersSource([[[1, -2, 0.5], [4, 5, 6]]], "Numbers"), longest: "full" }],
  ["?image=:1,2:3,4:5,6&size=full&filter=sobel_x", { source: numbersSource([[[1, 2]], [[3, 4]], [[5, 6]]], "Numbers"), longest: "full" }],
  ["?image=harbour&size=64&kernel="
    + ":0.5,1.5,2.5;10.5,11.5,12.5:100.5,101.5,102.5;110.5,111.5,112.5:200.5,201.5,202.5;210.5,211.5,212.5:300.5,301.5,302.5;310.5,311.5,312.5/"
    + ":1000.5,1001.5,1002.5;1010.5,1011.5,1012.5:1100.5,1101.5,1102.5;1110.5,1111.5,1112.5:1200.5,1201.5,1202.5;1210.5,1211.5,1212.5"
    + ":1300.5,1301.5,1302.5;1310.5,1311.5,1312.5",
   { filter: null, kernel: BANK }],
];

test("a page is the link that was written down for it, and the link is the page", () => {
  for (const [link, part] of LINKS) {
    const page = { ...FIRST, ...part };
    assert.equal(encode(page, FIRST), link);
    assert.deepEqual(decode(link, FIRST, KNOWN), { page, unread: [] });
  }
});

test("a link goes through the browser unchanged", () => {
  for (const [link] of LINKS) assert.equal(new URL(link, "http://localhost/").search, link);
});

test("the first visit has no link, and no link is the first visit, whatever it is", () => {
  const other: Page = { ...FIRST, strides: [2, 2], at: [3, 4] };
  for (const first of [FIRST, other]) {
    assert.equal(encode(first, first), "");
    assert.deepEqual(decode("", first, KNOWN), { page: first, unread: [] });
  }
  // A link says the same everywhere: what it leaves out is usual, not what the first visit has.
  assert.deepEqual(decode("?filter=edge", other, KNOWN).page, { ...FIRST, filter: "edge", kernel: EDGE });
});

test("what this page would not write is not read, and is named", () => {
  const wrong = [
    "image=lighthouse", "image=1,2;3", "image=:1:2", "image=:1/:2", `image=${Array(17).fill(1).join(";")}`, `image=${UPLOAD}`, `image=${UPLOAD.slice(1)}/x`, "size=0", "size=64.0", "size=Full", "size=1e3", "values=0..2",
    "operation=conv3d", "filter=sobel", "kernel=", "kernel=1,2;3", "kernel=1,2;3,x", "kernel=:1,2:3", "kernel=1:2", "kernel=:1/:1:2",
    "kernel=1/2", "kernel=1,Infinity", "kernel=1,1e999", "kernel=0x1", "kernel=.5", "kernel=+1", `kernel=${Array(16).fill(1).join(",")}`,
    "bias=three", "stride=2", "stride=0,1", "stride=1,9", "stride=1,2,3", "stride=-1,1", "stride=01,1", "stride= 1,1",
    "padding=same", "padding=1,2,3", "padding=1,2,3,100", "padding_mode=edge", "groups=0", "flip=true", "activation=gelu", "window=16,1",
    "ceil=1", "framework=caffe", "palette=rainbow", "output=both", "at=1", "at=-1,0", "channel=R", "step=leap", "tap=1.5", "tap=", "look=1,2", "look=1,2,0", "look=1,2,x", "theme=dark",
    "__proto__=1", "stride=constructor", "filter=constructor", "padding_mode=constructor",
  ];
  for (const part of wrong) {
    const query = part.replaceAll("+", "%2B");
    assert.deepEqual(decode(`?${query}`, FIRST, KNOWN), { page: FIRST, unread: [part] }, part);
  }
});

test("one part that cannot be read leaves the others", () => {
  const { page, unread } = decode("?size=32&stride=9,9&at=1,2&size=16&utm_source=mail", FIRST, KNOWN);
  assert.deepEqual(page, { ...FIRST, at: [1, 2] });
  assert.deepEqual(unread, ["size=32", "stride=9,9", "utm_source=mail"]);
});

test("what cannot be read is quoted, but not at any length", () => {
  assert.equal(unreadSentence([]), null);
  assert.equal(unreadSentence(["stride=0,1"]), "This part of the link cannot be read: stride=0,1. The page shows what is usual instead.");
  assert.match(unreadSentence(["a=1", `b=${"9".repeat(99)}`]) ?? "", /^These parts of the link cannot be read: a=1 · b=9{38}…\. /);
});

test("a change is called by what it made", () => {
  const named = (after: Partial<Page>, before: Partial<Page> = {}): string | null =>
    nameOfChange({ ...FIRST, ...before, ...after }, { ...FIRST, ...before }, KNOWN);
  const own = { filter: null, kernel: EDGE };
  const cases: [string | null, Partial<Page>, Partial<Page>?][] = [
    ["stride 2, rows", { strides: [2, 1] }],
    ["stride 3, columns", { strides: [2, 3] }, { strides: [2, 1] }],
    ["stride 2", { strides: [2, 2] }],
    ["stride 2 by 3", { strides: [2, 3] }],
    ["dilation 2", { dilations: [2, 2] }],
    ["window 3 by 4", { kernelSize: [3, 4] }],
    ["padding VALID", { padding: "VALID" }],
    ["padding 1, 2, 3, 4", { padding: [[1, 2], [3, 4]] }],
    ["bias −1,500.5", { bias: -1500.5 }],
    ["image Parrot", { source: KNOWN.sources[1] as Source, longest: "full", padding: "VALID" }],
    ["image Numbers", { source: typed([[1, 2], [3, 4]]) }],
    ["input value −5.5", { source: typed([[1, -5.5], [3, 4]]) }, { source: typed([[1, 2], [3, 4]]) }],
    ["input numbers", { source: typed([[1, 0, 0], [3, 4, 0]]) }, { source: typed([[1, 2], [3, 4]]) }],
    ["full size", { longest: "full" }],
    ["size 16", { longest: 16 }],
    ["values 0 to 1", { scale: "0..1" }],
    ["kernel Edge", { filter: "edge", kernel: EDGE }],
    ["kernel Sobel x", { filter: "sobel_x", kernel: SOBEL }, own],
    ["kernel weights", own],
    ["kernel weight 5", { filter: null, kernel: [[-1, 0, 1], [-2, 5, 2], [-1, 0, 1]] }],
    ["kernel weight −0.25", { kernel: [[0, -1, 0], [-1, -0.25, -1], [0, -1, 0]] }, own],
    ["kernel weights", { kernel: [[0, -1, 0, -1, 4, -1, 0, -1, 7]] }, own],
    ["PyTorch", { framework: "pytorch" }],
    ["colours Min to max", { palette: "min_max" }],
    ["True scale", { outputSize: "true" }],
    ["max_pool2d", { operation: "max_pool2d" }],
    ["relu", { activation: "relu" }],
    ["no activation", { activation: null }, { activation: "relu" }],
    // To look at another place is no change.
    [null, { at: [5, 5], channel: 2, outChannel: 1, cadence: "row", tap: 4, predicting: true, presenting: true }],
    [null, { kernel: SOBEL.map((row) => [...row]), strides: [1, 1] }],
  ];
  for (const [name, after, before] of cases) assert.equal(named(after, before), name);
});
