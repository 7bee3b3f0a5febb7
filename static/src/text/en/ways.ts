export const ways = {
  title: "Other ways to the same numbers",
  pool: "A pool has no other way here.",
  holds: "Computed in this way, the output is the same.",
  fails: "Computed in this way, the output is another one.",
  parameters: (here: string, direct: string) => `${here} weights instead of ${direct}.`,
  multiplications: (here: string, direct: string) => `${here} multiplications instead of ${direct}.`,
  names: {
    zero_stuffed: "Zeros in the kernel", space_to_batch: "Space to batch", im2col: "A product of matrices (im2col)",
    separable: "Two passes", turned: "Correlation and convolution", depthwise_pointwise: "Depthwise, then pointwise",
    transposed_as_convolution: "A convolution of the stuffed input",
  } as Readonly<Record<string, string>>,
  stages: {
    kernel: "the kernel", stuffed: "with zeros in between", padded: "the padded input", blocks: "every r-th row and column",
    convolved: "each under the kernel without gaps", matrix: "every window as a row", weights: "the kernel as a column",
    column: "a column", row: "times a row", between: "in between", turned: "the kernel, turned", other: "with the kernel as it was: other numbers",
    depthwise: "a kernel for each channel", output: "the output",
  } as Readonly<Record<string, string>>,
};
