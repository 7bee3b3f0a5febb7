export const sum = {
  bias: "bias",
  soFar: "so far",
  /** Channels that are not listed. */
  more: (count: number) => `${count} more`,
  /** Parts the values of a maximum: no sign that a number has. */
  separator: ",",
  of: "of",
  sumOf: (count: number) => `sum of ${count}`,
  outputChannel: "Output channel",
  thumbnails: "Every channel in the colours and on the scale of the one that is shown; below it, which input channels it reads",
  inputChannel: "Input channel",
  outputChannelOf: (tag: string) => `Output channel ${tag}`,
  term: (tag: string, sum: string) => `Channel ${tag} ${sum}, partial sum`,
};
