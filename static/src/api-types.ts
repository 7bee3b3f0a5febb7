/** The JSON of the HTTP API as it travels: snake_case, pairs are [y, x]. */

import type { Activation, OperationType, PaddingMode } from "./state.ts";

export type Pair = readonly [number, number];
export type Nested = readonly (number | Nested)[];
export type Padding = "SAME" | "SAME_LOWER" | "VALID" | "FULL" | readonly [Pair, Pair];
export type KernelLayout = "HWIO" | "OIHW" | "HWIM" | "HWOI" | "IOHW";
export type ColumnName = "window" | "products" | "channel_sums" | "sum" | "output" | "argmax" | "divisor";
export type Layout = "NHWC" | "NCHW" | "HWC" | "HW";

interface Reading {
  readonly size?: Pair;
  readonly channels?: "rgb" | "gray";
  readonly scale?: "0..255" | "0..1";
}
export type InputSpec =
  | ({ readonly image_id: string } & Reading)
  | ({ readonly sample: string } & Reading)
  | { readonly values: Nested; readonly layout?: Layout; readonly dtype?: "uint8" | "float32" }
  | { readonly npy: string; readonly layout?: Layout };

/** A convolution has either `filter` or `kernel`, a pool `kernel_size`. */
export interface OperationSpec {
  readonly type: OperationType;
  readonly filter?: string;
  readonly kernel?: Nested;
  readonly kernel_layout?: KernelLayout;
  readonly bias?: readonly number[];
  readonly strides?: Pair;
  readonly dilations?: Pair;
  readonly padding?: Padding;
  readonly padding_mode?: PaddingMode;
  readonly groups?: number;
  readonly flip_kernel?: boolean;
  readonly activation?: Activation;
  readonly kernel_size?: Pair;
  readonly ceil_mode?: boolean;
  readonly count_include_pad?: boolean;
  readonly output_padding?: Pair;
}

export interface TraceRequest {
  readonly input: InputSpec;
  readonly operation: OperationSpec;
}

export interface AxisJson {
  readonly input_size: number;
  readonly kernel_size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly span: number;
  readonly pad_before: number;
  readonly pad_after: number;
  readonly output_size: number;
  readonly leftover: number;
  readonly never_read: readonly number[];
  readonly taps: { readonly first: number; readonly stride: number; readonly offsets: readonly number[] };
  readonly formula: string;
  readonly overhang: number;
  readonly padding_mode: PaddingMode;
}

/** Of a transposed convolution; `taps` are the output cells that an input cell stamps. */
export type TransposedAxisJson = Pick<AxisJson, "input_size" | "kernel_size" | "stride" | "dilation" | "span" | "output_size" | "never_read" | "taps" | "formula"> & {
  readonly full_size: number;
  readonly crop_before: number;
  readonly crop_after: number;
};

export interface GeometryJson {
  readonly y: AxisJson | TransposedAxisJson;
  readonly x: AxisJson | TransposedAxisJson;
  readonly pads: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
  readonly positions: number;
  readonly cells_never_read: number;
}

/** One axis, explained. Formulas are in the names of the axis's fields. */
export interface DerivationJson {
  readonly sentence: string;
  readonly formula_symbols: string;
  readonly formula_numbers: string;
  readonly steps: readonly { readonly name: string; readonly symbols: string; readonly numbers: string; readonly value: number }[];
}

/** Cells of the input that an output cell depends on, along one axis. */
export interface ReceptiveFieldJson {
  readonly size: number;
  readonly jump: number;
  readonly start: number | null;
}

/** A geometry, and how it came about. */
export interface Derived extends GeometryJson {
  readonly derivation: { readonly y: DerivationJson; readonly x: DerivationJson };
  readonly receptive_field: { readonly y: ReceptiveFieldJson | null; readonly x: ReceptiveFieldJson | null };
}

