/** The weights that lie on the window. */
import { isPool, isTransposed } from "./asked.ts";
import { planeOf } from "./kernels/bank.ts";
import type { Shown } from "./session.ts";
import type { Asked } from "./state.ts";

/**
 * Whether the kernel lies under the loupe turned by half: a true convolution's does, and a transposed one's, unless its
 * stamps are seen as they fall.
 */
export const liesTurned = ({ operation, flipKernel }: Pick<Asked, "operation" | "flipKernel">, stamping: boolean): boolean =>
  flipKernel !== (isTransposed(operation) && !stamping);

/** In tap order, for one channel of those that the output channel reads; null in a pool, which has none. */
export function weightsUnder({ asked, info, outChannel, firstChannel }: Shown, channel: number): readonly number[] | null {
  const { operation, kernel, flipKernel } = asked;
  if (isPool(operation)) return null;
  const plane = operation === "depthwise_conv2d"
    ? planeOf(kernel, firstChannel + channel, outChannel % (info.out_channels / info.in_channels))
    : planeOf(kernel, channel, outChannel);
  const weights = plane.flat();
  return flipKernel ? weights.reverse() : weights;
}
