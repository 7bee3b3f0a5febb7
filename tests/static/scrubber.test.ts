import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ink } from "../../static/src/painters/ink.ts";
import { paintScrubber } from "../../static/src/painters/scrubber.ts";

const ink = { rem: 16, edge: "", ink3: "", ink: "", onInk: "", mono: "mono" } as unknown as Ink;

/** What is written on a ruler of this width. */
function numbersOn(width: number): string[] {
  const written: string[] = [];
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get: (_, name) => {
      if (name === "fillText") return (text: string) => { written.push(text); };
      return name === "measureText" ? () => ({ width: 8 }) : () => undefined;
    },
    set: () => true,
  });
  paintScrubber(context, { ink, width, height: 46, rows: 64, row: 50, done: 0.78, fetched: 1 });
  return written;
}

test("a ruler that has no room ends without a tick", () => {
  for (const width of [0, 2, 4]) assert.deepEqual(numbersOn(width), []);
});

test("a ruler with room numbers every eighth row but the one under the flag", () => {
  assert.deepEqual(numbersOn(600), ["0", "8", "16", "24", "32", "40", "56", "50"]);
  assert.deepEqual(numbersOn(5), ["50"]);
});
