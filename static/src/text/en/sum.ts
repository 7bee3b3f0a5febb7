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
  outputChannelOf: (tag: string) => `Output channel ${tag}`,
  term: (tag: string, sum: string) => `Channel ${tag} ${sum}, partial sum`,
};
