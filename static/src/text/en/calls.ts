import { TIMES } from "../parts.ts";

/** A call that was pasted. */
export const calls = {
  taken: (call: string) => `Taken from ${call}.`,
  refused: (reason: string) => `The pasted call cannot be taken. ${reason}`,
  kept: "The weights are not read from the call: the kernel stays.",
  inner: (call: string) => `${call} is not read: the input here takes its place.`,
  resized: (rows: number, columns: number) =>
    `The weights are not read from the call: the kernel is the one there was, at ${rows} ${TIMES} ${columns}.`,
  inChannels: (call: number, picture: number) => `The call reads ${call} channels; the input here has ${picture}.`,
  outChannels: (count: number) => `The call makes ${count} output channels, whose weights it does not say.`,
  multiplier: (count: number) => `Each channel has ${count} kernels in the call, and one here.`,
  groups: (groups: number, channels: number) => `The ${channels} channels of the input do not divide into ${groups} groups.`,
  tooLarge: (name: string, value: number, most: number) => `${name} is ${value}; at most ${most} can be shown.`,
  outputShape: (shape: string) => `An output of ${shape} cannot be made of this input.`,
};
