/** The JSON of the HTTP API as it travels: snake_case, pairs are [y, x]. */

export type Pair = readonly [number, number];
export type Nested = readonly (number | Nested)[];
export type Padding = "SAME" | "SAME_LOWER" | "VALID" | "FULL" | readonly [Pair, Pair];
export type KernelLayout = "HWIO" | "OIHW";
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

/** Either `filter` or `kernel`. */
export interface OperationSpec {
  readonly type: "conv2d";
  readonly filter?: string;
  readonly kernel?: Nested;
  readonly kernel_layout?: KernelLayout;
  readonly bias?: readonly number[];
  readonly strides?: Pair;
  readonly dilations?: Pair;
  readonly padding?: Padding;
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
}

export interface GeometryJson {
  readonly y: AxisJson;
  readonly x: AxisJson;
  readonly pads: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
  readonly positions: number;
  readonly cells_never_read: number;
}

export interface TraceInfo {
  readonly id: string;
  readonly url: string;
  readonly positions: number;
  /** Taps of one position, over all channels. */
  readonly taps: number;
  readonly in_channels: number;
  readonly out_channels: number;
  readonly batch: number;
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
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly url: string;
  readonly expires_at: string;
}

export interface Tap {
  readonly channel: number;
  readonly kernel_y: number;
  readonly kernel_x: number;
  readonly input_y: number;
  readonly input_x: number;
  readonly padding: boolean;
  readonly value: number;
  readonly weight: number;
  readonly product: number;
  /** The fold of the products up to and with this one, without the bias. */
  readonly partial_sum: number;
  /** The same within this tap's channel. */
  readonly channel_partial_sum: number;
}

export interface Explanation {
  readonly position: number;
  readonly y: number;
  readonly x: number;
  /** Input coordinates of the window's span, inclusive. */
  readonly window: {
    readonly top: number;
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
  };
  readonly taps: readonly Tap[];
  readonly channel_sums: readonly number[];
  readonly bias: number;
  readonly sum: number;
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

export interface Catalog {
  readonly operations: readonly { readonly type: "conv2d"; readonly sentence: string }[];
  readonly filters: readonly FilterPreset[];
  readonly samples: readonly Sample[];
  readonly lessons: readonly Lesson[];
  readonly limits: Readonly<Record<string, number>>;
  readonly frameworks: readonly { readonly name: string; readonly version: string }[];
  readonly version: string;
}

/** What the server wrote into the page: the first picture needs no request. */
export interface FirstVisit extends TraceRequest {
  readonly trace: TraceInfo;
  readonly explanation: Explanation;
}

export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly value?: unknown;
}
