/** What a framework cannot say in one call, by the name that the server gives it. */
interface About {
  /** Of the framework. */
  readonly title: string;
  readonly kind: "takes" | "refuses" | "differs";
  readonly mode: string;
}

const named = {
  same_stride: ({ title }) => `${title === "Keras" ? "Keras on TensorFlow" : title} takes the same stride for rows and columns here.`,
  stride_or_dilation: ({ title, kind }) => (kind === "differs" ? `${title} takes strides or dilations here: with both, its output has another shape.`
    : `${title} takes strides or dilations in a convolution, not both.`),
  no_padding_mode: ({ title, kind, mode }) => (kind === "takes" ? `${title} has no ${mode} padding: its rows and columns are gathered.`
    : `${title} has no ${mode} padding on TensorFlow: rows and columns are taken.`),
  no_transposed: ({ title }) => `${title} has no transposed convolution: its filters only gather.`,
  no_transposed_groups: ({ title, kind }) => (kind === "refuses" ? `${title} has no groups in a transposed convolution.`
    : `${title}'s conv_transpose has no groups: this is the convolution that it makes.`),
  no_transposed_dilation: ({ title }) => (title === "Keras" ? "Keras on TensorFlow refuses a dilation here on CPUs, and everywhere one with strides."
    : `${title} refuses a dilation here on CPUs.`),
  fewer_added: ({ title }) => `${title} adds fewer cells than a stride is long.`,
  no_ceil: ({ title }) => `${title} has no ceil mode: what the last window overhangs is padded.`,
  padded_pool: ({ title }) => `${title} pads a pool by less than its window, and one with dilations not at all.`,
  pool_stride_or_dilation: ({ title }) => `${title} takes strides or dilations in a pool, not both.`,
  no_pool_dilation: ({ title }) => `${title} has no dilations in a pool.`,
  no_average_dilation: ({ title }) => `${title} has no dilation in an average pool.`,
  no_average: ({ title }) => `${title} has no average pool: the sum of each window, divided.`,
  no_average_sides: ({ title }) => `${title}'s average pool takes SAME or VALID, no sides.`,
  average_of_sides: ({ title }) => `${title} averages over these sides as if they were zeros of the input.`,
  average_of_overhang: ({ title }) => `${title} averages over what the last window overhangs, where it was padded beforehand.`,
  flipped_weights: ({ title }) => `${title} layers do not flip a kernel: its weights are set turned.`,
  negative_pads: () => "On CPUs, JAX 0.10 reads beyond its memory where such a pad is less than 0: the rest is cut off.",
  slice_strides: ({ title }) => `${title} has no strides: it computes every window.`,
  stuffed_kernel: ({ title }) => `${title} has no dilation: the kernel has zeros between its cells.`,
  onnx_pads_first: () => "The padding is a node of its own.",
  onnx_large_pads: () => "ONNX Runtime refuses pads of a pool that are as large as its kernel.",
  onnx_output_padding: () => "ONNX Runtime adds fewer cells than a stride is long: the rest comes of zeros after the input.",
  onnx_turned: () => "The weights are stored turned by 180 degrees.",
} satisfies Readonly<Record<string, (about: About) => string>>;

export const notes = { named: named as Readonly<Record<keyof typeof named, (about: About) => string>> };
