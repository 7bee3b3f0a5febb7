/** The ruler under the stage: one tick an output row, a needle at the playhead, a flag with its row. */
import type { Ink } from "./ink.ts";

export interface ScrubberScene {
  readonly ink: Ink;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly row: number;
  /** How far the scan is, 0 to 1. */
  readonly done: number;
  /** How far the server's answers have arrived, 0 to 1; drawn while it is behind 1. */
  readonly fetched: number;
}

const INSET = 2;

/** Tick spacing in rows: fine enough to count, never closer than about 2.5 px. */
function spacing(scene: ScrubberScene): { tick: number; numbered: number } {
  const perRow = (scene.width - 2 * INSET) / scene.rows;
  let numbered = scene.rows > 40 ? 8 : scene.rows > 16 ? 4 : 1;
  while (perRow * numbered < scene.ink.rem * 2) numbered *= 2;
  let tick = 1;
  while (perRow * tick < 2.5) tick *= 2;
  return { tick, numbered };
}

export function paintScrubber(context: CanvasRenderingContext2D, scene: ScrubberScene): void {
  const { ink, width, height, rows } = scene;
  const { rem } = ink;
  if (width <= 2 * INSET) return; // not shown, as on paper: no spacing would ever be wide enough
  const { tick, numbered } = spacing(scene);
  const base = height * 0.46;
  const length = width - 2 * INSET;
  const needle = INSET + length * scene.done;
  const line = (from: number, to: number, y: number, thickness: number, colour: string): void => {
    context.strokeStyle = colour;
    context.lineWidth = thickness;
    context.beginPath();
    context.moveTo(from, y);
    context.lineTo(to, y);
    context.stroke();
  };

  line(INSET, INSET + length, base, 1, ink.edge);
  context.font = `${rem * 0.75}px ${ink.mono}`;
  context.textBaseline = "alphabetic";
  for (let row = 0; row <= rows; row += tick) {
    const x = INSET + (length * row) / rows;
    const major = row % numbered === 0;
    const tall = major ? 0.62 : row % (4 * tick) === 0 ? 0.42 : 0.26;
    context.strokeStyle = ink.ink3;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, base);
    context.lineTo(x, base - rem * tall);
    context.stroke();
    if (major && row < rows && Math.abs(x - needle) > rem * 1.7) {
      context.fillStyle = ink.ink3;
      context.textAlign = row ? "center" : "left";
      context.fillText(String(row), x, base + rem * 1.18);
    }
  }
  if (scene.fetched < 1) line(INSET, INSET + length * scene.fetched, base + 3.5, 2, ink.edge);
  line(INSET, needle, base, 4, ink.ink);
  context.strokeStyle = ink.ink;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(needle, base - rem * 0.85);
  context.lineTo(needle, base + rem * 0.4);
  context.stroke();
  context.font = `700 ${rem * 0.75}px ${ink.mono}`;
  const flag = String(scene.row);
  const half = Math.max(rem * 0.78, context.measureText(flag).width / 2 + rem * 0.25);
  const x = Math.min(Math.max(needle, half), width - half);
  context.fillStyle = ink.ink;
  context.fillRect(x - half, base + rem * 0.42, 2 * half, rem * 1.06);
  context.fillStyle = ink.onInk;
  context.textAlign = "center";
  context.fillText(flag, x, base + rem * 1.2);
}
