import assert from "node:assert/strict";
import { test } from "node:test";
import { npyBytes, npyShape, parseNpy } from "../../static/src/npy.ts";

// What numpy.save wrote: arange(24) as uint8 in the shape (2, 4, 3), and [[-1.5], [3e38]] as float32.
const UINT8 =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDQsIDMpLCB9ICAg" +
  "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAUGBwgJCgsMDQ4PEBESExQV" +
  "Fhc=";
const FLOAT32 =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDEpLCB9ICAgICAg" +
  "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMC/5rFhfw==";

const bytes = (base64: string): ArrayBuffer => Uint8Array.from(Buffer.from(base64, "base64")).buffer;

/** A file with a header of our own, unpadded. */
function npy(header: string, body: readonly number[], major: 1 | 2 = 1): ArrayBuffer {
  const length = major === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  return Uint8Array.from([
    0x93,
    ...Buffer.from("NUMPY"),
    major,
    0,
    ...length,
    ...Buffer.from(header),
    ...body,
  ]).buffer;
}
const header = (descr: string, shape: string, order = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

test("uint8 and float32 as numpy.save writes them", () => {
  assert.deepEqual(parseNpy(bytes(UINT8)), {
    shape: [2, 4, 3],
    dtype: "uint8",
    values: Uint8Array.from({ length: 24 }, (_, v) => v),
  });
  assert.deepEqual(parseNpy(bytes(FLOAT32)), {
    shape: [2, 1],
    dtype: "float32",
    values: Float32Array.of(-1.5, 3e38),
  });
});

test("a header of any length, and of version 2", () => {
  for (const spaces of ["", " ", "  ", "   "]) {
    const file = npy(header("<f4", "(2,)") + spaces, [0, 0, 128, 63, 0, 0, 0, 192]);
    assert.deepEqual(parseNpy(file).values, Float32Array.of(1, -2));
  }
  assert.deepEqual(parseNpy(npy(header("|u1", "(1, 3)"), [7, 8, 9], 2)).values, Uint8Array.of(7, 8, 9));
});

test("what cannot be read is named", () => {
  assert.throws(() => parseNpy(bytes("iVBORw0KGgoAAAAN")), /not an npy file/);
  assert.throws(() => parseNpy(new ArrayBuffer(3)), /not an npy file/);
  assert.throws(() => parseNpy(npy(header("<f8", "(1,)"), [0, 0, 0, 0, 0, 0, 0, 0])), /type is <f8/);
  assert.throws(() => parseNpy(npy(header(">f4", "(1,)"), [0, 0, 0, 0])), /type is >f4/);
  assert.throws(() => parseNpy(npy(header("|u1", "(2, 2)", "True"), [1, 2, 3, 4])), /Fortran order/);
  assert.throws(() => parseNpy(npy("{}", [])), /header cannot be read: \{\}/);
  assert.throws(() => parseNpy(npy(header("|u1", "(2, 2)"), [1, 2, 3])), /take 4 bytes, but 3 came/);
});

test("the shape is read from the header alone", () => {
  assert.deepEqual(npyShape(bytes(UINT8).slice(0, 128)), [2, 4, 3]);
  assert.deepEqual(npyShape(bytes(FLOAT32).slice(0, 128)), [2, 1]);
});

test("what is written is what NumPy writes, and is read back", () => {
  assert.deepEqual(npyBytes([2, 4, 3], parseNpy(bytes(UINT8)).values), new Uint8Array(bytes(UINT8)));
  assert.deepEqual(npyBytes([2, 1], parseNpy(bytes(FLOAT32)).values), new Uint8Array(bytes(FLOAT32)));
  // A view into a larger array: what is around it stays out.
  const part = Float32Array.of(9, 1, -2, 9).subarray(1, 3);
  assert.deepEqual(parseNpy(npyBytes([2], part).buffer), { shape: [2], dtype: "float32", values: Float32Array.of(1, -2) });
});
