/** What a person asks for, in the words of the API, and what follows from it before the server has answered. */
import type { InputSpec, OperationSpec, TraceRequest } from "./api.ts";
import { type AxisGeometry, type Geometry, combine, planAxis, planTransposedAxis } from "./geometry.ts";
import { isBank, stampedBank } from "./kernels/bank.ts";
import type { Asked, OperationType, Pair } from "./state.ts";
import { idNow } from "./uploads.ts";

/** Pools take the values of a window as they are; every other operation weighs them. */
export const isPool = (operation: OperationType): boolean => operation === "max_pool2d" || operation === "avg_pool2d";

/** Its window gathers what the stamps of several input cells leave on an output cell. */
export const isTransposed = (operation: OperationType): boolean => operation === "conv2d_transpose";

/** A kernel of one plane makes one output channel of each group, or of each channel. */
export function outChannels({ kernel, groups, operation, source }: Asked): number {
  const outputs = isBank(kernel) ? (kernel[0]?.[0]?.[0]?.length ?? 1) : null;
  return operation === "depthwise_conv2d" ? source.channels * (outputs ?? 1) : (outputs ?? groups);
}

/** Height and width of the window in taps. */
export function windowSize({ operation, kernel, kernelSize }: Asked): Pair {
  return isPool(operation) ? kernelSize : [kernel.length, kernel[0]?.length ?? 0];
}

/** Height and width of the input in cells. */
export function inputSize({ source, longest }: Asked): Pair {
  const { height, width } = source;
  const most = Math.max(height, width);
  if (longest === "full" || longest >= most) return [height, width];
  const shrunk = (side: number): number => Math.max(1, Math.round((side * longest) / most));
  return [shrunk(height), shrunk(width)];
}

export function inputSpec(asked: Asked): InputSpec {
  const { source, scale } = asked;
  const { image_id: id } = source.reference as { readonly image_id?: string };
  const reference = id === undefined ? source.reference : { image_id: idNow(id) };
  if (source.kind !== "picture") return reference as unknown as InputSpec;
  const size = inputSize(asked);
  return {
    ...reference,
    ...(size[0] === source.height && size[1] === source.width ? {} : { size }),
    ...(scale === "0..1" ? { scale } : {}),
  } as unknown as InputSpec;
}

function operationSpec(asked: Asked): OperationSpec {
  const { operation: type, strides, dilations, padding } = asked;
  const common = { type, strides, dilations, padding };
  if (isPool(type)) {
    const { kernelSize, ceilMode, countIncludePad } = asked;
    return {
      ...common, kernel_size: kernelSize,
      ...(ceilMode ? { ceil_mode: true } : {}),
      ...(type === "avg_pool2d" && countIncludePad ? { count_include_pad: true } : {}),
    };
  }
  const { filter, kernel, bias, paddingMode, flipKernel, activation, groups, outputPadding } = asked;
  const transposed = isTransposed(type);
  return {
    ...common,
    ...(filter === null ? { kernel: transposed && isBank(kernel) ? stampedBank(kernel, groups) : kernel } : { filter }),
    ...(bias === 0 ? {} : { bias: Array.from({ length: outChannels(asked) }, () => bias) }),
    ...(paddingMode === "zeros" || transposed ? {} : { padding_mode: paddingMode }),
    ...(type !== "depthwise_conv2d" && groups !== 1 ? { groups } : {}),
    ...(transposed && padding !== "SAME" && outputPadding.some((cells) => cells > 0) ? { output_padding: outputPadding } : {}),
    ...(flipKernel ? { flip_kernel: true } : {}),
    ...(activation === null ? {} : { activation }),
  };
}

export const traceRequest = (asked: Asked): TraceRequest => ({ input: inputSpec(asked), operation: operationSpec(asked) });

/** The geometry that follows from what is asked, before the server has answered; null when the window does not fit. */
export function planned(asked: Asked): Geometry | null {
  const cells = inputSize(asked);
  const taps = windowSize(asked);
  const { operation, strides, dilations, padding, paddingMode, ceilMode } = asked;
  const axis = (at: 0 | 1): AxisGeometry => {
    const common = {
      inputSize: cells[at], kernelSize: taps[at], stride: strides[at], dilation: dilations[at],
      padding: typeof padding === "string" ? padding : padding[at],
    };
    if (isTransposed(operation)) return planTransposedAxis({ ...common, outputPadding: asked.outputPadding[at] });
    return planAxis({ ...common, ...(isPool(operation) ? { ceil: ceilMode } : { paddingMode }) });
  };
  try {
    return combine(axis(0), axis(1));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
