/** How an input channel is named and inked: red, green and blue for pictures, a number otherwise. */
import type { Channel } from "../colour.ts";
import type { OperationType } from "../state.ts";
import { text } from "../text/text.ts";

export interface ChannelName {
  /** On the sum line. */
  readonly tag: string;
  /** CSS class suffix of the tag's ink. */
  readonly ink: "R" | "G" | "B" | "sum" | "plain";
  /** In a sentence. */
  readonly word: string;
  readonly plate: Channel;
}

const RGB = [["R", "red"], ["G", "green"], ["B", "blue"]] as const;

function coloured(index: number): ChannelName | undefined {
  const [tag, word] = RGB[index] ?? [];
  return tag && word && { tag, ink: tag, word: text().stage[word], plate: tag };
}

/** Where every channel is taken by itself an output channel has the name of its input channel. */
export function outChannelName(index: number, channels: number, operation: OperationType): ChannelName {
  const alone = operation !== "conv2d" && operation !== "conv2d_transpose";
  const rgb = alone && channels === 3 ? coloured(index) : undefined;
  return rgb ?? { tag: String(index), ink: "plain", word: text().stage.channel(index), plate: "K" };
}

export function channelName(index: number, channels: number): ChannelName {
  const rgb = channels === 3 ? coloured(index) : undefined;
  if (rgb) return rgb;
  if (channels === 1) return { tag: text().stage.onlyChannel, ink: "sum", word: "", plate: "K" };
  return { tag: String(index), ink: "plain", word: text().stage.channel(index), plate: "K" };
}
