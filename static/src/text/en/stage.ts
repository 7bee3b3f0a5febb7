import { counted } from "../parts.ts";

export const stage = {
  red: "red",
  green: "green",
  blue: "blue",
  /** The tag of the only channel. */
  onlyChannel: "sum",
  channel: (index: number) => `channel ${index}`,
  /** Which channel is under the glass. */
  only: (channel: string) => `${channel} only`,
  kernel: "Kernel",
  window: "Window",
  custom: "Custom",
  /** Rows and columns as they are counted, with a minus in the padding. */
  cell: (row: string, column: string) => `row ${row}, column ${column}`,
  inputLabel: (height: number, width: number, channels: number, place: string) =>
    `Input image, ${height} by ${width}, ${counted(channels, "channel", "channels")}. Window at ${place}. Drag to move it.`,
  outputLabel: (height: number, width: number, count: string) => `Output, ${height} by ${width}. ${count} cells computed.`,
  legend: {
    padding: (does: string) => `padding, ${does}`,
    ignored: "does not count",
    zeros: "counts as 0",
    reflect: "mirrors the input",
    replicate: "repeats the edge",
    circular: "wraps around",
    unread: "not read yet",
    neverRead: (count: string) => `never read: ${count}`,
    notComputed: "not computed",
  },
  loupe: {
    columns: { channel: "channel", cell: "cell", input: "input", weight: "weight", product: "product" },
    padding: ", padding",
    largest: ", the largest",
    sum: (sum: string) => `Sum ${sum}.`,
    result: (result: string) => `Result ${result}.`,
    label: (channel: string, rows: number, columns: number, result: string) =>
      `The window${channel ? ` over ${channel}` : ""}, ${rows} by ${columns} taps. ${result} The table after this has every number.`,
  },
};
