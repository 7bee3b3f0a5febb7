import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ApiError,
  type AxisJson,
  type Explanation,
  type InputCell,
  OfflineError,
  type PositionsRequest,
  type TraceInfo,
} from "../../static/src/api.ts";
import type { Batch } from "../../static/src/arrow.ts";
import { TraceData } from "../../static/src/trace.ts";

function info(positions: number, taps: number, id = "t1"): TraceInfo {
  const axis = {
    taps: { first: 0, stride: 1, offsets: [0] },
    never_read: [],
  } as Partial<AxisJson> as AxisJson;
  return {
    id,
    url: `/api/v1/traces/${id}`,
    positions,
    taps,
    in_channels: 2,
    group_channels: 2,
    operation: "conv2d",
    columns: ["window", "products", "channel_sums", "sum", "output"],
    window_dtype: "uint8",
    out_channels: 1,
    batch: 1,
    input: { height: 20, width: 50, channels: 2, dtype: "uint8", url: "" },
    geometry: {
      y: axis,
      x: axis,
      pads: { top: 0, bottom: 0, left: 0, right: 0 },
      positions,
      cells_never_read: 0,
    },
    expires_at: "",
  };
}

// What the pretend server knows of a position: numbers that tell it from every other.
const windowValue = (position: number, tap: number): number => (position * 3 + tap) % 256;
const productValue = (position: number, tap: number): number => position + tap / 128;
const outputValue = (position: number): number => Math.max(0, sumValue(position));
const sumValue = (position: number): number => position * 0.5 - 7;

/** A server that sends batches of `rows`, forgets, breaks off, and notes what it was asked. */
class FakeServer {
  readonly asked: string[] = [];
  readonly rows: number;
  /** Batches until a stream breaks off; counts down over all streams. */
  cutAfter = Infinity;
  lost = false;
  created = 0;

  constructor(rows = 100) {
    this.rows = rows;
  }

