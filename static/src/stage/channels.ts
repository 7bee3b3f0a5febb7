/** How an input channel is named and inked: red, green and blue for pictures, a number otherwise. */
import type { Channel } from "../colour.ts";
import type { OperationType } from "../state.ts";

export interface ChannelName {
  /** On the sum line. */
  readonly tag: string;
  /** CSS class suffix of the tag's ink. */
  readonly ink: "R" | "G" | "B" | "sum" | "plain";
  /** In a sentence. */
  readonly word: string;
  readonly plate: Channel;
}

const RGB: readonly ChannelName[] = [
  { tag: "R", ink: "R", word: "red", plate: "R" },
  { tag: "G", ink: "G", word: "green", plate: "G" },
  { tag: "B", ink: "B", word: "blue", plate: "B" },
];

/** Where every channel is taken by itself an output channel has the name of its input channel. */
export function outChannelName(index: number, channels: number, operation: OperationType): ChannelName {
  const alone = operation !== "conv2d" && operation !== "conv2d_transpose";
  const rgb = alone && channels === 3 ? RGB[index] : undefined;
  return rgb ?? { tag: String(index), ink: "plain", word: `channel ${index}`, plate: "K" };
}

export function channelName(index: number, channels: number): ChannelName {
  const rgb = channels === 3 ? RGB[index] : undefined;
  if (rgb) return rgb;
  if (channels === 1) return { tag: "sum", ink: "sum", word: "", plate: "K" };
  return { tag: String(index), ink: "plain", word: `channel ${index}`, plate: "K" };
}
