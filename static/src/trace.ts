/** What the browser holds of one trace. Every number came from the server; what has not come is absent. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import {
  ApiError,
  type Explanation,
  OfflineError,
  type TraceInfo,
  toGeometry,
} from "./api.ts";
import type * as api from "./api.ts";
import type { Columns } from "./arrow.ts";
import { Cache } from "./cache.ts";
import type { Geometry } from "./geometry.ts";

/** One position, in tap order: channel, kernel row, kernel column. */
export interface Detail {
  readonly position: number;
  readonly window: Uint8Array | Float32Array;
  readonly products: Float32Array;
  readonly channelSums: Float32Array;
  readonly sum: number;
}

/**
 * Where numbers come from: functions of api.ts, and `createTrace` bound to what this trace was asked with.
 */
export interface TraceSource {
  readonly streamPositions: typeof api.streamPositions;
  readonly explain: typeof api.explain;
  readonly createTrace: (signal?: AbortSignal) => Promise<TraceInfo>;
}

type Chunk = Required<Columns>;

const DETAIL = ["window", "products", "channel_sums", "sum"] as const;
const CHUNK_POSITIONS = 256;
const CHUNK_BYTES = 128 * 1024;
const CACHE_BYTES = 32 * 1024 * 1024;
const EXPLANATIONS = 64;

export class TraceData {
  readonly geometry: Geometry;
  /** Valid from 0 to `fetched` − 1. */
  readonly sums: Float32Array;
  readonly #fetched: Signal<number> = signal(0);
  #info: TraceInfo;
  #recreation: Promise<void> | null = null;
  #summing: Promise<void> | null = null;
  readonly #source: TraceSource;
  readonly #chunkPositions: number;
  readonly #chunks: Cache<Chunk>;
  readonly #explanations: Cache<Explanation>;
  readonly #life = new AbortController();

  constructor(info: TraceInfo, source: TraceSource) {
    this.#info = info;
    this.geometry = toGeometry(info.geometry);
    this.sums = new Float32Array(info.positions);
    this.#source = source;
    const windowBytes = info.taps * (info.input.dtype === "uint8" ? 1 : 4);
    const positionBytes = windowBytes + 4 * (info.taps + info.in_channels + 1);
    this.#chunkPositions = chunkPositions(positionBytes);
    this.#chunks = new Cache(Math.floor(CACHE_BYTES / (this.#chunkPositions * positionBytes)));
    this.#explanations = new Cache(EXPLANATIONS);
  }

  get info(): TraceInfo {
    return this.#info;
  }

  /** Sums that have come, without a gap from position 0. */
  get fetched(): ReadonlySignal<number> {
    return this.#fetched;
  }

  /**
   * Streams the missing sums until all are here. Called again after an OfflineError, goes on where it
   * stopped.
   */
  startSums(): Promise<void> {
    this.#summing ??= this.#recreating((info) => this.#streamSums(info)).finally(() => {
      this.#summing = null;
    });
    return this.#summing;
  }

  /** What is in memory of this position. */
  detail(position: number): Detail | undefined {
    const chunk = this.#chunks.get(this.#chunkOf(position));
    return chunk && this.#cut(chunk, position);
  }

  /**
   * Fetches a position with its neighbours, and ahead: `direction` is how far the playhead goes a step, or 0.
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
      this.#recreating((info) => this.#source.explain(info, position, this.#life.signal)),
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
    const target = Math.min(this.#info.positions - 1, Math.max(0, position + direction));
    const landing = this.#chunkOf(target);
    const ahead = landing === here ? here + Math.sign(direction) : landing;
    const outside = ahead < 0 || ahead > this.#chunkOf(this.#info.positions - 1);
    // A prefetch that fails is no news: the step that needs it asks again and says so.
    if (ahead !== here && !outside) this.#chunk(ahead).catch(() => undefined);
  }

  #chunk(index: number): Promise<Chunk> {
    return this.#chunks.fetch(index, () => this.#recreating((info) => this.#fetchChunk(info, index)));
  }

  async #streamSums(info: TraceInfo): Promise<void> {
    // peek: an effect that starts the sums must not run again with every batch.
    const first = this.#fetched.peek();
    if (first === this.sums.length) return;
    const request = { first, columns: ["sum"] } as const;
    for await (const batch of this.#source.streamPositions(info, request, this.#life.signal)) {
      this.sums.set(column(batch.columns.sum), batch.first);
      this.#fetched.value = batch.first + batch.count;
    }
    requireAll(this.#fetched.peek(), this.sums.length);
  }

  async #fetchChunk(info: TraceInfo, index: number): Promise<Chunk> {
    const first = index * this.#chunkPositions;
    const count = Math.min(this.#chunkPositions, info.positions - first);
    const chunk = emptyChunk(info, count);
    let got = 0;
    const request = { first, count, columns: DETAIL };
    for await (const batch of this.#source.streamPositions(info, request, this.#life.signal)) {
      for (const name of DETAIL)
        chunk[name].set(column(batch.columns[name]), got * (chunk[name].length / count));
      got += batch.count;
    }
    requireAll(got, count);
    return chunk;
  }

  #cut(chunk: Chunk, position: number): Detail {
    const row = position % this.#chunkPositions;
    const { taps, in_channels: channels } = this.#info;
    return {
      position,
      window: chunk.window.subarray(row * taps, (row + 1) * taps),
      products: chunk.products.subarray(row * taps, (row + 1) * taps),
      channelSums: chunk.channel_sums.subarray(row * channels, (row + 1) * channels),
      sum: chunk.sum[row] as number,
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

function emptyChunk({ taps, in_channels, input }: TraceInfo, count: number): Chunk {
  return {
    window: input.dtype === "uint8" ? new Uint8Array(count * taps) : new Float32Array(count * taps),
    products: new Float32Array(count * taps),
    channel_sums: new Float32Array(count * in_channels),
    sum: new Float32Array(count),
  };
}

function column<T>(values: T | undefined): T {
  if (values === undefined) throw new Error("The server left out a column that was asked for.");
  return values;
}

function requireAll(got: number, asked: number): void {
  if (got !== asked) throw new OfflineError(`The server sent ${got} of ${asked} positions.`);
}
