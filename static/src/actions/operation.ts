/** What changes the call: the operation and its input. The server is asked by session.ts, which follows `asked`. */
import { ApiError, type ImageInfo, uploadImage } from "../api.ts";
import { padsOf } from "../frameworks.ts";
import { pause } from "../player.ts";
import { explainRefusal } from "../refusal.ts";
import { planned, retryNow, shown, undo } from "../session.ts";
import * as state from "../state.ts";
import type { Asked, Pair, Sides, Source } from "../state.ts";
import type { Actions } from "./action.ts";

const TOUCH_MS = 700;
let untouch: ReturnType<typeof setTimeout> | undefined;

/** Changes part of what is asked, and lights up the effect of a touched parameter for a moment. */
export function change(part: Partial<Asked>, touched: state.Touched = null): void {
  const before = state.asked.peek();
  if (!before) return;
  pause();
  state.asked.value = { ...before, ...part };
  state.touched.value = touched;
  clearTimeout(untouch);
  if (touched) untouch = setTimeout(() => { state.touched.value = null; }, TOUCH_MS);
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

function setPair(field: "strides" | "dilations", argument: string): void {
  const [axis, value] = argument.split(" ").map(Number);
  const [down, across] = state.asked.peek()?.[field] ?? [1, 1];
  const next = clamp(value ?? 1, 1, state.LARGEST_STEP);
  const pair: Pair = axis === 0 ? [next, across] : [down, next];
  change({ [field]: pair }, field);
}

/** The sides as they are now, whatever rule they came from. */
export function currentSides(): Sides {
  const asked = state.asked.peek();
  const geometry = (asked && planned(asked)) ?? shown.peek()?.geometry;
  if (!geometry) return [[0, 0], [0, 0]];
  const [top, bottom, left, right] = padsOf(geometry);
  return [[top, bottom], [left, right]];
}

function setSides(argument: string): void {
  const [value = 0, ...at] = argument.split(" ").map(Number);
  const asked = state.asked.peek();
  const flat = (asked && typeof asked.padding !== "string" ? asked.padding : currentSides()).flat();
  for (const index of at) flat[index] = clamp(value, 0, 99);
  const [top = 0, bottom = 0, left = 0, right = 0] = flat;
  change({ padding: [[top, bottom], [left, right]] }, "padding");
}

export function chooseSource(source: Source): void {
  const most = Math.max(source.height, source.width);
  const longest = source.kind === "numbers" ? "full" : Math.min(64, most);
  change({ source, longest, scale: "0..255" });
}

/** Uploads, then shows. Refused files leave everything as it was, with the server's reason in the ribbon. */
export async function openFile(file: Blob, name: string): Promise<void> {
  state.notice.value = { kind: "busy", text: `Sending ${name} to the server.` };
  let image: ImageInfo;
  try {
    image = await uploadImage(file, name);
  } catch (error) {
    const text = error instanceof ApiError
      ? explainRefusal(error, name)
      : "The server did not answer, so the image was not sent. What you see is unchanged.";
    state.notice.value = { kind: "error", text };
    return;
  }
  state.notice.value = null;
  chooseSource({
    key: image.id, title: name.replace(/\.[a-z0-9]+$/i, ""), kind: "picture",
    height: image.height, width: image.width, reference: { image_id: image.id },
  });
}

export function setKernel(kernel: readonly (readonly number[])[]): void {
  change({ kernel, filter: null });
}

export const operation: Actions = {
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
  undo: { label: null, run: undo },
  retry: { label: null, run: retryNow },
};
