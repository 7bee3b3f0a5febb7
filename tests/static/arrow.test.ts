import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { type Batch, StreamCutError, readBatches } from "../../static/src/arrow.ts";
import { CHANNELS, NANOARROW, PYARROW, TAPS } from "./arrow-streams.ts";

// A general reader and writer of Arrow, which knows nothing of ours.
const flechette = createRequire(new URL("../../static/package.json", import.meta.url))(
  "@uwdata/flechette",
) as typeof import("../../static/node_modules/@uwdata/flechette/dist/types/index.d.ts");
const { fixedSizeList, float32, float64, int32, int64, int8, uint32, uint8 } = flechette;

function written(columns: Record<string, unknown[]>, types: Record<string, unknown>): Uint8Array {
  const table = flechette.tableFromArrays(columns as never, { types: types as never, useBigInt: true });
  const stream = flechette.tableToIPC(table, { format: "stream" });
  assert.ok(stream);
  return stream;
}

/** The stream in pieces of `size` bytes, as a network may cut it; notes whether it was cancelled. */
function body(
  stream: Uint8Array,
  size: number,
): { stream: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let at = 0;
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= stream.length) return controller.close();
      controller.enqueue(stream.slice(at, at + size));
      at += size;
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream: source, cancelled: () => cancelled };
}

async function read(stream: Uint8Array, size = 64): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of readBatches(body(stream, size).stream)) batches.push(batch);
  return batches;
}

const window = (row: number): number[] => Array.from({ length: TAPS }, (_, tap) => (7 * row + 3 * tap) % 251);
const products = (row: number): number[] => window(row).map((v, tap) => v * (tap - 2));
const total = (values: number[]): number => values.reduce((sum, v) => sum + v, 0);
const rowsOf = ({ first, count }: Batch): number[] => Array.from({ length: count }, (_, row) => first + row);

test("a stream of pyarrow, however the network cuts it", async () => {
  for (const size of [1, 7, 64, 1000, 1 << 20]) {
    const batches = await read(PYARROW, size);
    assert.deepEqual(
      batches.map(({ first, count }) => [first, count]),
      [
        [0, 5],
        [5, 4],
        [9, 1],
      ],
    );
    for (const batch of batches) {
      const rows = rowsOf(batch);
      assert.deepEqual(batch.columns.window, Uint8Array.from(rows.flatMap(window)));
      assert.deepEqual(batch.columns.products, Float32Array.from(rows.flatMap(products)));
      const halves = (row: number): number[] => [
        total(products(row).slice(0, 3)),
        total(products(row).slice(3)),
      ];
      assert.equal(batch.columns.channel_sums?.length, rows.length * CHANNELS);
      assert.deepEqual(batch.columns.channel_sums, Float32Array.from(rows.flatMap(halves)));
      assert.deepEqual(batch.columns.sum, Float32Array.from(rows.map((row) => total(products(row)))));
      assert.equal(batch.metadata.get("first"), "0");
    }
  }
});

test("a stream of nanoarrow: chosen columns, float window, no metadata", async () => {
  const [batch, ...rest] = await read(NANOARROW);
  assert.ok(batch);
  assert.equal(rest.length, 0);
  assert.deepEqual(Object.keys(batch.columns), ["window", "sum"]);
  assert.deepEqual(batch.columns.window, Float32Array.from([0, 1, 2].flatMap(window)));
  assert.deepEqual(batch.columns.sum, Float32Array.from([0, 1, 2].map((row) => total(products(row)))));
  assert.equal(batch.metadata.size, 0);
});

test("columns are views of their message, not copies of it", async () => {
  const [batch] = await read(PYARROW, 1 << 20);
  assert.equal(batch?.columns.window?.buffer, batch?.columns.sum?.buffer);
});

test("a cut anywhere before the end marker is said, after the whole batches before it", async () => {
  for (const kept of [0, 5, 300, PYARROW.length - 300, PYARROW.length - 8, PYARROW.length - 1]) {
    const got: Batch[] = [];
    await assert.rejects(async () => {
      for await (const batch of readBatches(body(PYARROW.slice(0, kept), 50).stream)) got.push(batch);
    }, StreamCutError);
    assert.ok(got.length <= 3);
    if (kept === PYARROW.length - 1) assert.equal(got.length, 3);
  }
});

test("other bytes are refused", async () => {
  await assert.rejects(read(new TextEncoder().encode('{"position": 0, "sum": 3}\n')), /not an Arrow stream/);
});

test("a reader that stops early lets go of the stream", async () => {
  const source = body(PYARROW, 16);
  for await (const batch of readBatches(source.stream)) {
    assert.equal(batch.first, 0);
    break;
  }
  assert.ok(source.cancelled());
});

test("a whole stream is read to its end, so that its connection serves the next request", async () => {
  // With bytes after the marker the stream is still open when the last batch is out.
  const source = body(Uint8Array.from([...PYARROW, ...new Array<number>(64).fill(0)]), 16);
  for await (const batch of readBatches(source.stream)) assert.ok(batch.count > 0);
  assert.ok(!source.cancelled());
});

test("every column that a trace has, as another reader reads it", async () => {
  const rows = Array.from({ length: 7 }, (_, row) => row);
  const stream = written(
    {
      divisor: rows.map((row) => row - 3),
      window: rows.map((row) => [row, 255 - row, 7]),
      argmax: rows.map((row) => [row - 70_000, 2 * row]),
      sum: rows.map((row) => row / 3),
      products: rows.map((row) => [row / 7, -row, 1e30, 0, 5]),
    },
    {
      divisor: int32(),
      window: fixedSizeList(uint8(), 3),
      argmax: fixedSizeList(int32(), 2),
      sum: float32(),
      products: fixedSizeList(float32(), 5),
    },
  );
  for (const whole of [stream, PYARROW, NANOARROW]) {
    const [batch] = await read(whole);
    const table = flechette.tableFromIPC(whole);
    assert.ok(batch);
    assert.deepEqual(Object.keys(batch.columns), table.names);
    for (const [name, ours] of Object.entries(batch.columns)) {
      const theirs = table.getChild(name).data[0] as unknown as {
        values: unknown;
        children?: { values: unknown }[];
      };
      assert.deepEqual(ours, theirs.children?.[0]?.values ?? theirs.values);
    }
  }
});

test("numbers of a type that no trace has are refused", async () => {
  for (const [type, one] of [[float64(), 1], [int8(), 1], [uint32(), 1], [int64(), 1n]] as const) {
    await assert.rejects(read(written({ sum: [one, one] }, { sum: type })), /a column of numbers that no trace has/);
  }
});

test("a compressed stream is refused", async () => {
  const codec = flechette.CompressionType.ZSTD;
  flechette.setCompressionCodec(codec, { encode: (bytes) => bytes, decode: (bytes) => bytes });
  const table = flechette.tableFromArrays({ sum: [1, 2] }, { types: { sum: float32() } });
  const stream = flechette.tableToIPC(table, { format: "stream", codec });
  assert.ok(stream);
  await assert.rejects(read(stream), /compressed/);
});

test("a stream that does not begin with its schema is refused", async () => {
  const schema = 8 + new DataView(PYARROW.buffer, PYARROW.byteOffset).getInt32(4, true);
  await assert.rejects(read(PYARROW.slice(schema)), /a schema and its batches/);
});
