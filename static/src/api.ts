/** The server's HTTP API, version 1, as typed functions. */
import type {
  AxisJson,
  ColumnName,
  Compared,
  Derived,
  Equivalence,
  Explanation,
  FieldError,
  GeometryJson,
  ImageInfo,
  InputCell,
  OperationSpec,
  ReadCall,
  Spelled,
  SpelledCall,
  TraceInfo,
  TraceRequest,
  TransposedAxisJson,
} from "./api-types.ts";
import { type Batch, StreamCutError, readBatches } from "./arrow.ts";
import type { AxisGeometry, Geometry } from "./geometry.ts";
import { type NpyArray, npyShape, parseNpy } from "./npy.ts";
import type { Scale } from "./palette.ts";

export type * from "./api-types.ts";

/** Height × width × channels, C order. */
export interface InputArray {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly dtype: "uint8" | "float32";
  readonly values: Uint8Array | Float32Array;
}

export interface PositionsRequest {
  readonly first: number;
  /** Default: all the rest. */
  readonly count?: number;
  readonly columns: readonly ColumnName[];
  /** Default: 0. */
  readonly outChannel?: number;
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
/** Signature, length and name of the first chunk, width, height, bits, colour type. */
const PNG_HEAD = 26;
const PNG_GREY = 0;
const PNG_FIRST = 0x89;
/** The server's .npy files have a header of this length. */
const NPY_HEAD = 128;

export async function createTrace(request: TraceRequest, signal?: AbortSignal): Promise<TraceInfo> {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(request);
  return json(await ask(`${BASE}/traces`, { method: "POST", headers, body }, signal));
}

/** What follows from a shape and an operation, and how. `shape`: height, width, channels. */
export async function derive(shape: readonly number[], operation: OperationSpec, signal?: AbortSignal): Promise<Derived> {
  const body = JSON.stringify({ input_shape: shape, operation });
  return json(await ask(`${BASE}/geometry`, { method: "POST", headers: { "Content-Type": "application/json" }, body }, signal));
}

/** What a pasted call says. */
export async function readCall(text: string): Promise<ReadCall> {
  return json(await ask(`${BASE}/calls`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) }));
}

/** The operation in every framework, and the program in one of them. */
export async function spell(request: TraceRequest, framework: string, signal?: AbortSignal): Promise<Spelled> {
  const body = JSON.stringify({ ...request, framework });
  return json(await ask(`${BASE}/code`, { method: "POST", headers: { "Content-Type": "application/json" }, body }, signal));
}

/** The operation in every framework, over an input of this shape: height, width, channels. */
export async function spellAll(request: { input_shape: readonly number[]; operation: OperationSpec }, signal?: AbortSignal): Promise<readonly SpelledCall[]> {
  const body = JSON.stringify(request);
  const answer: Spelled = await json(await ask(`${BASE}/code`, { method: "POST", headers: { "Content-Type": "application/json" }, body }, signal));
  return answer.calls;
}

/** The operation as an .onnx file, with its weights, for an input of this size. */
export async function fetchModel(request: TraceRequest): Promise<Blob> {
  const headers = { "Content-Type": "application/json", Accept: "application/x-onnx" };
  return whole((await ask(`${BASE}/code`, { method: "POST", headers, body: JSON.stringify(request) })).blob());
}

/** Two ways to pad, over one input. `position`: the output cell that the table ends with. */
export async function compare(
  request: TraceRequest, conventions: readonly [string, string], position: readonly number[] | null, outChannel: number, signal?: AbortSignal,
): Promise<Compared> {
  const body = JSON.stringify({ ...request, conventions, position, out_channel: outChannel });
  return json(await ask(`${BASE}/compare`, { method: "POST", headers: { "Content-Type": "application/json" }, body }, signal));
}

/** Other ways to one output channel, with the planes of one of the input channels that it reads. */
export async function equivalences(request: TraceRequest, outChannel: number, channel: number, signal?: AbortSignal): Promise<readonly Equivalence[]> {
  const body = JSON.stringify({ ...request, out_channel: outChannel, channel });
  const answer: { equivalences: readonly Equivalence[] } = await json(
    await ask(`${BASE}/equivalences`, { method: "POST", headers: { "Content-Type": "application/json" }, body }, signal),
  );
  return answer.equivalences;
}

/** The whole output as a .npy file. */
export async function fetchOutputFile(request: TraceRequest): Promise<Blob> {
  const headers = { "Content-Type": "application/json", Accept: "application/x-npy" };
  return whole((await ask(`${BASE}/outputs`, { method: "POST", headers, body: JSON.stringify(request) })).blob());
}

export async function uploadImage(file: Blob, name: string, signal?: AbortSignal): Promise<ImageInfo> {
  const body = new FormData();
  body.append("file", file, name);
  return json(await ask(`${BASE}/images`, { method: "POST", body }, signal));
}