export interface TraceInfo {
  readonly id: string;
  readonly url: string;
  readonly positions: number;
  /** Taps of one position, over all channels. */
  readonly taps: number;
  readonly in_channels: number;
  /** Input channels that one output channel reads. */
  readonly group_channels: number;
  readonly out_channels: number;
  readonly batch: number;
  readonly operation: OperationType;
  readonly columns: readonly ColumnName[];
  readonly window_dtype: "uint8" | "float32";
  readonly input: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly dtype: "uint8" | "float32";
    readonly url: string;
  };
  readonly geometry: GeometryJson;
  readonly expires_at: string;
}

export interface ImageInfo {
  readonly id: string;
  readonly kind: "picture" | "array";
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly url: string;
  readonly expires_at: string;
}

export interface Tap {
  /** Of the input. */
  readonly channel: number;
  readonly kernel_y: number;
  readonly kernel_x: number;
  /** Null between two input cells, where a transposed convolution finds nothing. */
  readonly input_y: number | null;
  readonly input_x: number | null;
  /** Of a transposed convolution: beyond the first and last input cell. */
  readonly padding: boolean;
  readonly stuffed: boolean;
  /** Null for what a max pool finds in the padding: less than every number. */
  readonly value: number | null;
  /** Null in a pool, as the product. */
  readonly weight: number | null;
  readonly product: number | null;
  /** The fold of the products, or of an average pool's values, up to and with this one, without the bias. Null in a max pool. */
  readonly partial_sum: number | null;
  /** The same within this tap's channel. */
  readonly channel_partial_sum: number | null;
}

export interface Explanation {
  readonly position: number;
  readonly y: number;
  readonly x: number;
  /** Input coordinates of the window's span, inclusive; null where a transposed convolution finds no cell. */
  readonly window: {
    readonly top: number;
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
  } | null;
  readonly taps: readonly Tap[];
  readonly channel_sums: readonly number[];
  readonly bias: number;
  /** Null in a max pool. */
  readonly sum: number | null;
  readonly output: number;
}

/** One tap of one position that reads an input cell. */
export interface ReadOfCell {
  readonly position: number;
  readonly y: number;
  readonly x: number;
  readonly kernel_y: number;
  readonly kernel_x: number;
  /** The tap lies on the padding, which reads the cell by its mode. */
  readonly padding: boolean;
  /** One for each channel of the group, or one for all; null in a max pool. */
  readonly weights: readonly number[] | null;
  /** In a max pool: whether the cell is the largest there. */
  readonly wins: boolean | null;
}

export interface InputCell {
  readonly y: number;
  readonly x: number;
  readonly values: readonly number[];
  readonly reads: readonly ReadOfCell[];
  readonly sentence: string;
}

/** One kernel cell of the stamp of an input cell. */
export interface StampCell {
  readonly kernel_y: number;
  readonly kernel_x: number;
  readonly output_y: number;
  readonly output_x: number;
  /** Null where it is cropped away. */
  readonly position: number | null;
  /** One for each channel of the group, as the products. */
  readonly weights: readonly number[];
  readonly products: readonly number[];
}

/** An input cell of a transposed convolution. */
export interface StampedCell extends InputCell {
  readonly stamp: readonly StampCell[];
}

export interface FilterPreset {
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
  readonly family: "edges" | "detail" | "blur" | "lines" | "other";
  readonly kernel: readonly (readonly number[])[];
}

export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly url: string;
  readonly origin: string;
}

export interface Lesson extends TraceRequest {
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
}

/** What the page is given of the catalog. */
export interface Catalog {
  readonly filters: readonly FilterPreset[];
  readonly samples: readonly Sample[];
  readonly lessons: readonly Lesson[];
}

/** What the server wrote into the page: the first picture needs no request. */
export interface FirstVisit extends TraceRequest {
  readonly trace: TraceInfo;
  readonly explanation: Explanation;
  readonly calls: readonly StageCall[];
}

export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly value?: unknown;
}

