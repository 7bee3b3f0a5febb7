/** What the server answered: follows `asked`, and keeps the last good answer on the stage while a new one is on its way. */
import { batch, effect, signal, untracked } from "@preact/signals-core";
import * as api from "./api.ts";
import { inputSpec, isPool, isTransposed, traceRequest } from "./asked.ts";
import { breath } from "./breath.ts";
import { type Geometry, firstReader, middleOf, positionAt } from "./geometry.ts";
import { type InputRange, type Scale, inputRange } from "./palette.ts";
import { explainRefusal } from "./refusal.ts";
import type { Stamps } from "./stamps/stamps.ts";
import * as state from "./state.ts";
import type { Asked } from "./state.ts";
import { sourceTitle } from "./text/names.ts";
import { text } from "./text/text.ts";
import { type Detail, TraceData } from "./trace.ts";
import { sendAgain } from "./uploads.ts";

/** What the playhead walks, row by row: the output, or the input of a transposed convolution by its stamps. */
export interface Walk {
  readonly stamps: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly positions: number;
}

export interface Shown {
  readonly asked: Asked;
  readonly info: api.TraceInfo;
  readonly input: api.InputArray;
  readonly geometry: Geometry;
  readonly walk: Walk;
  readonly data: TraceData;
  /** The numbers of stamps, while they are walked. */
  readonly stamps: Stamps | null;
  readonly outChannel: number;
  /** The first input channel that the output channel reads. */
  readonly firstChannel: number;
  /** Of the sums, or a pool's outputs. */
  readonly sumScale: Scale;
  /** Of the outputs. */
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
/** Where the playhead goes with another input; undo and links know. A picture that is not here starts at 0. */
export const places = new WeakMap<Asked, number>();

const STAGE = "stage";
const BUSY_AFTER_MS = 1000;
const RETRY_S = [4, 8, 16, 30] as const;

let wanted: AbortController | null = null;
let target: number | null = null;
let retries = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let instead: Otherwise | null = null;

export interface Start {
  readonly asked: Asked;
  /** Null when the server has not made this trace yet. */
  readonly info: api.TraceInfo | null;
}

export interface Otherwise extends Start {
  /** Hears why it has to take another's place. */
  because(refusal: string): void;
}

/** Starts, with `otherwise` where the server refuses to; then follows every change of `asked`. */
export function follow(first: Start, otherwise: Otherwise | null = null): void {
  instead = otherwise;
  state.asked.value = first.asked;
  effect(() => {
    const asked = state.asked.value;
    const outChannel = state.outChannel.value;
    const stamps = asked !== null && walksStamps(asked, state.stamping.value);
    const current = untracked(() => shown.value);
    if (asked === null || (asked === current?.asked && outChannel === current.outChannel && stamps === current.walk.stamps)) return;
    const known = [first, otherwise, current].find((one) => one?.asked === asked)?.info ?? null;
    void load(asked, known);
  });
  effect(() => {
    if (state.cadence.value === "tap" && shown.value) untracked(() => void seek(state.position.value));
  });
}

const LONGEST_FRAME_MS = 50;

/** Once the next frame is on its way to the screen; a tab in the background has none. */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(resolve, LONGEST_FRAME_MS);
    requestAnimationFrame(() => {
      clearTimeout(late);
      void breath().then(resolve);
    });
  });

async function load(asked: Asked, known: api.TraceInfo | null): Promise<void> {
  wanted?.abort();
  const mine = new AbortController();
  wanted = mine;
  const busy = setTimeout(() => {
    // What was taken of a pasted call is still to be read.
    if (!mine.signal.aborted && state.notice.peek()?.kind !== "taken") state.notice.value = {
      kind: "busy", text: () => text().notices.computing, ...(shown.peek() ? { action: { label: () => text().notices.cancel, name: "cancel" } } : {}),
    };
  }, BUSY_AFTER_MS);
  try {
    // What a hand has changed is seen first: server and browser may share a machine, and what the answer starts is more than a frame's work.
    if (shown.peek()) await painted();
    if (mine.signal.aborted) return;
    const info = known ?? (await createTrace(asked, mine.signal));
    await adopt(asked, info, mine.signal);
    recovered(STAGE);
  } catch (error) {
    if (mine.signal.aborted) return;
    // A known trace that the server has forgotten is made again.
    if (known && error instanceof api.ApiError && error.status === 404) void load(asked, null);
    else report(error, () => void load(asked, known));
  } finally {
    clearTimeout(busy);
  }
}

