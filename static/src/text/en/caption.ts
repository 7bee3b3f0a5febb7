import { NBSP, TIMES, counted } from "../parts.ts";

export const caption = {
  tap: (tap: number, taps: number, channel: string) => `Tap${NBSP}${tap} of${NBSP}${taps}${channel ? `, ${channel}` : ""}`,
  tapCell: (row: string, column: string, value: string) => `the cell at row${NBSP}${row}, column${NBSP}${column} is${NBSP}${value}`,
  padding: " (padding)",
  /** A tap of a pool that reads nothing. */
  empty: "empty",
  largestSoFar: `The largest so${NBSP}far is${NBSP}`,
  adds: (value: string, weight: string, product: string) => `${value}${NBSP}${TIMES}${NBSP}${weight} adds${NBSP}${product}. `,
  soFar: `So${NBSP}far `,
  why: (height: number, width: number) => `Why ${height} ${TIMES} ${width}?`,
  height: "height",
  width: "width",
  both: "height, width",
  pads: (top: number, bottom: number, left: number, right: number) => `pad top ${top}, bottom ${bottom}, left ${left}, right ${right}`,
  leftOver: (rows: number, columns: number) => `left over ${counted(rows, "row", "rows")}, ${counted(columns, "column", "columns")}`,
  /** What stands in braces is a key. */
  hint: "{Space} plays. {←} {→} step. Or drag the square on the picture.",
};
