/** What the server answered: follows `asked`, and keeps the last good answer on the stage while a new one is on its way. */
import { batch, effect, signal, untracked } from "@preact/signals-core";
import * as api from "./api.ts";
import { combine, firstReader, middleOf, planAxis, positionAt } from "./geometry.ts";
import type { AxisGeometry, Geometry } from "./geometry.ts";
import { type InputRange, type Scale, inputRange } from "./palette.ts";
import { explainRefusal } from "./refusal.ts";
import * as state from "./state.ts";
import type { Asked } from "./state.ts";
import { type Detail, TraceData } from "./trace.ts";

export interface Shown {
  readonly asked: Asked;
  readonly info: api.TraceInfo;
  readonly input: api.InputArray;
  readonly geometry: Geometry;
  readonly data: TraceData;
  readonly scale: Scale;
  readonly range: InputRange;
  /** Per input row and column: the first output row or column that reads it, -1 for never. */
  readonly rowReader: Int32Array;
  readonly columnReader: Int32Array;
}

export const shown = signal<Shown | null>(null);
/** The numbers under the playhead. Always those of `position`: both change together, when the numbers are here. */
export const detail = signal<Detail | null>(null);
/** The same position tap by tap; only in the Tap cadence. */
export const explanation = signal<api.Explanation | null>(null);
/** Cells that "everything" has revealed past the playhead. */
export const revealed = signal(0);

const BUSY_AFTER_MS = 1000;
const RETRY_S = [4, 8, 16, 30] as const;

let wanted: AbortController | null = null;
let target: number | null = null;
let retries = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

/** Height and width of the input in cells. */
function inputSize({ source, longest }: Asked): state.Pair {
  const { height, width } = source;
  const most = Math.max(height, width);
  if (longest === "full" || longest >= most) return [height, width];
  const shrunk = (side: number): number => Math.max(1, Math.round((side * longest) / most));
  return [shrunk(height), shrunk(width)];
}

function inputSpec(asked: Asked): api.InputSpec {
  const { source, scale } = asked;
  if (source.kind === "numbers") return source.reference as unknown as api.InputSpec;
  const size = inputSize(asked);
  return {
    ...source.reference,
    ...(size[0] === source.height && size[1] === source.width ? {} : { size }),
    ...(scale === "0..1" ? { scale } : {}),
  } as unknown as api.InputSpec;
}

