/** The server's HTTP API, version 1, as typed functions. Shapes are the JSON as it travels, snake_case. */
import { type Batch, StreamCutError, readBatches } from "./arrow.ts";
import type { AxisGeometry, Geometry } from "./geometry.ts";
import { parseNpy } from "./npy.ts";
import type { Scale } from "./palette.ts";

export type Pair = readonly [number, number];
export type Nested = readonly (number | Nested)[];
export type Padding = "SAME" | "SAME_LOWER" | "VALID" | "FULL" | readonly [Pair, Pair];
export type KernelLayout = "HWIO" | "OIHW";
export type Layout = "NHWC" | "NCHW" | "HWC" | "HW";

interface Reading {
  readonly size?: Pair;
  readonly channels?: "rgb" | "gray";
  readonly scale?: "0..255" | "0..1";
}
export type InputSpec =
  | ({ readonly image_id: string } & Reading)
  | ({ readonly sample: string } & Reading)
  | { readonly values: Nested; readonly layout?: Layout; readonly dtype?: "uint8" | "float32" }
  | { readonly npy: string; readonly layout?: Layout };

/** Either `filter` or `kernel`; pairs are [y, x]. */
export interface OperationSpec {
  readonly type: "conv2d";
  readonly filter?: string;
  readonly kernel?: Nested;
  readonly kernel_layout?: KernelLayout;
  readonly bias?: readonly number[];
  readonly strides?: Pair;
  readonly dilations?: Pair;
  readonly padding?: Padding;
}

export interface TraceRequest {
  readonly input: InputSpec;
  readonly operation: OperationSpec;
}

export interface AxisJson {
  readonly input_size: number;
  readonly kernel_size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly span: number;
  readonly pad_before: number;
  readonly pad_after: number;
  readonly output_size: number;
  readonly leftover: number;
  readonly never_read: readonly number[];
  readonly taps: { readonly first: number; readonly stride: number; readonly offsets: readonly number[] };
  readonly formula: string;
}

export interface GeometryJson {
  readonly y: AxisJson;
  readonly x: AxisJson;
  readonly pads: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
  readonly positions: number;
  readonly cells_never_read: number;
}

export interface TraceInfo {
  readonly id: string;
  readonly url: string;
  readonly positions: number;
  /** Taps of one position, over all channels. */
  readonly taps: number;
  readonly in_channels: number;
  readonly out_channels: number;
  readonly batch: number;
  readonly input: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly dtype: "uint8" | "float32";
    readonly url: string;
  };
  readonly geometry: GeometryJson;
  readonly expires_at: string;
}

export interface ImageInfo {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly url: string;
  readonly expires_at: string;
}

/** Height × width × channels, C order. */
export interface InputArray {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly dtype: "uint8" | "float32";
  readonly values: Uint8Array | Float32Array;
}

export interface Tap {
  readonly channel: number;
  readonly kernel_y: number;
  readonly kernel_x: number;
  readonly input_y: number;
  readonly input_x: number;
  readonly padding: boolean;
  readonly value: number;
  readonly weight: number;
  readonly product: number;
  /** The fold of the products up to and with this one, without the bias. */
  readonly partial_sum: number;
}

export interface Explanation {
  readonly position: number;
  readonly y: number;
  readonly x: number;
  /** Input coordinates of the window's span, inclusive. */
  readonly window: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
  readonly taps: readonly Tap[];
  readonly channel_sums: readonly number[];
  readonly bias: number;
  readonly sum: number;
}

export interface FilterPreset {
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
  readonly family: "edges" | "detail" | "blur" | "lines" | "other";
  readonly kernel: readonly (readonly number[])[];
}

export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly url: string;
  readonly origin: string;
}

export interface Lesson extends TraceRequest {
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
}

export interface Catalog {
  readonly operations: readonly { readonly type: "conv2d"; readonly sentence: string }[];
  readonly filters: readonly FilterPreset[];
  readonly samples: readonly Sample[];
  readonly lessons: readonly Lesson[];
  readonly limits: Readonly<Record<string, number>>;
  readonly frameworks: readonly { readonly name: string; readonly version: string }[];
  readonly version: string;
}

/** What the server wrote into the page: the first picture needs no request. */
export interface FirstVisit extends TraceRequest {
  readonly trace: TraceInfo;
  readonly explanation: Explanation;
}

export type ColumnName = "window" | "products" | "channel_sums" | "sum";

