/** What changes the call: the operation and its input. The server is asked by session.ts, which follows `asked`. */
import { batch } from "@preact/signals-core";
import { ApiError, type ImageInfo, uploadImage } from "../api.ts";
import { isPool, isTransposed, planned } from "../asked.ts";
import { sidesOf } from "../geometry.ts";
import { isBank, planeOf, weightsOf } from "../kernels/bank.ts";
import { pause } from "../player.ts";
import { explainRefusal } from "../refusal.ts";
import { retryNow, shown } from "../session.ts";
import * as state from "../state.ts";
import type { Asked, Pair, Sides, Source } from "../state.ts";
import { text } from "../text/text.ts";
import { keep } from "../uploads.ts";
import type { Actions } from "./action.ts";

const TOUCH_MS = 700;
let untouch: ReturnType<typeof setTimeout> | undefined;

/** Changes part of what is asked, and lights up the effect of a touched parameter for a moment. */
export function change(part: Partial<Asked>, touched: state.Touched = null): void {
  const before = state.asked.peek();
  if (!before) return;
  pause();
  const after = { ...before, ...part };
  // At once, so that it is one change to undo.
  batch(() => {
    const chosen = isPool(before.operation) !== isPool(after.operation) || (after.filter !== null && after.filter !== before.filter);
    if (chosen && makesPicture(before) !== makesPicture(after)) state.palette.value = makesPicture(after) ? "min_max" : "signed";
    state.asked.value = after;
    state.touched.value = touched;
  });
  clearTimeout(untouch);
  if (touched) untouch = setTimeout(() => { state.touched.value = null; }, TOUCH_MS);
}

/** What a pool makes of a picture is a picture; so is what a filter makes that keeps its brightness, as a blur does and an edge filter does not. */
function makesPicture({ operation, kernel }: Asked): boolean {
  const weights = weightsOf(kernel);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return isPool(operation) || sum(weights) > 0.01 * sum(weights.map(Math.abs));
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function setPair(field: "strides" | "dilations" | "kernelSize" | "outputPadding", argument: string): void {
  const [axis, value] = argument.split(" ").map(Number);
  const [down, across] = state.asked.peek()?.[field] ?? [1, 1];
  const added = field === "outputPadding" ? 1 : 0;
  const next = clamp(value ?? 1, 1 - added, (field === "kernelSize" ? state.LARGEST_KERNEL : state.LARGEST_STEP) - added);
  const pair: Pair = axis === 0 ? [next, across] : [down, next];
  change({ [field]: pair }, field === "strides" || field === "dilations" ? field : null);
}

/** A pool tiles the picture, and a transposed convolution doubles it, until they are told otherwise. */
function chooseOperation(operation: state.OperationType): void {
  const before = state.asked.peek();
  if (!before || before.operation === operation) return;
  const alike = isPool(operation) === isPool(before.operation) && isTransposed(operation) === isTransposed(before.operation);
  const { strides, dilations, padding, outputPadding } = state.DEFAULTS;
  const usual = isPool(operation) ? { strides: before.kernelSize, dilations, padding: "VALID" as const }
    : { strides: isTransposed(operation) ? ([2, 2] as const) : strides, dilations, padding, outputPadding };
  change({ operation, ...(alike ? {} : usual), ...(before.groups === 1 ? {} : onePlane()) });
}

/** The sides as they are now, whatever rule they came from. */
export function currentSides(): Sides {
  const asked = state.asked.peek();
  const geometry = (asked && planned(asked)) ?? shown.peek()?.geometry;
  if (!geometry) return [[0, 0], [0, 0]];
  const [top, bottom, left, right] = sidesOf(geometry);
  return [[top, bottom], [left, right]];
}

/** The next number of groups, up or down, that divides the channels. */
export function nextGroups(now: number, wanted: number): number {
  const channels = shown.peek()?.info.in_channels ?? 1;
  const direction = wanted < now ? -1 : 1;
  for (let groups = wanted; groups >= 1 && groups <= channels; groups += direction) if (channels % groups === 0) return groups;
  return now;
}

function setSides(argument: string): void {
  const [value = 0, ...at] = argument.split(" ").map(Number);
  const asked = state.asked.peek();
  const flat = (asked && typeof asked.padding !== "string" ? asked.padding : currentSides()).flat();
  for (const index of at) flat[index] = clamp(value, 0, 99);
  const [top = 0, bottom = 0, left = 0, right = 0] = flat;
  change({ padding: [[top, bottom], [left, right]] }, "padding");
}

/** Weights per channel are for as many channels as there were: with another number of them, those in view are taken for all. */
/** Weights for each channel do not fit another number of channels: those under the loupe are taken for all. */
function onePlane(): Partial<Asked> {
  const kernel = state.asked.peek()?.kernel;
  return kernel && isBank(kernel) ? { kernel: planeOf(kernel, state.channel.peek()), filter: null } : {};
}

export function chooseSource(source: Source, channels: number): void {
  const most = Math.max(source.height, source.width);
  const longest = source.kind !== "picture" ? "full" : Math.min(64, most);
  const fits = channels === shown.peek()?.info.in_channels;
  change({ source, longest, scale: "0..255", ...(fits ? {} : { groups: 1, ...onePlane() }) });
}

/** Uploads, then shows. Refused files leave everything as it was, with the server's reason in the ribbon. */
export async function openFile(file: Blob, name: string): Promise<void> {
  state.notice.value = { kind: "busy", text: () => text().notices.sending(name) };
  let image: ImageInfo;
  try {
    image = await uploadImage(file, name);
  } catch (error) {
    const reason = error instanceof ApiError
      ? explainRefusal(error, name)
      : () => text().notices.notSent;
    state.notice.value = { kind: "error", text: reason };
    return;
  }
  state.notice.value = null;
  keep(image.id, () => uploadImage(file, name));
  chooseSource({
    key: image.id, title: name.replace(/\.[a-z0-9]+$/i, ""), kind: image.kind,
    height: image.height, width: image.width, channels: image.channels, reference: { image_id: image.id },
  }, image.channels);
}

export const operation: Actions = {
  operation: { label: null, run: (operation) => chooseOperation(operation as state.OperationType) },
  groups: { label: null, run: (groups) => change({ groups: Number(groups), ...onePlane() }) },
  paddingMode: { label: null, run: (mode) => change({ paddingMode: mode as state.PaddingMode }, "padding") },
  activation: { label: null, run: (name) => change({ activation: name === "" ? null : (name as state.Activation) }) },
  flipKernel: { label: null, run: (on) => change({ flipKernel: on === "true" }) },
  kernelSize: { label: null, run: (argument) => setPair("kernelSize", argument) },
  ceilMode: { label: null, run: (on) => change({ ceilMode: on === "true" }) },
  countIncludePad: { label: null, run: (on) => change({ countIncludePad: on === "true" }) },
  outputPadding: { label: null, run: (argument) => setPair("outputPadding", argument) },
  strides: { label: null, run: (argument) => setPair("strides", argument) },
  dilations: { label: null, run: (argument) => setPair("dilations", argument) },
  padding: {
    label: null,
    run: (argument) => change({ padding: argument === "SAME" || argument === "VALID" ? argument : currentSides() }, "padding"),
  },
  sides: { label: null, run: setSides },
  bias: { label: null, run: (argument) => change({ bias: Number(argument) }) },
  longest: { label: null, run: (argument) => change({ longest: argument === "full" ? "full" : Number(argument) }) },
  scale: { label: null, run: (argument) => change({ scale: argument as Asked["scale"] }) },
  retry: { label: null, run: retryNow },
};
