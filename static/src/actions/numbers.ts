/** What changes the numbers of an input that is typed. */
import { type Cell, counting, filled, numbersSource, painted, planesOf, planesShown, sized, withChannels } from "../numbers/planes.ts";
import { places, shown } from "../session.ts";
import * as state from "../state.ts";
import type { Plane } from "../state.ts";
import { OWN_TITLE } from "../url.ts";
import { chooseSource } from "./operation.ts";

/** What an editor opens with: the numbers, the cells of a small picture, or 1 to 16. */
export function numbersNow(): readonly Plane[] {
  const asked = state.asked.value;
  const current = shown.value;
  const small = current?.asked.source === asked?.source && current ? planesShown(current.input) : null;
  return (asked && planesOf(asked.source)) ?? small ?? [counting(4, 4)];
}

export function setNumbers(planes: readonly Plane[]): void {
  const before = state.asked.peek();
  const source = numbersSource(planes, OWN_TITLE);
  if (!before || JSON.stringify(before.source.reference) === JSON.stringify(source.reference)) return;
  const input = shown.peek()?.input;
  chooseSource(source, planes.length);
  const asked = state.asked.peek();
  // Numbers of the same size are the same picture with other values: the window stays where it is.
  if (asked && input?.height === source.height && input.width === source.width) places.set(asked, state.position.peek());
}

export const setCells = (channel: number, cells: readonly Cell[], value: number): void =>
  setNumbers(painted(numbersNow(), channel, cells, value));

export const setInputSize = (height: number, width: number): void => setNumbers(sized(numbersNow(), height, width));

/** Takes a text in, or says why it cannot. */
export async function pasteNumbers(text: string): Promise<string | null> {
  const { parseInput } = await import("../numbers/parse.ts");
  const parsed = parseInput(text);
  if ("refusal" in parsed) return parsed.refusal;
  setNumbers(parsed.planes);
  return null;
}

export type Fill = "counting" | "zeros" | "random";

const FILLS: Readonly<Record<Fill, (planes: readonly Plane[]) => readonly Plane[]>> = {
  counting: (planes) => planes.map((plane) => counting(plane.length, plane[0]?.length ?? 0)),
  zeros: (planes) => filled(planes, () => 0),
  // Whole numbers: of one digit where they are to be added up in the head, of a picture's size where they are colours.
  random: (planes) => filled(planes, () => Math.floor(Math.random() * (planes.length === 3 ? 256 : 10))),
};

export const fillNumbers = (fill: Fill): void => setNumbers(FILLS[fill](numbersNow()));

export const setChannels = (count: 1 | 3, inView: number): void => setNumbers(withChannels(numbersNow(), count, inView));