/** Of an image that the server has dropped to make room, the file is sent again where this page still has it. */
async function createTrace(asked: Asked, signal?: AbortSignal): Promise<api.TraceInfo> {
  const request = traceRequest(asked);
  try {
    return await api.createTrace(request, signal);
  } catch (error) {
    const { image_id: id } = asked.source.reference as { readonly image_id?: string };
    const { image_id: sent } = request.input as { readonly image_id?: string };
    if (id === undefined || sent === undefined || !lacksImage(error) || !(await sendAgain(id, sent))) throw error;
  }
  return api.createTrace(traceRequest(asked), signal);
}

const lacksImage = (error: unknown): boolean =>
  error instanceof api.ApiError && error.status === 404 && error.errors.some(({ field }) => field === "input.image_id");

async function adopt(asked: Asked, info: api.TraceInfo, signal: AbortSignal): Promise<void> {
  const before = shown.peek();
  const sameInput = before !== null && JSON.stringify(inputSpec(before.asked)) === JSON.stringify(inputSpec(asked));
  const outChannel = Math.min(state.outChannel.peek(), info.out_channels - 1);
  const same = before?.asked === asked && before.outChannel === outChannel ? before.data : null;
  const data = same ?? new TraceData(info, {
    streamPositions: api.streamPositions,
    explain: api.explain,
    explainInput: api.explainInput,
    createTrace: (again) => createTrace(asked, again),
  }, outChannel);
  const { geometry } = data;
  const walk = walkOf(geometry, walksStamps(asked, state.stamping.peek()));
  const stamps = walk.stamps ? new (await import("./stamps/stamps.ts")).Stamps(data) : null;
  const [begun, aimed] = [state.position.peek(), target];
  const at = sameInput
    ? samePlace(before, begun, geometry, walk)
    : Math.min(places.get(asked) ?? 0, walk.positions - 1);
  const abandon = (): void => { if (!same) data.dispose(); };
  signal.addEventListener("abort", abandon, { once: true });
  const [input, sumScale, here, taps] = await Promise.all([
    sameInput ? before.input : api.fetchInput(info, signal),
    api.fetchScale(info, outChannel, signal),
    (stamps ?? data).need(at),
    state.cadence.peek() === "tap" && !stamps ? data.explanation(at) : null,
  ]);
  // To read the answer and to show it are work enough for a task each.
  await breath();
  if (signal.aborted) return;
  // From here on the trace is what the stage shows, and lives until another takes its place.
  signal.removeEventListener("abort", abandon);
  const gone = target !== null && target !== aimed ? target : state.position.peek();
  target = null;
  batch(() => {
    shown.value = {
      asked, info, input, geometry, walk, data, stamps, outChannel, sumScale,
      firstChannel: firstChannel(info, outChannel),
      scale: scaleAfter(asked, sumScale),
      range: inputRange(input.values, input.channels),
      rowReader: stamps ? Int32Array.from({ length: input.height }, (_, row) => row) : firstReader(geometry.y),
      columnReader: stamps ? Int32Array.from({ length: input.width }, (_, column) => column) : firstReader(geometry.x),
    };
    state.position.value = at;
    state.tap.value = Math.min(state.tap.value, info.taps - 1);
    state.outChannel.value = outChannel;
    state.channel.value = Math.min(state.channel.value, info.group_channels - 1);
    revealed.value = 0;
    detail.value = here;
    explanation.value = taps;
  });
  // Steps made while the server answered are not lost.
  if (sameInput && gone !== begun) void seek(samePlace(before, gone, geometry, walk));
  if (same) return;
  before?.data.dispose();
  void fetchOutputs(data);
}

/** Output channels of a group follow one another, and so do the input channels they read. */
function firstChannel({ in_channels, group_channels, out_channels }: api.TraceInfo, outChannel: number): number {
  return Math.floor((outChannel * in_channels) / group_channels / out_channels) * group_channels;
}

/** The server measures sums; what an activation makes of their range follows from what it is. */
function scaleAfter({ operation, activation }: Asked, scale: Scale): Scale {
  if (isPool(operation)) return scale;
  switch (activation) {
    case null:
      return scale;
    case "relu":
      return { signed: scale.signed, minimum: Math.max(0, scale.minimum), maximum: Math.max(0, scale.maximum) };
    case "sigmoid":
      return { signed: 1, minimum: 0, maximum: 1 };
    case "tanh":
      return { signed: 1, minimum: -1, maximum: 1 };
  }
}

/** After a change of the call the window stays where it was on the picture, as nearly as the new geometry allows. */
function samePlace(before: Shown, position: number, after: Geometry, walk: Walk): number {
  if (position === 0) return 0;
  const [cellRow, cellColumn] = placeOf(before.walk, position);
  const { row, column } = before.walk.stamps ? { row: cellRow, column: cellColumn } : middleOf(before.geometry, position);
  if (!walk.stamps) return positionAt(after.y, after.x, row, column);
  const held = (at: number, size: number): number => Math.min(Math.max(0, Math.round(at)), size - 1);
  return held(row, walk.rows) * walk.columns + held(column, walk.columns);
}