export interface PositionsRequest {
  readonly first: number;
  /** Default: all the rest. */
  readonly count?: number;
  readonly columns: readonly ColumnName[];
}

export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly value?: unknown;
}

/** The server answered, and refused. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, title: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
  }
}

/** The server did not answer, or its answer broke off. Asking again may help. */
export class OfflineError extends Error {
  override name = "OfflineError";
}

const BASE = "/api/v1";

export async function createTrace(request: TraceRequest, signal?: AbortSignal): Promise<TraceInfo> {
  const headers = { "Content-Type": "application/json" };
  return json(await ask(`${BASE}/traces`, { method: "POST", headers, body: JSON.stringify(request) }, signal));
}

export async function uploadImage(file: Blob, name: string, signal?: AbortSignal): Promise<ImageInfo> {
  const body = new FormData();
  body.append("file", file, name);
  return json(await ask(`${BASE}/images`, { method: "POST", body }, signal));
}

export async function fetchInput(trace: TraceInfo, signal?: AbortSignal): Promise<InputArray> {
  const response = await ask(trace.input.url, { headers: { Accept: "application/x-npy" } }, signal);
  const { shape, dtype, values } = parseNpy(await whole(response.arrayBuffer()));
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new Error(`The input has the shape (${shape.join(", ")}); height, width, channels were expected.`);
  }
  return { height, width, channels, dtype, values };
}

export async function fetchScale(trace: TraceInfo, outChannel: number, signal?: AbortSignal): Promise<Scale> {
  const url = `${trace.url}/scale?out_channel=${outChannel}`;
  const scale = await json<{ signed_scale: number; minimum: number; maximum: number }>(await ask(url, {}, signal));
  return { signed: scale.signed_scale, minimum: scale.minimum, maximum: scale.maximum };
}

/** Batches in order; `first` of each is the position of its first row. A cut stream throws OfflineError after its last whole batch. */
export async function* streamPositions(
  trace: TraceInfo,
  { first, count, columns }: PositionsRequest,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, void> {
  const query = new URLSearchParams({ first: String(first), columns: columns.join(",") });
  if (count !== undefined) query.set("count", String(count));
  const headers = { Accept: "application/vnd.apache.arrow.stream" };
  const { body } = await ask(`${trace.url}/positions?${query}`, { headers }, signal);
  if (!body) throw new OfflineError("The server sent no positions.");
  try {
    for await (const batch of readBatches(body)) yield { ...batch, first: first + batch.first };
  } catch (error) {
    throw asOffline(error);
  }
}

export async function explain(trace: TraceInfo, position: number, signal?: AbortSignal): Promise<Explanation> {
  return json(await ask(`${trace.url}/positions/${position}`, {}, signal));
}

export async function healthy(): Promise<boolean> {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

export function toGeometry(geometry: GeometryJson): Geometry {
  return {
    y: toAxis(geometry.y),
    x: toAxis(geometry.x),
    positions: geometry.positions,
    cellsNeverRead: geometry.cells_never_read,
  };
}

function toAxis(axis: AxisJson): AxisGeometry {
  return {
    inputSize: axis.input_size,
    kernelSize: axis.kernel_size,
    stride: axis.stride,
    dilation: axis.dilation,
    span: axis.span,
    padBefore: axis.pad_before,
    padAfter: axis.pad_after,
    outputSize: axis.output_size,
    leftover: axis.leftover,
    neverRead: axis.never_read,
    first: axis.taps.first,
    offsets: axis.taps.offsets,
  };
}

async function ask(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const response = await whole(fetch(url, { ...init, signal: signal ?? null }));
  if (response.ok) return response;
  throw await refusal(response);
}

const json = <T>(response: Response): Promise<T> => whole(response.json() as Promise<T>);

async function whole<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asOffline(error);
  }
}

/** fetch says every network failure, also one in the middle of a body, with a TypeError. */
function asOffline(error: unknown): unknown {
  if (!(error instanceof TypeError || error instanceof StreamCutError)) return error;
  return new OfflineError("The server stopped answering.", { cause: error });
}

async function refusal(response: Response): Promise<Error> {
  const { status, statusText } = response;
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    const problem = await json<{ title?: string; detail?: string; errors?: FieldError[] }>(response);
    return new ApiError(status, problem.title ?? statusText, problem.detail ?? "", problem.errors);
  }
  // Without a problem document these come from a proxy whose server is away.
  if (status === 502 || status === 503 || status === 504) return new OfflineError("The server stopped answering.");
  return new ApiError(status, statusText || `HTTP ${status}`, "");
}
