/** The two forms of a kernel, and one plane of it at a time. */
import type { Bank, Kernel, Plane } from "../state.ts";

export const isBank = (kernel: Kernel): kernel is Bank => Array.isArray(kernel[0]?.[0]);

/** What one input channel is multiplied with on its way into one output channel. */
export function planeOf(kernel: Kernel, input: number, output = 0): Plane {
  return isBank(kernel) ? kernel.map((row) => row.map((cell) => cell[input]?.[output] ?? 0)) : kernel;
}

/** How many input channels have weights of their own; null when one plane is for all of them. */
export const channelsOf = (kernel: Kernel): number | null => (isBank(kernel) ? (kernel[0]?.[0]?.length ?? 0) : null);

/** How many output channels have weights of their own. */
export const outputsOf = (kernel: Kernel): number => (isBank(kernel) ? (kernel[0]?.[0]?.[0]?.length ?? 1) : 1);

/** A plane for each plane, wherever it stands. */
export function mapPlanes(kernel: Kernel, change: (plane: Plane, input: number, output: number) => Plane): Kernel {
  if (!isBank(kernel)) return change(kernel, 0, 0);
  const first = kernel[0]?.[0] ?? [];
  return bankOf(first.map((outputs, input) => outputs.map((_, output) => change(planeOf(kernel, input, output), input, output))));
}

/** HWIO of planes that are given by input channel, then by output channel; all of one size. */
export function bankOf(planes: readonly (readonly Plane[])[]): Bank {
  const size = planes[0]?.[0] ?? [];
  return size.map((line, row) => line.map((_, column) => planes.map((outputs) => outputs.map((plane) => plane[row]?.[column] ?? 0))));
}

/** The same weights as a transposed convolution takes them: HWOI, whose I counts all input channels, and whose O those of a group. */
export function stampedBank(kernel: Bank, groups: number): Bank {
  const inputs = channelsOf(kernel) ?? 0;
  const outputs = outputsOf(kernel) / groups;
  return kernel.map((row) => row.map((cell) => Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: inputs * groups }, (_, input) => cell[input % inputs]?.[Math.floor(input / inputs) * outputs + output] ?? 0))));
}

export const weightsOf = (kernel: Kernel): number[] => (kernel as readonly unknown[]).flat(Infinity) as number[];
