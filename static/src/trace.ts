/** What the browser holds of one trace. Every number came from the server; what has not come is absent. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import {
  ApiError,
  type ColumnName,
  type Explanation,
  type InputCell,
  OfflineError,
  type TraceInfo,
  toGeometry,
} from "./api.ts";
import type * as api from "./api.ts";
import { Cache } from "./cache.ts";
import type { Geometry } from "./geometry.ts";

/** One position, in tap order: channel, kernel row, kernel column. */
export interface Detail {
  readonly position: number;
  readonly window: Uint8Array | Float32Array;
  /** Empty in a pool, as the sums of the channels. */
  readonly products: Float32Array;
  readonly channelSums: Float32Array;
  /** With the bias; an average pool's before the division. NaN in a max pool. */
  readonly sum: number;
  /** After the activation, or the division. */
  readonly output: number;
  /** The input cell a max pool has taken. */
  readonly argmax: readonly [row: number, column: number] | null;
  /** How many values an average pool has averaged. */
  readonly divisor: number | null;
  /** Of a transposed convolution by its stamps: the input cell, and where its products fall. */
  readonly stamp?: api.StampedCell;
}

/**
 * Where numbers come from: functions of api.ts, and `createTrace` bound to what this trace was asked with.
 */
export interface TraceSource {
  readonly streamPositions: typeof api.streamPositions;
  readonly explain: typeof api.explain;
  readonly explainInput: typeof api.explainInput;
  readonly createTrace: (signal?: AbortSignal) => Promise<TraceInfo>;
}

type Chunk = Partial<Record<ColumnName, Uint8Array | Float32Array | Int32Array>>;

const CHUNK_POSITIONS = 256;
const CHUNK_BYTES = 128 * 1024;
const CACHE_BYTES = 32 * 1024 * 1024;
const EXPLANATIONS = 64;
const INPUT_CELLS = 256;

export class TraceData {
  readonly geometry: Geometry;
  /** Valid from 0 to `fetched` − 1. */
  readonly outputs: Float32Array;
  readonly #fetched: Signal<number> = signal(0);
  #info: TraceInfo;
  #recreation: Promise<void> | null = null;
  #streaming: Promise<void> | null = null;
  readonly #source: TraceSource;
  readonly #outChannel: number;
  readonly #chunkPositions: number;
  readonly #chunks: Cache<Chunk>;
  readonly #explanations: Cache<Explanation>;
  readonly #inputCells: Cache<InputCell> = new Cache(INPUT_CELLS);
  readonly #life = new AbortController();

  constructor(info: TraceInfo, source: TraceSource, outChannel = 0) {
    this.#info = info;
    this.geometry = toGeometry(info.geometry);
    this.outputs = new Float32Array(info.positions);
    this.#source = source;
    this.#outChannel = outChannel;
    const positionBytes = Object.values(emptyChunk(info, 1)).reduce((bytes, { byteLength }) => bytes + byteLength, 0);
    this.#chunkPositions = chunkPositions(positionBytes);
    this.#chunks = new Cache(Math.floor(CACHE_BYTES / (this.#chunkPositions * positionBytes)));
    this.#explanations = new Cache(EXPLANATIONS);
  }

  get info(): TraceInfo {
    return this.#info;
  }

  /** Outputs that have come, without a gap from position 0. */
  get fetched(): ReadonlySignal<number> {
    return this.#fetched;
  }

