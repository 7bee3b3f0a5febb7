/**
 * The trace's Arrow IPC stream, batch by batch, as it arrives:
 * https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format
 */
import { type Schema, bodyLength, readBatch, readSchema } from "./arrow-message.ts";

/**
 * Rows without gaps: a list column holds `taps` (or channels) values a row. Only what was asked for is there.
 */
export interface Columns {
  window?: Uint8Array | Float32Array;
  products?: Float32Array;
  channel_sums?: Float32Array;
  sum?: Float32Array;
  output?: Float32Array;
  argmax?: Int32Array;
  divisor?: Int32Array;
}

export interface Batch {
  /** Rows of this stream before this batch. */
  readonly first: number;
  readonly count: number;
  readonly columns: Columns;
  /** Of the schema: operation, geometry, tap order, first position. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The stream ended before its end-of-stream marker: what came so far is right, the rest is missing. */
export class StreamCutError extends Error {
  override name = "StreamCutError";
}

const CONTINUATION = 0xffffffff;
const PREFIX = 8;

/**
 * Throws StreamCutError on a stream without its end, Error on other bytes. Leaving it early cancels `body`.
 */
export async function* readBatches(body: ReadableStream<Uint8Array>): AsyncGenerator<Batch, void, void> {
  const source = new ByteSource(body);
  try {
    let schema: Schema | null = null;
    let first = 0;
    for (let message = await readMessage(source); message; message = await readMessage(source)) {
      if (!schema) {
        schema = readSchema(message.metadata);
        continue;
      }
      const { count, columns } = readBatch(schema, message.metadata, message.body);
      yield { first, count, columns, metadata: schema.metadata };
      first += count;
    }
    await source.end();
  } finally {
    await source.close();
  }
}

interface Message {
  readonly metadata: Uint8Array;
  readonly body: ArrayBuffer;
}

/** One whole message; null is the end-of-stream marker. */
async function readMessage(source: ByteSource): Promise<Message | null> {
  const prefix = new DataView(new ArrayBuffer(PREFIX));
  await source.fill(new Uint8Array(prefix.buffer));
  const metadataLength = prefix.getInt32(4, true);
  if (prefix.getUint32(0, true) !== CONTINUATION || metadataLength < 0)
    throw new Error("This is not an Arrow stream.");
  if (metadataLength === 0) return null;
  const metadata = new Uint8Array(metadataLength);
  await source.fill(metadata);
  // One fresh buffer a message: network chunks are not aligned to four bytes, and a view keeps all of one.
  const body = new Uint8Array(bodyLength(metadata));
  await source.fill(body);
  return { metadata, body: body.buffer };
}

class ByteSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  async fill(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      if (this.#chunk.length === 0) await this.#next();
      const part = this.#chunk.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw new StreamCutError("The stream ended before its end-of-stream marker.");
    this.#chunk = value;
  }

  /** Reads what stands after the marker, nothing as a rule: a response that is read whole leaves its connection to the next request. */
  async end(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }

  /** Lets go of the connection. What a broken stream says to that has been said by its last read. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}