export const walksStamps = ({ operation }: Asked, stamping: boolean): boolean => stamping && isTransposed(operation);

export function walkOf({ y, x }: Geometry, stamps: boolean): Walk {
  const [rows, columns] = stamps ? [y.inputSize, x.inputSize] : [y.outputSize, x.outputSize];
  return { stamps, rows, columns, positions: rows * columns };
}

/** Row and column of a position. */
export const placeOf = ({ columns }: Walk, position: number): [row: number, column: number] => [Math.floor(position / columns), position % columns];

async function fetchOutputs(data: TraceData): Promise<void> {
  try {
    await data.startOutputs();
    recovered(STAGE);
  } catch (error) {
    if (shown.peek()?.data === data) report(error, () => void fetchOutputs(data));
  }
}

/**
 * Moves the playhead, once its numbers are here; the newest call wins. Resolves to whether it moved.
 * `direction` is how far the next step goes, so that its numbers can be fetched ahead.
 */
export async function seek(position: number, direction = 1): Promise<boolean> {
  const current = shown.peek();
  if (!current) return false;
  const wantedPosition = Math.min(Math.max(0, position), current.walk.positions - 1);
  target = wantedPosition;
  const numbers = current.stamps ?? current.data;
  const tapping = state.cadence.peek() === "tap" && !current.walk.stamps;
  const cached = numbers.detail(wantedPosition);
  if (cached && !tapping) {
    void numbers.need(wantedPosition, direction).catch(() => undefined);
    arrive(cached, null);
    return true;
  }
  try {
    const [here, taps] = await Promise.all([
      numbers.need(wantedPosition, direction),
      tapping ? current.data.explanation(wantedPosition) : null,
    ]);
    if (target !== wantedPosition || shown.peek() !== current) return false;
    arrive(here, taps);
    recovered(STAGE);
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
    await current.data.startOutputs();
    await seek(current.walk.positions - 1, 0);
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
    retryLater(STAGE, again);
    return;
  }
  unanswered.delete(STAGE);
  const source = state.asked.peek()?.source;
  const reason = lacksImage(error) && source ? text().notices.imageLost(sourceTitle(source))
    : error instanceof api.ApiError ? explainRefusal(error) : String(error);
  if (shown.peek() === null && instead !== null) {
    instead.because(reason);
    state.asked.value = instead.asked;
    instead = null;
    return;
  }
  state.notice.value = {
    kind: "error", text: reason,
    ...(shown.peek() && shown.peek()?.asked !== state.asked.peek() ? { action: { label: () => text().notices.undo, name: "undo" } } : {}),
  };
}

/** What the server did not answer: of the stage, and of other parts of the page. */
const unanswered = new Map<string, () => void>();

/** Says that the server is away, and does `work` again with all that waits for it; once for each part of the page. */
export function retryLater(part: string, work: () => void): void {
  unanswered.set(part, work);
  countDown(RETRY_S[Math.min(retries, RETRY_S.length - 1)] ?? 30);
}

/** The same of what could not be fetched; it may be that only a newer page can have it. */
export async function fetchLater(part: string, work: () => void): Promise<void> {
  if (!(await api.answers())) retryLater(part, work);
}

function countDown(seconds: number): void {
  clearTimeout(retryTimer);
  if (seconds === 0) {
    retryNow();
    return;
  }
  state.notice.value = {
    kind: "offline",
    text: () => text().notices.offline(seconds),
    action: { label: () => text().notices.tryNow, name: "retry" },
  };
  retryTimer = setTimeout(() => countDown(seconds - 1), 1000);
}

export function retryNow(): void {
  clearTimeout(retryTimer);
  retries += 1;
  for (const work of [...unanswered.values()]) work();
}

/** The server has answered `part`: what else waits for it is asked at once. */
export function recovered(part: string): void {
  clearTimeout(retryTimer);
  retries = 0;
  unanswered.delete(part);
  const others = [...unanswered.values()];
  unanswered.clear();
  for (const work of others) work();
  const kind = state.notice.peek()?.kind;
  if (kind === "offline" || kind === "busy" || (kind === "error" && shown.peek()?.asked === state.asked.peek())) state.notice.value = null;
}

/** Gives up what is on its way to the stage, and takes back what was said of it. */
export function abandon(): void {
  wanted?.abort();
  forget(STAGE);
  state.notice.value = null;
}

/** `part` asks no more. */
export function forget(part: string): void {
  if (!unanswered.delete(part) || unanswered.size > 0) return;
  clearTimeout(retryTimer);
  if (state.notice.peek()?.kind === "offline") state.notice.value = null;
}
