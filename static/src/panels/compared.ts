/** What stands in a cell of the comparison's table. Pure. */
import { formatIndex, formatNumber } from "../format.ts";

interface Words {
  readonly values: Readonly<Record<string, string>>;
  readonly none: string;
}

/** Pairs are coordinates or counts, as in code; a single number is a value. */
export function cellText(value: unknown, { values, none }: Words): string {
  if (Array.isArray(value)) return value.map((one) => formatIndex(Number(one))).join(", ");
  if (typeof value === "number") return formatNumber(value, 3);
  if (value === null || value === undefined) return none;
  const name = String(value);
  return values[name] ?? name;
}
