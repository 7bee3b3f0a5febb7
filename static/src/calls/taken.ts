/** What the page takes of a pasted call: all that the call says, or nothing. */
import type { ReadCall } from "../api.ts";
import { isPool, isTransposed } from "../asked.ts";
import { mapPlanes } from "../kernels/bank.ts";
import { resized } from "../kernels/transform.ts";
import * as state from "../state.ts";
import type { Asked, Padding, Pair, Sides } from "../state.ts";
import { later } from "../text/later.ts";

/** `open`: what the call leaves open, or says and cannot be shown, a sentence each. */
export type Taken = { readonly part: Partial<Asked>; readonly open: readonly string[] } | { readonly refusal: string };

const MOST_PAD = 99;
/** What every call says again, be it by leaving it out. */
const { operation: _, ...NEUTRAL } = state.DEFAULTS;

/** `size`: height and width of the input in cells. */
export function taken(read: ReadCall, asked: Asked, size: Pair): Taken {
  const words = later().calls;
  const { type, strides, dilations = [1, 1], padding, groups: said = 1 } = read.operation;
  // A group for each channel is one for each of those that there are here.
  const groups = said > 1 && said === read.in_channels ? asked.source.channels : said;
  const pool = isPool(type);
  const window = pool ? read.operation.kernel_size : read.kernel_size;
  const kernelSize = window === "global" ? size : (window ?? ([asked.kernel.length, asked.kernel[0]?.length ?? 0] as const));
  const steps = strides ?? [1, 1];
  const refusal = tooLarge("kernel_size", kernelSize, state.LARGEST_KERNEL) ?? tooLarge("strides", steps, state.LARGEST_STEP)
    ?? tooLarge("dilations", dilations, state.LARGEST_STEP)
    ?? (asked.source.channels % groups === 0 ? null : words.groups(groups, asked.source.channels));
  if (refusal !== null) return { refusal };
  const geometry = isTransposed(type) ? stamped(read, size, kernelSize, steps, dilations) : slid(padding, size, kernelSize, steps, dilations);
  if ("refusal" in geometry) return geometry;
  const { activation = null, padding_mode: paddingMode = "zeros", flip_kernel: flipKernel = false } = read.operation;
  const { ceil_mode: ceilMode = false, count_include_pad: countIncludePad = false } = read.operation;
  const sizes = pool ? { kernelSize } : read.kernel_size ? kernelOf(asked, kernelSize) : {};
  return {
    part: {
      ...NEUTRAL, kernelSize: asked.kernelSize, operation: type, strides: steps, dilations, groups, activation, paddingMode, flipKernel, ceilMode,
      countIncludePad, bias: read.bias ?? 0, ...geometry, ...sizes,
    },
    open: [
      ...(read.input ? [words.inner(read.input)] : []),
      ...(pool ? [] : [read.kernel_size && "kernel" in sizes ? words.resized(kernelSize[0], kernelSize[1]) : words.kept]),
      ...(read.in_channels !== null && read.in_channels !== asked.source.channels ? [words.inChannels(read.in_channels, asked.source.channels)] : []),
      ...(read.depth_multiplier ? [words.multiplier(read.depth_multiplier)] : []),
      ...(read.out_channels !== null && read.out_channels !== groups && read.out_channels !== said ? [words.outChannels(read.out_channels)] : []),
    ],
  };
}

function tooLarge(name: string, pair: Pair, most: number): string | null {
  const found = Math.max(...pair);
  return found > most ? later().calls.tooLarge(name, found, most) : null;
}

/** The weights at another size, which then are no preset any more. */
function kernelOf(asked: Asked, [rows, columns]: Pair): Partial<Asked> {
  if (asked.kernel.length === rows && asked.kernel[0]?.length === columns) return {};
  return { kernel: mapPlanes(asked.kernel, (plane) => resized(plane, rows, columns)), filter: null };
}

type Ruled = { readonly padding: Padding; readonly outputPadding?: Pair } | { readonly refusal: string };
type Rule = ReadCall["operation"]["padding"];

/** SAME_LOWER and FULL as sides: the page has no names for them. */
function slid(rule: Rule, size: Pair, kernelSize: Pair, strides: Pair, dilations: Pair): Ruled {
  const sides = ([0, 1] as const).map((at): Pair => {
    const span = (kernelSize[at] - 1) * dilations[at] + 1;
    if (rule === "FULL") return [span - 1, span - 1];
    const total = Math.max((Math.ceil(size[at] / strides[at]) - 1) * strides[at] + span - size[at], 0);
    return [Math.ceil(total / 2), Math.floor(total / 2)];
  }) as unknown as Sides;
  return ruled(rule === "SAME_LOWER" || rule === "FULL" ? sides : (rule ?? "SAME"));
}

function ruled(padding: Padding): Ruled {
  const most = typeof padding === "string" ? 0 : Math.max(...padding.flat());
  return most > MOST_PAD ? { refusal: later().calls.tooLarge("padding", most, MOST_PAD) } : { padding };
}

/** A size of the output is said by what it has beyond that of the crop. */
function stamped({ operation }: ReadCall, size: Pair, kernelSize: Pair, strides: Pair, dilations: Pair): Ruled {
  const { padding = "SAME", output_shape: shape, output_padding: outputPadding = [0, 0] } = operation;
  const named = padding === "SAME" || padding === "SAME_LOWER";
  const found = padding === "VALID" || typeof padding !== "string" ? ruled(padding) : ruled("SAME");
  if ("refusal" in found || (!shape && padding !== "SAME_LOWER")) return { ...found, outputPadding };
  const wanted = shape ?? [size[0] * strides[0], size[1] * strides[1]];
  const full = ([0, 1] as const).map((at) => (size[at] - 1) * strides[at] + (kernelSize[at] - 1) * dilations[at] + 1);
  if (padding === "SAME" && wanted.every((cells, at) => cells === (size[at] ?? 0) * (strides[at] ?? 1))) return { ...found, outputPadding: [0, 0] };
  const crops = wanted.map((cells, at): Pair => {
    const [before, after] = typeof padding === "string" ? [0, 0] : (padding[at] ?? [0, 0]);
    const total = Math.max((full[at] ?? 0) - cells, 0);
    if (!named) return [before, after];
    return padding === "SAME" ? [Math.floor(total / 2), Math.ceil(total / 2)] : [Math.ceil(total / 2), Math.floor(total / 2)];
  }) as unknown as Sides;
  const more = wanted.map((cells, at) => cells - ((full[at] ?? 0) - (crops[at]?.[0] ?? 0) - (crops[at]?.[1] ?? 0))) as unknown as Pair;
  if (more.some((cells, at) => cells < 0 || cells >= Math.max(strides[at] ?? 1, dilations[at] ?? 1)))
    return { refusal: later().calls.outputShape(wanted.join(` × `)) };
  const kept = ruled(named ? crops : typeof padding === "string" ? "VALID" : padding);
  return "refusal" in kept ? kept : { ...kept, outputPadding: more };
}
