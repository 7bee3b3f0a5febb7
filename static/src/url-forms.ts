/** How one value is written in a link, and read back strictly: what this page would not write, it does not read. */
import { bankOf, channelsOf, isBank, planeOf } from "./kernels/bank.ts";
import type { Kernel, Look, Padding, Pair, Plane } from "./state.ts";

export interface Form<T> {
  write(value: T): string;
  /** Undefined when the text is none that `write` makes. */
  read(text: string): T | undefined;
}

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/;

export const number: Form<number> = {
  write: (value) => String(value === 0 ? 0 : value),
  read: (text) => (DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined),
};

export const whole = (least: number, most: number): Form<number> => ({
  write: String,
  read(text) {
    const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : undefined;
  },
});

/** One of some words; `words` maps each value to its own. */
export function choice<T>(words: ReadonlyMap<T, string>): Form<T> {
  const values = new Map([...words].map(([value, word]) => [word, value]));
  return { write: (value) => words.get(value) ?? "", read: (text) => values.get(text) };
}

/** Values that are their own words. */
export const oneOf = <T extends string>(words: Readonly<Record<T, string>>): Form<T> =>
  choice(new Map((Object.keys(words) as T[]).map((word) => [word, word])));

/** Two names, as the server writes them. */
export const names: Form<readonly [string, string]> = {
  write: (pair) => pair.join(","),
  read(text) {
    const [, first, second] = /^([a-z][a-z0-9_]{0,63}),([a-z][a-z0-9_]{0,63})$/.exec(text) ?? [];
    return first !== undefined && second !== undefined ? [first, second] : undefined;
  },
};

export const flag: Form<boolean> = choice(new Map([[true, "yes"], [false, "no"]]));

function list<T>(form: Form<T>, separator: string): Form<readonly T[]> {
  return {
    write: (values) => values.map((value) => form.write(value)).join(separator),
    read(text) {
      const values = text.split(separator).map((part) => form.read(part));
      return values.some((value) => value === undefined) ? undefined : (values as T[]);
    },
  };
}

export function pair(least: number, most: number): Form<Pair> {
  const values = list(whole(least, most), ",");
  return {
    write: values.write,
    read(text) {
      const [rows, columns, ...rest] = values.read(text) ?? [];
      return rows === undefined || columns === undefined || rest.length > 0 ? undefined : [rows, columns];
    },
  };
}

/** Three numbers: a point and a size. Nothing that is looked at has none. */
export const look: Form<Look | null> = {
  write: (value) => (value === null ? "" : value.map(number.write).join(",")),
  read(text) {
    const [row, column, cell, ...rest] = list(number, ",").read(text) ?? [];
    return row === undefined || column === undefined || cell === undefined || cell <= 0 || rest.length > 0 ? undefined : [row, column, cell];
  },
};

/** The rule's name, or top, bottom, left, right. */
export function padding(most: number): Form<Padding> {
  const sides = list(whole(0, most), ",");
  return {
    write: (value) => (typeof value === "string" ? value : sides.write(value.flat())),
    read(text) {
      if (text === "SAME" || text === "VALID") return text;
      const [top, bottom, left, right, ...rest] = sides.read(text) ?? [];
      if (top === undefined || bottom === undefined || left === undefined || right === undefined || rest.length > 0) return undefined;
      return [[top, bottom], [left, right]];
    },
  };
}

/** Rows of weights: `1,0,-1;2,0,-2;1,0,-1`. A bank has a colon before each input channel, a slash between output channels. */
export function kernel(longest: number): Form<Kernel> {
  const plane = list(list(number, ","), ";");
  return {
    write(value) {
      if (!isBank(value)) return plane.write(value);
      const outputs = value[0]?.[0]?.[0]?.length ?? 0;
      const inputs = channelsOf(value) ?? 0;
      return Array.from({ length: outputs }, (_, output) =>
        Array.from({ length: inputs }, (_, input) => `:${plane.write(planeOf(value, input, output))}`).join("")).join("/");
    },
    read(text) {
      const banked = text.startsWith(":");
      const outputs = banked ? text.split("/").map((output) => output.split(":")) : [["", text]];
      if (outputs.some(([before]) => before !== "")) return undefined;
      const planes = outputs.map(([, ...inputs]) => inputs.map((input) => plane.read(input)));
      const inputs = planes[0]?.length ?? 0;
      const [rows, columns] = [planes[0]?.[0]?.length ?? 0, planes[0]?.[0]?.[0]?.length ?? 0];
      const even = (output: readonly (Plane | undefined)[]): output is Plane[] =>
        output.length === inputs && output.every((one) => one?.length === rows && one.every((row) => row.length === columns));
      if (!planes.every(even) || rows > longest || columns > longest) return undefined;
      if (!banked) return planes[0]?.[0];
      return bankOf(Array.from({ length: inputs }, (_, input) => planes.map((output) => output[input] ?? [])));
    },
  };
}
