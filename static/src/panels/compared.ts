/** What stands in a cell of the comparison's table. Pure. */
import { TIMES, formatIndex, formatNumber } from "../format.ts";

interface Words {
  readonly values: Readonly<Record<string, string>>;
  readonly none: string;
  readonly range: (first: string, last: string) => string;
}

/** Pairs are pads, a size, or the first and the last of a range, by the name of their row; a single number is a value. */
export function cellText(name: string, value: unknown, { values, none, range }: Words): string {
  if (Array.isArray(value)) {
    const [first = "", last = ""] = value.map((one) => formatIndex(Number(one)));
    if (name === "output_size") return `${first} ${TIMES} ${last}`;
    return name.startsWith("pads") ? `${first}, ${last}` : range(first, last);
  }
  if (typeof value === "number") return formatNumber(value, 3);
  if (value === null || value === undefined) return none;
  return values[String(value)] ?? String(value);
}
