/** Reads and writes NumPy's .npy format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */

export interface NpyArray {
  readonly shape: readonly number[];
  readonly dtype: "uint8" | "float32";
  /** C order. */
  readonly values: Uint8Array | Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Of a file of which no more than the header need be there. */
export function npyShape(buffer: ArrayBuffer): readonly number[] {
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(readHeader(buffer, new Uint8Array(buffer)[6] as number).header)?.[1] ?? "";
  return sizes(dimensions);
}

const sizes = (dimensions: string): number[] => dimensions.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));

/** uint8 and little-endian float32 in C order; throws an Error that names what else it met. */
export function parseNpy(buffer: ArrayBuffer): NpyArray {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 10 || MAGIC.some((byte, at) => bytes[at] !== byte))
    throw new Error("This is not an npy file.");
  const { header, start } = readHeader(buffer, bytes[6] as number);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || dimensions === undefined) {
    throw new Error(`The npy header cannot be read: ${header.trim()}`);
  }
  if (order === "True") throw new Error("The npy array is in Fortran order; only C order is read.");
  const shape = sizes(dimensions);
  const length = shape.reduce((product, size) => product * size, 1);
  if (descr === "|u1") return { shape, dtype: "uint8", values: new Uint8Array(body(buffer, start, length)) };
  if (descr === "<f4")
    return { shape, dtype: "float32", values: new Float32Array(body(buffer, start, length * 4)) };
  throw new Error(`The npy type is ${descr}; only |u1 and <f4 are read.`);
}

/** A file of format 1.0. */
export function npyBytes(shape: readonly number[], values: Uint8Array | Float32Array): Uint8Array<ArrayBuffer> {
  const descr = values instanceof Uint8Array ? "|u1" : "<f4";
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  // With what is before it and its newline, a multiple of 64 bytes, as NumPy writes it.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + values.byteLength);
  bytes.set(MAGIC);
  bytes.set([1, 0, length % 256, length >> 8], MAGIC.length);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 1)}\n`), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + length);
  return bytes;
}

function readHeader(buffer: ArrayBuffer, major: number): { header: string; start: number } {
  const view = new DataView(buffer);
  const [at, length] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  return { header: new TextDecoder().decode(buffer.slice(at, at + length)), start: at + length };
}

// A copy, because the header's length need not leave the values on a multiple of four.
function body(buffer: ArrayBuffer, start: number, byteLength: number): ArrayBuffer {
  const got = buffer.byteLength - start;
  if (got !== byteLength) throw new Error(`The npy values take ${byteLength} bytes, but ${got} came.`);
  return buffer.slice(start);
}
