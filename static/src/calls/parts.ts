/** A call as parts that are shown and changed: what the server spelled, with the numbers that were changed since then. */
import type { TokenJson } from "../api-types.ts";
import type { Asked } from "../state.ts";

const NUMBERS = {
  strides: "strides", dilations: "dilations", kernel_size: "kernelSize", output_padding: "outputPadding", groups: "groups", padding: "padding",
} as const;
const FLAGS = { ceil_mode: "ceilMode", count_include_pad: "countIncludePad" } as const;
const FLIPPED: Readonly<Record<string, string>> = { True: "False", False: "True", 1: "0", 0: "1" };

export type NumberField = (typeof NUMBERS)[keyof typeof NUMBERS];
export type FlagField = (typeof FLAGS)[keyof typeof FLAGS];

/** A number that can be changed. */
export interface NumberPart {
  readonly kind: "number";
  readonly field: NumberField;
  /** Of a pair 0 for y, 1 for x; of the padding its sides: 0 top, 1 bottom, 2 left, 3 right. They have the same number. */
  readonly at: readonly number[];
  readonly value: number;
  /** What stands in the call, which may be on top of another number: of the padding of a picture its last row, say. */
  readonly shown: number;
}
export interface ChoicePart {
  readonly kind: "choice";
  readonly of: "operation" | "padding" | "activation";
  readonly text: string;
}
export interface FlagPart {
  readonly kind: "flag";
  readonly field: FlagField;
  readonly value: boolean;
  readonly text: string;
}
export type Part = string | NumberPart | ChoicePart | FlagPart;

/** What finds a part again after the call was spelled anew. */
export const keyOf = (part: Exclude<Part, string>): string => {
  if (part.kind === "number") return `${part.field} ${part.at.join(" ")}`;
  return part.kind === "choice" ? part.of : part.field;
};

/** `tokens` were spelled for `then`; `held` is the key of the number that is being changed, which stays the same one. */
export function partsOf(tokens: readonly TokenJson[], then: Asked, now: Asked, held: string | null): Part[] {
  const parts = tokens.map((token) => partOf(token, then, now));
  const [field, ...places] = held?.split(" ") ?? [];
  if (parts.some((part) => typeof part !== "string" && keyOf(part) === held)) return parts;
  // The framework says two sides by one number, or one by two: who changes one of them goes on doing so.
  const at = places.filter((place) => place !== "").map(Number);
  const same = parts.findIndex((part) => typeof part !== "string" && part.kind === "number" && part.field === field && part.at.some((place) => at.includes(place)));
  const found = parts[same];
  return typeof found === "object" && found.kind === "number" ? parts.with(same, { ...found, at }) : parts;
}

function partOf({ text, field, at }: TokenJson, then: Asked, now: Asked): Part {
  if (field === null) return text;
  if (field === "operation" || field === "activation" || (field === "padding" && at.length === 0)) return { kind: "choice", of: field, text };
  if (field === "ceil_mode" || field === "count_include_pad") {
    const name = FLAGS[field];
    return { kind: "flag", field: name, value: now[name], text: now[name] === then[name] ? text : (FLIPPED[text] ?? text) };
  }
  const name = NUMBERS[field];
  const [before, value] = [numberOf(then, name, at), numberOf(now, name, at)];
  // Sides that are not asked for any more are no number to change: another call is on its way.
  return before === null || value === null ? text : { kind: "number", field: name, at, value, shown: Number(text) + value - before };
}

function numberOf(asked: Asked, field: NumberField, [at = 0]: readonly number[]): number | null {
  if (field === "groups") return asked.groups;
  const numbers = asked[field];
  return typeof numbers === "string" ? null : (numbers.flat()[at] ?? null);
}

/** The call as one text. */
export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (typeof part === "string" ? part : part.kind === "number" ? String(part.shown) : part.text)).join("");