/** The geometry that follows from what is asked, before the server has answered; null when the window does not fit. */
export function planned(asked: Asked): Geometry | null {
  const [height, width] = inputSize(asked);
  const { kernel, strides, dilations, padding } = asked;
  const axis = (inputSize: number, kernelSize: number, at: 0 | 1): AxisGeometry =>
    planAxis({
      inputSize, kernelSize, stride: strides[at], dilation: dilations[at],
      padding: typeof padding === "string" ? padding : padding[at],
    });
  try {
    return combine(axis(height, kernel.length, 0), axis(width, kernel[0]?.length ?? 0, 1));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function request(asked: Asked): api.TraceRequest {
  return {
    input: inputSpec(asked),
    operation: {
      type: "conv2d",
      ...(asked.filter === null ? { kernel: asked.kernel } : { filter: asked.filter }),
      ...(asked.bias === 0 ? {} : { bias: [asked.bias] }),
      strides: asked.strides,
      dilations: asked.dilations,
      padding: asked.padding,
    },
  };
}

/** Starts from what the server wrote into the page, then follows every change of `asked`. */
export function follow(first: { asked: Asked; info: api.TraceInfo }): void {
  state.asked.value = first.asked;
  effect(() => {
    const asked = state.asked.value;
    if (asked === null || asked === untracked(() => shown.value?.asked)) return;
    void load(asked, asked === first.asked ? first.info : null);
  });
  effect(() => {
    if (state.cadence.value === "tap" && shown.value) untracked(() => void seek(state.position.value));
  });
}

async function load(asked: Asked, known: api.TraceInfo | null): Promise<void> {
  wanted?.abort();
  const mine = new AbortController();
  wanted = mine;
  const busy = setTimeout(() => {
    if (!mine.signal.aborted) state.notice.value = {
      kind: "busy", text: "Computing on the server.", action: { label: "Cancel", name: "undo" },
    };
  }, BUSY_AFTER_MS);
  try {
    const info = known ?? (await api.createTrace(request(asked), mine.signal));
    await adopt(asked, info, mine.signal);
    recovered();
  } catch (error) {
    if (!mine.signal.aborted) report(error, () => void load(asked, known));
  } finally {
    clearTimeout(busy);
  }
}

async function adopt(asked: Asked, info: api.TraceInfo, signal: AbortSignal): Promise<void> {
  const before = shown.peek();
  const sameInput = before !== null && JSON.stringify(inputSpec(before.asked)) === JSON.stringify(inputSpec(asked));
  const data = new TraceData(info, {
    streamPositions: api.streamPositions,
    explain: api.explain,
    createTrace: (again) => api.createTrace(request(asked), again),
  });
  const { geometry } = data;
  const at = sameInput ? samePlace(before.geometry, state.position.peek(), geometry) : 0;
  const abandon = (): void => data.dispose();
  signal.addEventListener("abort", abandon, { once: true });
  const [input, scale, here, taps] = await Promise.all([
    sameInput ? before.input : api.fetchInput(info, signal),
    api.fetchScale(info, 0, signal),
    data.need(at),
    state.cadence.peek() === "tap" ? data.explanation(at) : null,
  ]);
  if (signal.aborted) return;
  // From here on the trace is what the stage shows, and lives until another takes its place.
  signal.removeEventListener("abort", abandon);
  target = null;
  batch(() => {
    shown.value = {
      asked, info, input, geometry, data, scale,
      range: inputRange(input.values, input.channels),
      rowReader: firstReader(geometry.y),
      columnReader: firstReader(geometry.x),
    };
    state.position.value = at;
    state.tap.value = Math.min(state.tap.value, info.taps - 1);
    state.channel.value = Math.min(state.channel.value, info.in_channels - 1);
    revealed.value = 0;
    detail.value = here;
    explanation.value = taps;
  });
  before?.data.dispose();
  void fetchSums(data);
}

/** After a change of the call the window stays where it was on the picture, as nearly as the new geometry allows. */
function samePlace(before: Geometry, position: number, after: Geometry): number {
  if (position === 0) return 0;
  const { row, column } = middleOf(before, position);
  return positionAt(after.y, after.x, row, column);
}

async function fetchSums(data: TraceData): Promise<void> {
  try {
    await data.startSums();
    recovered();
  } catch (error) {
    if (shown.peek()?.data === data) report(error, () => void fetchSums(data));
  }
}

/**
 * Moves the playhead, once its numbers are here; the newest call wins. Resolves to whether it moved.
 * `direction` is how far the next step goes, so that its numbers can be fetched ahead.
 */
export async function seek(position: number, direction = 1): Promise<boolean> {
  const current = shown.peek();
  if (!current) return false;
  const wantedPosition = Math.min(Math.max(0, position), current.geometry.positions - 1);
  target = wantedPosition;
  const tapping = state.cadence.peek() === "tap";
  const cached = current.data.detail(wantedPosition);
  if (cached && !tapping) {
    void current.data.need(wantedPosition, direction).catch(() => undefined);
    arrive(cached, null);
    return true;
  }
  try {
    const [here, taps] = await Promise.all([
      current.data.need(wantedPosition, direction),
      tapping ? current.data.explanation(wantedPosition) : null,
    ]);
    if (target !== wantedPosition || shown.peek() !== current) return false;
    arrive(here, taps);
    recovered();
    return true;
  } catch (error) {
    if (shown.peek() === current && target === wantedPosition) report(error, () => void seek(target ?? wantedPosition, direction));
    return false;
  }
}

function arrive(here: Detail, taps: api.Explanation | null): void {
  batch(() => {
    state.position.value = here.position;
    detail.value = here;
    explanation.value = taps;
  });
}

/** "Everything": reveals the output as the server sends it, then goes to the last position. */
export async function revealAll(): Promise<void> {
  const current = shown.peek();
  if (!current) return;
  const stop = effect(() => {
    revealed.value = current.data.fetched.value;
  });
  try {
    await current.data.startSums();
    await seek(current.geometry.positions - 1, 0);
  } catch (error) {
    if (shown.peek() === current) report(error, () => void revealAll());
  } finally {
    stop();
    if (shown.peek() === current) revealed.value = 0;
  }
}

function report(error: unknown, again: () => void): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (error instanceof api.OfflineError) {
    retryLater(again);
    return;
  }
  const text = error instanceof api.ApiError ? explainRefusal(error) : String(error);
  state.notice.value = {
    kind: "error", text,
    ...(shown.peek() && shown.peek()?.asked !== state.asked.peek() ? { action: { label: "Undo the last change", name: "undo" } } : {}),
  };
}

let again: (() => void) | null = null;

function retryLater(work: () => void): void {
  again = work;
  const seconds = RETRY_S[Math.min(retries, RETRY_S.length - 1)] ?? 30;
  retries += 1;
  countDown(seconds);
}

function countDown(seconds: number): void {
  clearTimeout(retryTimer);
  if (seconds === 0) {
    retryNow();
    return;
  }
  state.notice.value = {
    kind: "offline",
    text: `The server stopped answering. What you see is still correct; new numbers have to wait. Trying again in ${seconds} second${seconds === 1 ? "" : "s"}.`,
    action: { label: "Try now", name: "retry" },
  };
  retryTimer = setTimeout(() => countDown(seconds - 1), 1000);
}

export function retryNow(): void {
  clearTimeout(retryTimer);
  again?.();
}

function recovered(): void {
  clearTimeout(retryTimer);
  retries = 0;
  again = null;
  const kind = state.notice.peek()?.kind;
  if (kind === "offline" || kind === "busy" || (kind === "error" && shown.peek()?.asked === state.asked.peek())) state.notice.value = null;
}

/** Back to what is on the stage: the last operation that worked. */
export function undo(): void {
  wanted?.abort();
  clearTimeout(retryTimer);
  batch(() => {
    if (shown.peek()) state.asked.value = shown.peek()?.asked ?? null;
    state.notice.value = null;
  });
}
