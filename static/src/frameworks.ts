/** The frameworks that the call is spelled for, in the order of their keys, and the orders of their arrays. */
import type { TraceInfo } from "./api.ts";
import { isTransposed } from "./asked.ts";
import type { Framework } from "./state.ts";

export const FRAMEWORKS: Readonly<Record<Framework, string>> = {
  tensorflow: "TensorFlow", pytorch: "PyTorch", keras: "Keras", jax: "JAX", onnx: "ONNX", numpy: "NumPy", opencv: "OpenCV", scipy: "SciPy",
};

export const isFramework = (name: string): name is Framework => Object.hasOwn(FRAMEWORKS, name);

const isChannelsFirst = (framework: Framework): boolean => framework === "pytorch" || framework === "onnx";

/** Activations in the framework's own axis order, batch first; OpenCV has no batches. */
export function tensorShape(framework: Framework, height: number, width: number, channels: number): string {
  if (isChannelsFirst(framework)) return `[1, ${channels}, ${height}, ${width}]`;
  return framework === "opencv" ? `[${height}, ${width}, ${channels}]` : `[1, ${height}, ${width}, ${channels}]`;
}

/** Weights in the framework's own order: OIHW, or HWIO and HWIM; of a transposed convolution IOHW and HWOI. */
export function weightShape(framework: Framework, rows: number, columns: number, { operation, in_channels, group_channels, out_channels }: Channels): string {
  const first = isChannelsFirst(framework);
  if (isTransposed(operation)) {
    const each = (out_channels * group_channels) / in_channels;
    return first ? `[${in_channels}, ${each}, ${rows}, ${columns}]` : `[${rows}, ${columns}, ${each}, ${in_channels}]`;
  }
  if (first) return `[${out_channels}, ${group_channels}, ${rows}, ${columns}]`;
  return operation === "depthwise_conv2d" ? `[${rows}, ${columns}, ${in_channels}, ${out_channels / in_channels}]`
    : `[${rows}, ${columns}, ${group_channels}, ${out_channels}]`;
}

type Channels = Pick<TraceInfo, "operation" | "in_channels" | "group_channels" | "out_channels">;
