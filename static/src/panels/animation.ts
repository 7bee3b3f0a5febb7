/** The next steps as an animated GIF: the figure of each, one after the other. */
import { GIFEncoder, applyPalette, quantize } from "gifenc";
import { pause } from "../player.ts";
import { type Shown, seek, shown } from "../session.ts";
import * as state from "../state.ts";
import { figureCanvas } from "./figure.ts";

/** More would be a file that no mail takes, and nobody watches to its end. */
export const MOST_STEPS = 60;
/** Frames a second: between these nothing is missed, and nothing dizzies. */
const [SLOWEST, FASTEST] = [1, 8];
/** Before it begins again. */
const REST_MS = 1500;

/** From the playhead on, from the first position where it stands on the last. Null where the trace has gone in between. */
export async function gifFile(current: Shown, told: (step: number, steps: number) => void): Promise<Blob | null> {
  pause();
  const before = state.position.peek();
  const last = current.walk.positions - 1;
  const first = before === last ? 0 : before;
  const steps = Math.min(MOST_STEPS, last - first + 1);
  const delay = 1000 / Math.min(FASTEST, Math.max(SLOWEST, state.speed.peek()));
  const encoder = GIFEncoder();
  let size: readonly [number, number] | null = null;
  try {
    for (let step = 0; step < steps; step++) {
      told(step + 1, steps);
      // The page goes along: what is drawn is what it shows.
      if (!(await seek(first + step)) || shown.peek() !== current) return null;
      const canvas = await figureCanvas(1, size);
      if (!canvas) return null;
      const { width, height } = canvas;
      size ??= [width, height];
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, width, height);
      const palette = quantize(data, 256);
      encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay: step === steps - 1 ? REST_MS : delay });
    }
  } finally {
    if (shown.peek() === current) await seek(before);
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: "image/gif" });
}
