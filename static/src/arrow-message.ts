/**
 * What a message of an Arrow IPC stream says: as much of Arrow as a trace is made of, numbers or lists of as many numbers in every
 * row, never null, never compressed. Messages are flatbuffers, with the fields of
 * https://github.com/apache/arrow/blob/main/format/Message.fbs and Schema.fbs, numbered as they stand there.
 */

/** A column of numbers: of which type, and where its numbers are listed among the nodes and buffers of a batch. */
interface Leaf {
  readonly name: string;
  readonly array: typeof Uint8Array | typeof Int32Array | typeof Float32Array;
  readonly node: number;
  readonly buffer: number;
}

export interface Schema {
  readonly leaves: readonly Leaf[];
  readonly metadata: ReadonlyMap<string, string>;
}

type Values = Uint8Array | Int32Array | Float32Array;

const SCHEMA = 1;
const RECORD_BATCH = 3;
const INT = 2;
const FLOATING_POINT = 3;
const SINGLE = 1;
const FIXED_SIZE_LIST = 16;
/** A node is a length and a count of nulls, a buffer is where it begins and how long it is: each of 64 bits. */
const STRUCT = 16;

/** Throws an Error where the stream does not begin with a schema, or has columns that no trace has. */
export function readSchema(metadata: Uint8Array): Schema {
  const schema = headerOf(metadata, SCHEMA);
  const leaves: Leaf[] = [];
  let node = 0;
  let buffer = 0;
  for (const field of schema.tables(1)) {
    let numbers = field;
    if (field.byte(2) === FIXED_SIZE_LIST) {
      // The list has a node, and of buffers that of its nulls alone.
      node += 1;
      buffer += 1;
      numbers = field.tables(5)[0] ?? field;
    }
    // Of two buffers the first says which are null.
    leaves.push({ name: field.text(0), array: arrayOf(numbers), node: node++, buffer: buffer + 1 });
    buffer += 2;
  }
  return { leaves, metadata: new Map(schema.tables(2).map((pair) => [pair.text(0), pair.text(1)])) };
}

/** The columns of a batch, as views of `body`. */
export function readBatch({ leaves }: Schema, metadata: Uint8Array, body: ArrayBuffer): { count: number; columns: Record<string, Values> } {
  const batch = headerOf(metadata, RECORD_BATCH);
  if (batch.table(3)) throw new Error("This Arrow stream is compressed.");
  const nodes = batch.vector(1);
  const buffers = batch.vector(2);
  const columns = leaves.map(({ name, array, node, buffer }): [string, Values] =>
    [name, new array(body, batch.long(buffers + buffer * STRUCT), batch.long(nodes + node * STRUCT))]);
  return { count: batch.long(batch.at(0)), columns: Object.fromEntries(columns) };
}

/** How many bytes follow the metadata of a message. */
export function bodyLength(metadata: Uint8Array): number {
  const message = root(metadata);
  return message.long(message.at(3));
}

function headerOf(metadata: Uint8Array, kind: number): Table {
  const message = root(metadata);
  const header = message.table(2);
  if (!header || message.byte(1) !== kind) throw new Error("This is not an Arrow stream of a schema and its batches.");
  return header;
}

function arrayOf(field: Table): Leaf["array"] {
  const type = field.table(3);
  if (field.byte(2) === FLOATING_POINT && type?.byte(0) === SINGLE) return Float32Array;
  if (field.byte(2) === INT && type?.byte(0) === 32 && type.byte(1)) return Int32Array;
  if (field.byte(2) === INT && type?.byte(0) === 8 && !type.byte(1)) return Uint8Array;
  throw new Error("This Arrow stream has a column of numbers that no trace has.");
}

/** The flatbuffer's table. */
function root({ buffer, byteOffset, byteLength }: Uint8Array): Table {
  const view = new DataView(buffer, byteOffset, byteLength);
  return new Table(view, view.getUint32(0, true));
}

/** A table of a flatbuffer: before its fields it says where its list of them is, and a field that is absent is 0. */
class Table {
  readonly #view: DataView;
  readonly #begin: number;

  constructor(view: DataView, begin: number) {
    this.#view = view;
    this.#begin = begin;
  }

  /** Where the value of a field is; 0 where it is absent. */
  at(field: number): number {
    const fields = this.#begin - this.#view.getInt32(this.#begin, true);
    const entry = 4 + 2 * field;
    const offset = entry < this.#view.getUint16(fields, true) ? this.#view.getUint16(fields + entry, true) : 0;
    return offset && this.#begin + offset;
  }

  byte(field: number): number {
    const at = this.at(field);
    return at && this.#view.getUint8(at);
  }

  /** A number of 64 bits at a place, not of a field. */
  long(at: number): number {
    return at && Number(this.#view.getBigInt64(at, true));
  }

  table(field: number): Table | null {
    const at = this.at(field);
    return at ? new Table(this.#view, this.#follow(at)) : null;
  }

  /** Where the first element of a vector is; 0 where it is absent. */
  vector(field: number): number {
    const at = this.at(field);
    return at && this.#follow(at) + 4;
  }

  tables(field: number): Table[] {
    const first = this.vector(field);
    return Array.from({ length: this.#lengthAt(first) }, (_, index) => new Table(this.#view, this.#follow(first + 4 * index)));
  }

  text(field: number): string {
    const first = this.vector(field);
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + first, this.#lengthAt(first)));
  }

  #lengthAt(first: number): number {
    return first && this.#view.getUint32(first - 4, true);
  }

  /** References say how far ahead of themselves the thing is. */
  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }
}