  /**
   * Streams the missing outputs until all are here. Called again after an OfflineError, goes on where it
   * stopped.
   */
  startOutputs(): Promise<void> {
    this.#streaming ??= this.#recreating((info) => this.#streamOutputs(info)).finally(() => {
      this.#streaming = null;
    });
    return this.#streaming;
  }

  /** What is in memory of this position. */
  detail(position: number): Detail | undefined {
    const chunk = this.#chunks.get(this.#chunkOf(position));
    return chunk && this.#cut(chunk, position);
  }

  /**
   * Fetches a position with its neighbours, ahead, and the rows above and below, where the next step by hand may go.
   * `direction` is how far the playhead goes a step; with 0 it is a look, and nothing more is fetched.
   */
  async need(position: number, direction = 1): Promise<Detail> {
    const here = this.#chunkOf(position);
    const chunk = this.#chunk(here);
    this.#prefetch(here, position, direction);
    return this.#cut(await chunk, position);
  }

  /** Every tap with its partial sum. */
  explanation(position: number): Promise<Explanation> {
    return this.#explanations.fetch(position, () =>
      this.#recreating((info) => this.#source.explain(info, position, this.#outChannel, this.#life.signal)),
    );
  }

  /** Who reads an input cell, and with which weight. */
  inputCell(row: number, column: number): Promise<InputCell> {
    return this.#inputCells.fetch(row * this.#info.input.width + column, () =>
      this.#recreating((info) => this.#source.explainInput(info, row, column, this.#outChannel, this.#life.signal)),
    );
  }

  /** Ends every request; what waits for one is rejected with an AbortError. */
  dispose(): void {
    this.#life.abort();
  }

  #chunkOf(position: number): number {
    return Math.floor(position / this.#chunkPositions);
  }

  #prefetch(here: number, position: number, direction: number): void {
    if (direction === 0) return;
    const last = this.#info.positions - 1;
    const chunkAt = (at: number): number => this.#chunkOf(Math.min(last, Math.max(0, at)));
    const landing = chunkAt(position + direction);
    const ahead = landing === here ? here + Math.sign(direction) : landing;
    const row = this.geometry.x.outputSize;
    for (const index of new Set([ahead, chunkAt(position - row), chunkAt(position + row)])) {
      // A prefetch that fails is no news: the step that needs it asks again and says so.
      if (index !== here && index >= 0 && index <= this.#chunkOf(last)) this.#chunk(index).catch(() => undefined);
    }
  }

  #chunk(index: number): Promise<Chunk> {
    return this.#chunks.fetch(index, () => this.#recreating((info) => this.#fetchChunk(info, index)));
  }

  async #streamOutputs(info: TraceInfo): Promise<void> {
    // peek: an effect that starts the outputs must not run again with every batch.
    const first = this.#fetched.peek();
    if (first === this.outputs.length) return;
    const request = { first, columns: ["output"], outChannel: this.#outChannel } as const;
    for await (const batch of this.#source.streamPositions(info, request, this.#life.signal)) {
      this.outputs.set(column(batch.columns.output), batch.first);
      this.#fetched.value = batch.first + batch.count;
    }
    requireAll(this.#fetched.peek(), this.outputs.length);
  }

  async #fetchChunk(info: TraceInfo, index: number): Promise<Chunk> {
    const first = index * this.#chunkPositions;
    const count = Math.min(this.#chunkPositions, info.positions - first);
    const chunk = emptyChunk(info, count);
    let got = 0;
    const request = { first, count, columns: info.columns, outChannel: this.#outChannel };
    for await (const batch of this.#source.streamPositions(info, request, this.#life.signal)) {
      for (const name of info.columns) {
        const values = column(chunk[name]);
        values.set(column(batch.columns[name]), got * (values.length / count));
      }
      got += batch.count;
    }
    requireAll(got, count);
    return chunk;
  }

  #cut(chunk: Chunk, position: number): Detail {
    const row = position % this.#chunkPositions;
    const { taps, group_channels: channels } = this.#info;
    const floats = (name: ColumnName, each: number): Float32Array =>
      ((chunk[name] as Float32Array | undefined) ?? new Float32Array(0)).subarray(row * each, (row + 1) * each);
    return {
      position,
      window: (column(chunk.window) as Detail["window"]).subarray(row * taps, (row + 1) * taps),
      products: floats("products", taps),
      channelSums: floats("channel_sums", channels),
      sum: chunk.sum?.[row] ?? NaN,
      output: column(chunk.output)[row] as number,
      argmax: chunk.argmax ? [chunk.argmax[2 * row] as number, chunk.argmax[2 * row + 1] as number] : null,
      divisor: chunk.divisor?.[row] ?? null,
    };
  }

  /**
   * A server may forget a trace. Ids follow from the request: made again it is the same, and the work goes
   * on.
   */
  async #recreating<T>(work: (info: TraceInfo) => Promise<T>): Promise<T> {
    const lost = this.#info;
    try {
      return await work(lost);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    // Of several that find it lost only the first makes it again; one that hears late finds it made.
    if (this.#info === lost) {
      this.#recreation ??= this.#recreate();
      await this.#recreation;
    }
    return work(this.#info);
  }

  async #recreate(): Promise<void> {
    try {
      this.#info = await this.#source.createTrace(this.#life.signal);
    } finally {
      this.#recreation = null;
    }
  }
}

/** The largest power of two within both bounds, so that chunks stay aligned. */
function chunkPositions(positionBytes: number): number {
  let positions = CHUNK_POSITIONS;
  while (positions > 1 && positions * positionBytes > CHUNK_BYTES) positions /= 2;
  return positions;
}

function emptyChunk({ columns, taps, group_channels, window_dtype }: TraceInfo, count: number): Chunk {
  const chunk: Chunk = {};
  for (const name of columns) {
    const each = { window: taps, products: taps, channel_sums: group_channels, sum: 1, output: 1, argmax: 2, divisor: 1 }[name];
    if (name === "window" && window_dtype === "uint8") chunk[name] = new Uint8Array(count * each);
    else if (name === "argmax" || name === "divisor") chunk[name] = new Int32Array(count * each);
    else chunk[name] = new Float32Array(count * each);
  }
  return chunk;
}

function column<T>(values: T | undefined): T {
  if (values === undefined) throw new Error("The server left out a column that was asked for.");
  return values;
}

function requireAll(got: number, asked: number): void {
  if (got !== asked) throw new OfflineError(`The server sent ${got} of ${asked} positions.`);
}