/** The operation of a pasted call, as far as the call tells it. */
export interface ReadCall {
  /** Kernels of each channel, if more than one. */
  readonly depth_multiplier?: number | null;
  /** The call whose result goes in, where that is not read. */
  readonly input?: string | null;
  readonly framework: string;
  readonly call: string;
  readonly operation: {
    readonly type: "conv2d" | "depthwise_conv2d" | "conv2d_transpose" | "max_pool2d" | "avg_pool2d";
    readonly strides?: Two;
    readonly dilations?: Two;
    readonly padding?: "SAME" | "SAME_LOWER" | "VALID" | "FULL" | readonly [Two, Two];
    readonly padding_mode?: "zeros" | "reflect" | "replicate" | "circular";
    readonly groups?: number;
    readonly activation?: "relu" | "sigmoid" | "tanh";
    readonly flip_kernel?: boolean;
    readonly kernel_size?: Two | "global";
    readonly ceil_mode?: boolean;
    readonly count_include_pad?: boolean;
    readonly output_padding?: Two;
    readonly output_shape?: Two;
  };
  readonly kernel_size: Two | null;
  readonly in_channels: number | null;
  readonly out_channels: number | null;
  readonly bias: number | null;
  readonly notes: readonly string[];
}
type Two = readonly [number, number];

export interface Convention {
  readonly name: string;
  readonly title: string;
  /** What it was checked with; empty for the call as it stands. */
  readonly library: string;
  readonly sentence: string;
}

/** One of two ways to pad; without values where it is refused. */
export interface ComparedSide {
  readonly convention: Convention;
  readonly refusal: string | null;
  readonly output_shape: readonly number[] | null;
  /** Of the output channel that was asked for, by row and column. */
  readonly values: readonly (readonly (number | null)[])[] | null;
  /** The lines with which its framework computes what the other side does. */
  readonly calls: readonly string[];
}

export interface ComparedRow {
  readonly name: string;
  readonly first: unknown;
  readonly second: unknown;
  readonly differs: boolean;
}

export interface Compared {
  readonly verdict: "same" | "numbers" | "shapes" | "refused";
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly difference: {
    readonly cells: number;
    readonly total: number;
    readonly largest: number | null;
    readonly values: readonly (readonly (number | null)[])[];
  } | null;
  readonly shift: readonly [number, number] | null;
  readonly rows: readonly ComparedRow[];
  readonly conventions: readonly Convention[];
}

export interface StagePlane {
  /** Which of several it is. */
  readonly label: string;
  readonly values: readonly (readonly (number | null)[])[];
}

export interface Equivalence {
  readonly name: string;
  readonly title: string;
  /** Why there is no such way here. */
  readonly refusal: string | null;
  readonly holds: boolean | null;
  readonly stages: readonly { readonly name: string; readonly kind: "cells" | "weights" | "sums"; readonly planes: readonly StagePlane[] }[];
  readonly counts: {
    readonly parameters: number;
    readonly parameters_direct: number;
    readonly multiplications: number;
    readonly multiplications_direct: number;
  } | null;
  /** Of the kernel, where the way asks for its rank. */
  readonly singular_values: readonly number[] | null;
}

/** The operation in the words of a framework. */
export interface SpelledCall {
  readonly framework: string;
  readonly title: string;
  readonly version: string;
  readonly layout: string;
  readonly text: string;
  readonly tokens: readonly TokenJson[];
  readonly notes: readonly CallNote[];
  /** Whether the call runs and gives the output; where it does not, `instead` has lines that do. */
  readonly holds: boolean;
  readonly instead: string | null;
  /** Other expressions for the same output. */
  readonly also: readonly string[];
}

/** What the call over the stage is made of. */
export type StageCall = Pick<SpelledCall, "framework" | "title" | "tokens" | "notes" | "holds" | "instead">;

/** A part of a call, and what of the operation a change of it changes. */
export interface TokenJson {
  readonly text: string;
  readonly field: "operation" | "padding" | "activation" | "strides" | "dilations" | "kernel_size" | "groups" | "output_padding" | "ceil_mode" | "count_include_pad" | null;
  readonly at: readonly number[];
}

/** What is to be said of a call: it takes more than the one; the framework refuses it; it gives other numbers. */
export interface CallNote {
  readonly name: string;
  readonly text: string;
  readonly kind: "takes" | "refuses" | "differs";
}

export interface Spelled {
  readonly calls: readonly SpelledCall[];
  /** Null in it: the framework has no way to the operation. */
  readonly program: { readonly framework: string; readonly text: string | null } | null;
}
