/** What single operations say of themselves. */
import { NBSP, TIMES, counted } from "../parts.ts";

const lines = (rows: number, columns: number): string =>
  [...(rows > 0 ? [counted(rows, "row", "rows")] : []), ...(columns > 0 ? [counted(columns, "column", "columns")] : [])].join(", ");

export const operations = {
  stampSteps: "Step between stamps",
  crop: "Crop",
  cropSide: (side: string) => `Crop ${side}`,
  cropSame: "Input × stride",
  cropNothing: "Nothing",
  cropCustom: "Custom sides",
  more: "More at the end",
  cropped: (top: number, bottom: number, left: number, right: number) => `cropped top ${top}, bottom ${bottom}, left ${left}, right ${right}`,
  betweenCells: "between two cells",
  outside: (cell: string) => `${cell}, outside`,
  nothing: "none",
  /** `which` is the tap. Before what the sum is so far. */
  tapBetween: (which: string) => `${which}: it lies between two input cells, from where nothing reaches this output cell. So${NBSP}far `,
  tapOutside: (which: string) => `${which}: it lies outside of the input, from where nothing reaches this output cell. So${NBSP}far `,
  /** A transposed convolution from the output's side, or from the input's. */
  seen: "How it is seen",
  gather: "Gather",
  gatherNote: "One output cell, and the input values that reach it",
  scatter: "Stamp",
  scatterNote: "One input value, and what it leaves on the output",
  toggle: "Gather or stamp, in a transposed convolution",
  /** After their number. */
  weights: (count: number): string => (count === 1 ? " weight" : " weights"),
  outputCell: "output cell",
  cropped1: "cropped away",
  valueOf: (channel: string, value: string) => `Channel ${channel} ${value}, value of the cell`,
  stampUnderGlass: (word: string, rows: number, columns: number) =>
    `The stamp${word ? ` of ${word}` : ""}, ${rows} by ${columns} products. The table after this has every number.`,
  /** `which` is the tap. */
  tapFalls: (which: string, value: string, weight: string, product: string, row: string, column: string) =>
    `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} is${NBSP}${product}, added to the output cell at row${NBSP}${row}, column${NBSP}${column}.`,
  tapCropped: (which: string, value: string, weight: string, product: string) =>
    `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} is${NBSP}${product}, which is cropped away.`,
  inputStamps: (height: number, width: number, channels: number, place: string) =>
    `Input, ${height} by ${width}, ${channels} channel${channels === 1 ? "" : "s"}. The cell at ${place} is stamped. Drag to choose another.`,
  outputStamped: (height: number, width: number, count: string) => `Output, ${height} by ${width}. ${count} stamps laid down.`,
  leftOver: (rows: number, columns: number) => `left over: ${lines(rows, columns)}`,
  overhang: (rows: number, columns: number) => `overhang: ${lines(rows, columns)}`,
  /** Behind the tag of an output channel: which channels of the input it reads. */
  outputReads: (channel: string, inputs: string) => `Output channel ${channel}, reads ${inputs}`,
  outputs: "Output channels",
  addOutput: "One more output channel",
  removeOutput: "Without this output channel",
};
