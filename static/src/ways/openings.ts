/** The stages that are operations by themselves: what the page asks for then, and of which cells. Pure. */
import type { Equivalence, StagePlane } from "../api.ts";
import { type AxisGeometry, type Geometry, source } from "../geometry.ts";
import { bankOf, isBank, mapPlanes } from "../kernels/bank.ts";
import { mirrored, upended } from "../kernels/transform.ts";
import { type Asked, DEFAULTS, LARGEST_KERNEL, type Plane } from "../state.ts";

/** Which row and column of the input each cell is, -1 for a zero; or the planes of a stage, as they were computed. */
export type Cells = { readonly rows: readonly number[]; readonly columns: readonly number[] } | { readonly planes: readonly StagePlane[] };

export interface Opening {
  readonly part: Partial<Asked>;
  /** Null: the input as it is. */
  readonly cells: Cells | null;
  /** The output cell there that the one under the playhead is; where the input stays, so does the window. */
  readonly at?: readonly [row: number, column: number];
}

interface Of {
  readonly asked: Asked;
  readonly geometry: Pick<Geometry, "y" | "x">;
  readonly outChannels: number;
  /** Channels of the input, and those of them that an output channel reads. */
  readonly inChannels: number;
  readonly groupChannels: number;
}

/** Of a cell of the input through one convolution without bias, edges as here. */
const PLAIN = { filter: null, groups: 1, flipKernel: false } as const;
const UNBENT = { bias: 0, activation: null } as const;

/** Null where the stage is no operation, or none that the page can show. `row` and `column` are of the output cell under the playhead. */
export function openingOf({ name, stages }: Equivalence, stage: string, of: Of, row: number, column: number): Opening | null {
  const { asked, geometry: { y, x } } = of;
  const planesOf = (named: string): readonly StagePlane[] => stages.find((one) => one.name === named)?.planes ?? [];
  const weights = (named: string): Plane => (planesOf(named)[0]?.values ?? []).map((line) => line.map((value) => value ?? 0));
  const turned = mapPlanes(asked.kernel, (plane) => upended(mirrored(plane)));
  const single = asked.operation === "conv2d" && asked.groups === 1 && of.outChannels === 1;
  const sides = (axis: AxisGeometry): readonly [number, number] => [axis.padBefore, axis.padAfter];
  switch (`${name}.${stage}`) {
    case "zero_stuffed.output":
      if (Math.max(y.span, x.span) > LARGEST_KERNEL) return null;
      return { part: { kernel: mapPlanes(asked.kernel, (plane) => stuffed(plane, asked.dilations)), filter: null, dilations: [1, 1] }, cells: null };
    case "space_to_batch.convolved":
      return {
        part: { dilations: [1, 1], padding: "VALID", paddingMode: "zeros" },
        cells: { rows: everyOther(y, row % y.dilation), columns: everyOther(x, column % x.dilation) },
        at: [Math.floor(row / y.dilation), Math.floor(column / x.dilation)],
      };
    case "separable.between":
      if (isBank(asked.kernel) || of.groupChannels !== of.inChannels) return null;
      return {
        part: {
          ...PLAIN, ...UNBENT, operation: "depthwise_conv2d", kernel: weights("column"),
          strides: [y.stride, 1], dilations: [y.dilation, 1], padding: [sides(y), [0, 0]],
        },
        cells: null,
      };
    case "separable.output": {
      const planes = planesOf("between");
      if (isBank(asked.kernel) || planes.length !== of.groupChannels) return null;
      return {
        part: {
          ...PLAIN, operation: "conv2d", kernel: weights("row"),
          strides: [1, x.stride], dilations: [1, x.dilation], padding: [[0, 0], sides(x)],
        },
        cells: { planes }, at: [row, column],
      };
    }
    case "turned.output":
      return { part: { kernel: turned, filter: null, flipKernel: !asked.flipKernel }, cells: null };
    case "turned.other":
      return { part: { flipKernel: !asked.flipKernel }, cells: null };
    case "depthwise_pointwise.between":
      return single ? { part: { ...UNBENT, operation: "depthwise_conv2d" }, cells: null } : null;
    case "depthwise_pointwise.output": {
      const planes = planesOf("between");
      const [mixing = []] = weights("pointwise");
      if (planes.length !== mixing.length) return null;
      return {
        part: {
          ...PLAIN, operation: "conv2d", kernel: bankOf(mixing.map((weight) => [[[weight]]])),
          strides: DEFAULTS.strides, dilations: DEFAULTS.dilations, padding: "VALID", paddingMode: "zeros",
        },
        cells: { planes }, at: [row, column],
      };
    }
    case "transposed_as_convolution.output":
      return {
        part: {
          operation: "conv2d", kernel: asked.flipKernel ? asked.kernel : turned, filter: null, flipKernel: false,
          strides: DEFAULTS.strides, padding: "VALID", paddingMode: "zeros", outputPadding: DEFAULTS.outputPadding,
        },
        cells: { rows: spread(y), columns: spread(x) }, at: [row, column],
      };
    default:
      return null;
  }
}

function stuffed(plane: Plane, [down, across]: readonly [number, number]): Plane {
  const [rows, columns] = [(plane.length - 1) * down + 1, ((plane[0]?.length ?? 1) - 1) * across + 1];
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) =>
    (row % down === 0 && column % across === 0 ? (plane[row / down]?.[column / across] ?? 0) : 0)));
}

/** Every dilation-th cell of the padded input from the `from`-th on, to a whole number of them. */
function everyOther(axis: AxisGeometry, from: number): number[] {
  const padded = axis.inputSize + axis.padBefore + axis.padAfter;
  return Array.from({ length: Math.ceil(padded / axis.dilation) }, (_, at) => source(axis, from + at * axis.dilation - axis.padBefore) ?? -1);
}

/** The input of a transposed convolution, its strides as zeros between the cells, with what a window reaches beyond it. */
function spread({ inputSize, stride, span, crop }: AxisGeometry): number[] {
  const [before, after] = (crop ?? [0, 0]).map((cells) => span - 1 - cells) as [number, number];
  return Array.from({ length: (inputSize - 1) * stride + 1 + before + after }, (_, at) => {
    const cell = (at - before) / stride;
    return Number.isInteger(cell) && cell >= 0 && cell < inputSize ? cell : -1;
  });
}

interface Values {
  readonly width: number;
  readonly channels: number;
  readonly values: Uint8Array | Float32Array;
}

/** The cells as an array, [rows, columns, channels]. */
export function gathered(cells: Cells, input: Values): { readonly shape: readonly [number, number, number]; readonly values: Uint8Array | Float32Array } {
  if ("planes" in cells) {
    const [first] = cells.planes;
    const [rows, columns, channels] = [first?.values.length ?? 0, first?.values[0]?.length ?? 0, cells.planes.length];
    const values = new Float32Array(rows * columns * channels);
    cells.planes.forEach(({ values: plane }, channel) => plane.flat().forEach((value, at) => { values[at * channels + channel] = value ?? NaN; }));
    return { shape: [rows, columns, channels], values };
  }
  const { width, channels } = input;
  const shape = [cells.rows.length, cells.columns.length, channels] as const;
  const values = new (input.values instanceof Uint8Array ? Uint8Array : Float32Array)(shape[0] * shape[1] * channels);
  cells.rows.forEach((row, y) => cells.columns.forEach((column, x) => {
    if (row < 0 || column < 0) return;
    const from = (row * width + column) * channels;
    values.set(input.values.subarray(from, from + channels), (y * shape[1] + x) * channels);
  }));
  return { shape, values };
}