/** Height, width and channels of an upload, from the head of its file; the rest is not fetched. */
export async function fetchUploadShape(id: string): Promise<{ readonly kind: "picture" | "array"; readonly shape: readonly [height: number, width: number, channels: number] }> {
  const { body } = await ask(`${BASE}/images/${id}`, {});
  const reader = body?.getReader();
  let head: number[] = [];
  while (head.length < PNG_HEAD || (head[0] !== PNG_FIRST && head.length < NPY_HEAD)) {
    const bytes = (await whole(Promise.resolve(reader?.read())))?.value;
    if (!bytes) throw new OfflineError("The server stopped answering.");
    head = [...head, ...bytes.subarray(0, NPY_HEAD)];
  }
  void reader?.cancel();
  const { buffer } = Uint8Array.from(head);
  if (head[0] !== PNG_FIRST) {
    const [height = 0, width = 0, channels = 0] = npyShape(buffer);
    return { kind: "array", shape: [height, width, channels] };
  }
  const view = new DataView(buffer);
  return { kind: "picture", shape: [view.getUint32(20), view.getUint32(16), view.getUint8(25) === PNG_GREY ? 1 : 3] };
}

export async function fetchInput(trace: TraceInfo, signal?: AbortSignal): Promise<InputArray> {
  const response = await ask(`${trace.input.url}?format=npy`, {}, signal);
  const { shape, dtype, values } = parseNpy(await whole(response.arrayBuffer()));
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new Error(`The input has the shape (${shape.join(", ")}); height, width, channels were expected.`);
  }
  return { height, width, channels, dtype, values };
}

/** Every output: batch × height × width × channels. */
export async function fetchOutputs(request: TraceRequest): Promise<NpyArray> {
  const headers = { "Content-Type": "application/json", Accept: "application/x-npy" };
  const response = await ask(`${BASE}/outputs`, { method: "POST", headers, body: JSON.stringify(request) });
  return parseNpy(await whole(response.arrayBuffer()));
}

export async function fetchScale(trace: TraceInfo, outChannel: number, signal?: AbortSignal): Promise<Scale> {
  const url = `${trace.url}/scale?out_channel=${outChannel}`;
  const scale: { signed_scale: number; minimum: number; maximum: number } = await json(
    await ask(url, {}, signal),
  );
  return { signed: scale.signed_scale, minimum: scale.minimum, maximum: scale.maximum };
}

/**
 * Batches in order, `first` being a position. A cut stream throws OfflineError after its last whole batch.
 */
export async function* streamPositions(
  trace: TraceInfo,
  { first, count, columns, outChannel = 0 }: PositionsRequest,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, void> {
  const query = new URLSearchParams({ format: "arrow", first: String(first), columns: columns.join(",") });
  if (outChannel !== 0) query.set("out_channel", String(outChannel));
  if (count !== undefined) query.set("count", String(count));
  const { body } = await ask(`${trace.url}/positions?${query}`, {}, signal);
  if (!body) throw new OfflineError("The server sent no positions.");
  try {
    for await (const batch of readBatches(body)) yield { ...batch, first: first + batch.first };
  } catch (error) {
    throw asOffline(error);
  }
}

export async function explain(
  trace: TraceInfo,
  position: number,
  outChannel: number,
  signal?: AbortSignal,
): Promise<Explanation> {
  return json(await ask(`${trace.url}/positions/${position}${outChannel === 0 ? "" : `?out_channel=${outChannel}`}`, {}, signal));
}

/** Every position that reads an input cell, and what it is multiplied with there. */
export async function explainInput(
  trace: TraceInfo,
  row: number,
  column: number,
  outChannel: number,
  signal?: AbortSignal,
): Promise<InputCell> {
  return json(await ask(`${trace.url}/inputs/${row}/${column}${outChannel === 0 ? "" : `?out_channel=${outChannel}`}`, {}, signal));
}

/** Whether the server is there. */
export const answers = (): Promise<boolean> => fetch("/healthz").then(({ ok }) => ok, () => false);

export function toGeometry(geometry: GeometryJson): Geometry {
  return {
    y: toAxis(geometry.y),
    x: toAxis(geometry.x),
    positions: geometry.positions,
    cellsNeverRead: geometry.cells_never_read,
  };
}

function toAxis(axis: AxisJson | TransposedAxisJson): AxisGeometry {
  const common = {
    inputSize: axis.input_size,
    kernelSize: axis.kernel_size,
    stride: axis.stride,
    dilation: axis.dilation,
    span: axis.span,
    outputSize: axis.output_size,
    neverRead: axis.never_read,
    first: axis.taps.first,
    offsets: axis.taps.offsets,
  };
  if ("full_size" in axis) {
    const none = { padBefore: 0, padAfter: 0, leftover: 0, overhang: 0, paddingMode: "zeros" } as const;
    return { ...common, ...none, crop: [axis.crop_before, axis.crop_after] };
  }
  return {
    ...common,
    padBefore: axis.pad_before,
    padAfter: axis.pad_after,
    leftover: axis.leftover,
    overhang: axis.overhang,
    paddingMode: axis.padding_mode,
    crop: null,
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
  // A server that stops or has its hands full, or a proxy whose server is away.
  if ([429, 502, 503, 504].includes(status)) return new OfflineError("The server stopped answering.");
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    const problem = await json<{ title?: string; detail?: string; errors?: FieldError[] }>(response);
    return new ApiError(status, problem.title ?? statusText, problem.detail ?? "", problem.errors);
  }
  return new ApiError(status, statusText || `HTTP ${status}`, "");
}