  async *streamPositions(
    trace: TraceInfo,
    request: PositionsRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch, void, void> {
    const { first, count = trace.positions - first, columns } = request;
    this.asked.push(`${trace.id} ${first}+${count} ${columns}`);
    if (this.lost) throw new ApiError(404, "Not Found", "No such trace.");
    for (let at = first; at < first + count; at += this.rows) {
      await Promise.resolve();
      signal?.throwIfAborted();
      if (this.cutAfter-- <= 0) throw new OfflineError("cut");
      const rows = Math.min(this.rows, first + count - at);
      const filled = <T extends Uint8Array | Float32Array>(
        values: T,
        value: (position: number, tap: number) => number,
      ): T => {
        const width = values.length / rows;
        for (let cell = 0; cell < values.length; cell++)
          values[cell] = value(at + Math.floor(cell / width), cell % width);
        return values;
      };
      const output = filled(new Float32Array(rows), outputValue);
      const sum = filled(new Float32Array(rows), sumValue);
      const all = {
        window: filled(new Uint8Array(rows * trace.taps), windowValue),
        products: filled(new Float32Array(rows * trace.taps), productValue),
        channel_sums: filled(new Float32Array(rows * 2), (position, channel) => position * 2 + channel),
      };
      yield {
        first: at,
        count: rows,
        columns: columns.length > 1 ? { ...all, sum, output } : { output },
        metadata: new Map(),
      };
    }
  }

  async explain(trace: TraceInfo, position: number): Promise<Explanation> {
    this.asked.push(`${trace.id} explain ${position}`);
    if (this.lost) throw new ApiError(404, "Not Found", "No such trace.");
    return { position } as Explanation;
  }

  async explainInput(trace: TraceInfo, row: number, column: number, outChannel: number): Promise<InputCell> {
    this.asked.push(`${trace.id} input ${row},${column} of ${outChannel}`);
    if (this.lost) throw new ApiError(404, "Not Found", "No such trace.");
    return { y: row, x: column } as InputCell;
  }

  source(remade: TraceInfo): ConstructorParameters<typeof TraceData>[1] {
    return {
      streamPositions: (trace, request, signal) => this.streamPositions(trace, request, signal),
      explain: (trace, position) => this.explain(trace, position),
      explainInput: (trace, row, column, outChannel) => this.explainInput(trace, row, column, outChannel),
      createTrace: async () => {
        this.created += 1;
        this.lost = false;
        return remade;
      },
    };
  }
}

function open(server: FakeServer, positions = 1000, taps = 6): TraceData {
  return new TraceData(info(positions, taps), server.source(info(positions, taps, "t1 again")));
}

test("outputs come in order and are counted as they come", async () => {
  const server = new FakeServer(300);
  const trace = open(server);
  const seen: number[] = [];
  const stop = trace.fetched.subscribe((count) => seen.push(count));
  await trace.startOutputs();
  stop();
  assert.deepEqual(seen, [0, 300, 600, 900, 1000]);
  assert.deepEqual(
    trace.outputs,
    Float32Array.from({ length: 1000 }, (_, position) => outputValue(position)),
  );
  await trace.startOutputs();
  assert.deepEqual(server.asked, ["t1 0+1000 output"]);
});

test("after a cut the outputs go on where they stopped", async () => {
  const server = new FakeServer(300);
  const trace = open(server);
  server.cutAfter = 2;
  await assert.rejects(trace.startOutputs(), OfflineError);
  assert.equal(trace.fetched.value, 600);
  server.cutAfter = Infinity;
  await Promise.all([trace.startOutputs(), trace.startOutputs()]);
  assert.deepEqual(server.asked, ["t1 0+1000 output", "t1 600+400 output"]);
  assert.equal(trace.outputs[999], outputValue(999));
});

test("a position is cut out of its aligned chunk, in every column", async () => {
  const server = new FakeServer(100);
  const trace = open(server);
  assert.equal(trace.detail(700), undefined);
  const detail = await trace.need(700, 0);
  assert.deepEqual(server.asked, ["t1 512+256 window,products,channel_sums,sum,output"]);
  assert.deepEqual(detail, {
    position: 700,
    window: Uint8Array.from([0, 1, 2, 3, 4, 5], (tap) => windowValue(700, tap)),
    products: Float32Array.from([0, 1, 2, 3, 4, 5], (tap) => productValue(700, tap)),
    channelSums: Float32Array.of(1400, 1401),
    sum: sumValue(700),
    output: outputValue(700),
    argmax: null,
    divisor: null,
  });
  assert.deepEqual(trace.detail(700), detail);
  assert.equal(trace.detail(767)?.sum, sumValue(767));
  assert.equal(trace.detail(768), undefined);
});

test("the last chunk is only as long as the trace", async () => {
  const server = new FakeServer();
  const trace = open(server);
  assert.equal((await trace.need(999)).sum, sumValue(999));
  assert.deepEqual(server.asked, ["t1 768+232 window,products,channel_sums,sum,output"]);
});

test("it fetches ahead in the direction of play, as far as a step jumps, and never outside", async () => {
  for (const [position, direction, expected] of [
    [300, 1, [256, 512]],
    [300, -1, [256, 0]],
    [300, 500, [256, 768]],
    [300, 5000, [256, 768]],
    [300, -300, [256, 0]],
    [10, -1, [0]],
    [900, 1, [768]],
    [300, 0, [256]],
  ] as const) {
    const server = new FakeServer();
    const trace = open(server);
    await trace.need(position, direction);
    assert.deepEqual(
      server.asked.map((line) => Number(/ (\d+)\+/.exec(line)?.[1])),
      [...expected],
      `${position} ${direction}`,
    );
  }
});

test("it fetches the rows above and below the playhead, but not around a mere look", async () => {
  for (const [position, direction, expected] of [
    [500, 1, [256, 512, 0, 768]],
    [500, -300, [256, 0, 768]],
    [100, 1, [0, 256]],
    [990, -1, [768, 512]],
    [500, 0, [256]],
  ] as const) {
    const server = new FakeServer();
    const wide = info(1000, 6);
    const geometry = { ...wide.geometry, x: { ...wide.geometry.x, output_size: 300 } };
    await new TraceData({ ...wide, geometry }, server.source(wide)).need(position, direction);
    assert.deepEqual(server.asked.map((line) => Number(/ (\d+)\+/.exec(line)?.[1])), [...expected], `${position} ${direction}`);
  }
});

test("concurrent needs of one chunk share one request, and what is held is not asked again", async () => {
  const server = new FakeServer();
  const trace = open(server);
  await Promise.all([trace.need(5, 0), trace.need(6, 0), trace.need(255, 0)]);
  await trace.need(7, 0);
  assert.equal(server.asked.length, 1);
});

test("many taps make chunks shorter: 2,000 taps are 10,016 bytes, so 8 positions", async () => {
  const server = new FakeServer();
  await open(server, 1000, 2000).need(13, 0);
  assert.deepEqual(server.asked, ["t1 8+8 window,products,channel_sums,sum,output"]);
});

test("memory is bounded: the chunk used longest ago goes first", async () => {
  // 100,000 taps: one position of 500,016 bytes a chunk, 67 of which fit 32 MiB.
  const server = new FakeServer();
  const trace = open(server, 200, 100_000);
  for (let position = 0; position < 67; position++) await trace.need(position, 0);
  assert.ok(trace.detail(0));
  await trace.need(67, 0);
  assert.ok(trace.detail(0));
  assert.equal(trace.detail(1), undefined);
  assert.ok(trace.detail(2));
});

test("a failed chunk is said and asked again; a failed look ahead is not", async () => {
  const server = new FakeServer(256);
  const trace = open(server);
  server.cutAfter = 1;
  assert.equal((await trace.need(0)).position, 0);
  server.cutAfter = 0;
  await assert.rejects(trace.need(300, 0), OfflineError);
  server.cutAfter = Infinity;
  assert.equal((await trace.need(300, 0)).sum, sumValue(300));
});

test("a stream that ends well but short is offline, not a row of zeros", async () => {
  const server = new FakeServer();
  const source = server.source(info(1000, 6));
  const trace = new TraceData(info(1000, 6), {
    ...source,
    streamPositions: (asked, request, signal) =>
      source.streamPositions(asked, { ...request, count: 100 }, signal),
  });
  await assert.rejects(trace.need(0, 0), OfflineError);
  await assert.rejects(trace.startOutputs(), OfflineError);
  assert.equal(trace.fetched.value, 100);
});

test("a lost trace is made again, once, and the work goes on", async () => {
  const server = new FakeServer(300);
  const trace = open(server);
  server.lost = true;
  const [detail, explanation] = await Promise.all([
    trace.need(3, 0),
    trace.explanation(3),
    trace.startOutputs(),
  ]);
  assert.equal(server.created, 1);
  assert.equal(trace.info.id, "t1 again");
  assert.equal(detail.sum, sumValue(3));
  assert.equal(explanation.position, 3);
  assert.equal(trace.fetched.value, 1000);
});

test("a trace that stays lost is said", async () => {
  const server = new FakeServer();
  const remade = async (): Promise<TraceInfo> => info(1000, 6);
  const trace = new TraceData(info(1000, 6), { ...server.source(info(1000, 6)), createTrace: remade });
  server.lost = true;
  await assert.rejects(trace.need(3, 0), { name: "ApiError", status: 404 });
  assert.equal(server.asked.length, 2);
});

test("other refusals are not answered by making the trace again", async () => {
  const server = new FakeServer();
  const trace = open(server);
  server.cutAfter = 0;
  await assert.rejects(trace.need(3, 0), OfflineError);
  assert.equal(server.created, 0);
});

test("explanations are kept, a few", async () => {
  const server = new FakeServer();
  const trace = open(server);
  await Promise.all([trace.explanation(9), trace.explanation(9)]);
  await trace.explanation(9);
  assert.deepEqual(server.asked, ["t1 explain 9"]);
  for (let position = 100; position < 164; position++) await trace.explanation(position);
  await trace.explanation(9);
  assert.equal(server.asked.length, 66);
});

test("after dispose every wait ends, and nothing more is fetched", async () => {
  const server = new FakeServer(10);
  const trace = open(server);
  const sums = trace.startOutputs();
  const detail = trace.need(0);
  trace.dispose();
  await assert.rejects(sums, { name: "AbortError" });
  await assert.rejects(detail, { name: "AbortError" });
  assert.ok(trace.fetched.value <= 10);
});

test("who reads an input cell is asked once, of the output channel that is shown", async () => {
  const server = new FakeServer();
  const trace = new TraceData(info(1000, 6), server.source(info(1000, 6, "t1 again")), 2);
  const [cell] = await Promise.all([trace.inputCell(3, 49), trace.inputCell(3, 49)]);
  assert.deepEqual([cell.y, cell.x], [3, 49]);
  await trace.inputCell(3, 49);
  server.lost = true;
  await trace.inputCell(4, 0);
  assert.deepEqual(server.asked, ["t1 input 3,49 of 2", "t1 input 4,0 of 2", "t1 again input 4,0 of 2"]);
});
