import { NBSP } from "../parts.ts";

/** What is said of the cell or the weight that somebody points at. */
export const tracing = {
  output: (row: number, column: number) => `Output row${NBSP}${row}, column${NBSP}${column}.`,
  weight: (weight: string) => `The weight ${weight}`,
  tap: "This tap",
  /** `product` is "", or how the numbers are multiplied. */
  lies: (name: string, padding: boolean, row: string, column: string, product: string) =>
    `${name} lies on ${padding ? "the padding" : "the cell"} at row${NBSP}${row}, column${NBSP}${column}${product}.`,
  nowhere: (name: string) => `${name} lies on no cell here.`,
  meets: (rows: string, columns: string) => `Over the whole output it meets ${rows} and ${columns}.`,
  rows: {
    none: "no row",
    one: (row: number) => `row${NBSP}${row}`,
    all: (first: number, last: number) => `rows${NBSP}${first}${NBSP}to${NBSP}${last}`,
    some: (step: number, first: number, last: number) => `every ${ordinal(step)} row from${NBSP}${first}${NBSP}to${NBSP}${last}`,
  },
  columns: {
    none: "no column",
    one: (column: number) => `column${NBSP}${column}`,
    all: (first: number, last: number) => `columns${NBSP}${first}${NBSP}to${NBSP}${last}`,
    some: (step: number, first: number, last: number) => `every ${ordinal(step)} column from${NBSP}${first}${NBSP}to${NBSP}${last}`,
  },
  /** Of a max pool: the cell is the largest there. */
  wins: "max",
  uses: "Where it is used",
  use: (row: number, column: number, weight: string) => `Output row ${row}, column ${column}${weight === "" ? "" : `, ${weight}`}`,
  product: (channel: string, product: string) => `Channel ${channel} ${product}`,
  more: (count: string) => `+${NBSP}${count} more`,
  stop: "Stop tracing (Esc)",
};

function ordinal(count: number): string {
  return `${count}${{ one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(count)]}`;
}
