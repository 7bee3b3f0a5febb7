/** An input from text that was copied somewhere: a matrix, or an array of one or three channels that come first or last. */
import { TIMES } from "../format.ts";
import type { Nested } from "../kernels/brackets.ts";
import { numbersOf, readText, refusing, requireSize, shapeOf } from "../kernels/parse.ts";
import { Refusal } from "../kernels/refusal.ts";
import type { Word } from "../kernels/table.ts";
import type { Plane } from "../state.ts";
import { later } from "../text/later.ts";
import { LARGEST_INPUT } from "./planes.ts";

export type ParsedInput = { readonly planes: readonly Plane[] } | { readonly refusal: string };

export function parseInput(text: string): ParsedInput {
  return refusing(() => {
    const { nested, factor } = readText(text);
    const planes = wordsOf(nested).map((words) => numbersOf(words, factor));
    for (const plane of planes) requireSize(plane, LARGEST_INPUT, "largeInput");
    return { planes };
  });
}

const mayBeChannels = (count: number | undefined): boolean => count === 1 || count === 3;

/** Words by channel, row and column. A batch of one is taken out of its brackets. */
function wordsOf(nested: Nested): Word[][][] {
  const shape = shapeOf(nested);
  if (shape.length === 1) return [[nested as Word[]]];
  if (shape.length === 2) return [nested as Word[][]];
  if (shape.length === 4 && shape[0] === 1) return wordsOf(nested[0] as Nested);
  const array = nested as unknown as Word[][][];
  const [first, last] = [mayBeChannels(shape[0]), mayBeChannels(shape[2])];
  const size = shape.join(` ${TIMES} `);
  if (shape.length > 3 || (!first && !last)) throw new Refusal(later().pasted.channels(size));
  if (first && last) throw new Refusal(later().pasted.channelsTwice(size));
  if (first) return array;
  return Array.from({ length: shape[2] ?? 0 }, (_, channel) => array.map((row) => row.map((cell) => cell[channel] as Word)));
}

/** One channel as Python and JSON read it, a row a line; three channels last. */
export function printInput(planes: readonly Plane[]): string {
  const rows = (planes[0] ?? []).map((row, y) =>
    `[${row.map((value, x) => (planes.length === 1 ? value : `[${planes.map((plane) => plane[y]?.[x] ?? 0).join(", ")}]`)).join(", ")}]`);
  return `[${rows.join(",\n ")}]`;
}
