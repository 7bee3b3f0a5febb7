/**
 * What the person has chosen. Nothing here came from the server: that is in session.ts.
 * Imports nothing of ours, so that everything may import it.
 */
import { signal } from "@preact/signals-core";

export type Pair = readonly [number, number];
/** Rows (top, bottom), then columns (left, right). */
export type Sides = readonly [Pair, Pair];
export type Padding = "SAME" | "VALID" | Sides;
export type OperationType = "conv2d" | "depthwise_conv2d" | "conv2d_transpose" | "max_pool2d" | "avg_pool2d";
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";
export type Activation = "relu" | "sigmoid" | "tanh";
/** Weights by row and column, the same for every input channel. */
export type Plane = readonly (readonly number[])[];
/** Weights by row, column, input channel and output channel: HWIO, as the API takes them. */
export type Bank = readonly (readonly (readonly (readonly number[])[])[])[];
export type Kernel = Plane | Bank;
export type Framework = "tensorflow" | "pytorch" | "keras" | "jax" | "onnx" | "numpy" | "opencv" | "scipy";
export type Cadence = "tap" | "position" | "row" | "everything";
export type PaletteChoice = "signed" | "min_max" | "clip";
export type Panel = "explain" | "code" | "compare" | "rest" | "export";
/** Another way to the same output. */
export type Way = "zero_stuffed" | "space_to_batch" | "im2col" | "separable" | "turned" | "depthwise_pointwise" | "transposed_as_convolution";
export type Theme = "light" | "dark";
/** Which parameter of the call was touched last, so that its effect lights up on the stage. */
export type Touched = "padding" | "strides" | "dilations" | null;

/** Where the input comes from. `reference` is what the API takes; numbers are a lesson's matrix. */
export interface Source {
  readonly key: string;
  readonly title: string;
  /** Pictures are shown reduced; numbers can be edited; an array is an uploaded .npy file. */
  readonly kind: "picture" | "numbers" | "array";
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly reference: Readonly<Record<string, unknown>>;
}

/**
 * Everything one trace follows from. Replaced as a whole, never mutated, so that undo is keeping the old one. What the
 * operation does not take is kept for when another one is chosen, and not sent.
 */
export interface Asked {
  readonly source: Source;
  /** The longer side of the input in cells; "full" is the picture as it was uploaded. */
  readonly longest: number | "full";
  readonly scale: "0..255" | "0..1";
  readonly operation: OperationType;
  /** The preset's name, or null for edited weights. */
  readonly filter: string | null;
  readonly kernel: Kernel;
  readonly bias: number;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
  readonly paddingMode: PaddingMode;
  readonly groups: number;
  readonly flipKernel: boolean;
  readonly activation: Activation | null;
  /** Height and width of a pool's window. */
  readonly kernelSize: Pair;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  /** Cells more at the end of a transposed convolution's output. */
  readonly outputPadding: Pair;
}

/** What an operation is given unless something else is said. */
export const DEFAULTS = {
  operation: "conv2d", bias: 0, strides: [1, 1], dilations: [1, 1], padding: "SAME", paddingMode: "zeros",
  groups: 1, flipKernel: false, activation: null, kernelSize: [2, 2], ceilMode: false, countIncludePad: false, outputPadding: [0, 0],
} as const satisfies Partial<Asked>;

export interface Notice {
  /** A link's and that of a pasted call stay until they are closed; the others go when their cause does. */
  readonly kind: "error" | "offline" | "busy" | "link" | "taken";
  /** A function where it is the page's own: another language says it anew. The server's refusals are English. */
  readonly text: string | (() => string);
  readonly action?: { readonly label: () => string; readonly name: string };
}

/** The largest input that opens as it is; larger ones open at the server's reduced size. */
export const OPENS_WHOLE = 128;
export const LARGEST_KERNEL = 15;
export const LARGEST_STEP = 8;

const reducedMotion = (): boolean =>
  typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;

export const asked = signal<Asked | null>(null);
export const framework = signal<Framework>("tensorflow");
export const theme = signal<Theme>("light");
export const cadence = signal<Cadence>("position");
/** Units of the cadence a second, 1 to 30. */
export const speed = signal(reducedMotion() ? 2 : 8);
export const playing = signal(false);
/** The playhead: a row-major index of an output cell. */
export const position = signal(0);
/** In the Tap cadence: the tap last multiplied, in tap order over all channels. */
export const tap = signal(0);
/** Which input channel is under the loupe, counted from the first that the output channel reads. */
export const channel = signal(0);
/** Which output channel is shown. */
export const outChannel = signal(0);
export const palette = signal<PaletteChoice>("signed");
/** A transposed convolution by its stamps: the playhead walks the input, where it walks the output else. */
export const stamping = signal(false);
export const controlsOpen = signal(false);
export const touched = signal<Touched>(null);
export const notice = signal<Notice | null>(null);
/** Single-letter shortcuts can be turned off (WCAG 2.1.4). */
export const lettersAct = signal(true);
/** The output as large as the input, or both at the same cell size so that a stride is visible. */
export const outputSize = signal<"fit" | "true">("fit");
/** What a position comes to is a question first. */
export const predicting = signal(false);
/** For a room: set by present.ts, with the class that the style sheet goes by. */
export const presenting = signal(false);
/** The point of the input in the middle of what is seen of it, and the side of a cell in CSS pixels. */
export type Look = readonly [row: number, column: number, cell: number];

/** The tap under the pointer, row-major over the kernel; null for none. */
export const hovered = signal<number | null>(null);
/** Two ways to pad that are compared, by the names that the server has for them. */
export type Compared = readonly [first: string, second: string];
export const compared = signal<Compared>(["tensorflow_same", "pytorch_padding"]);
/** The panel in the drawer; null while it is closed. */
export const panel = signal<Panel | null>(null);
/** The other way to the output that takes the stage's place; null for the stage. */
export const way = signal<Way | null>(null);
/** Which of its stages is reached, and how many it has: the view that draws them says so. None until it is there. */
export const wayStep = signal(0);
export const waySteps = signal(0);

/** What somebody wants traced: a cell of the input, a position of the output, a place under the loupe, row-major. */
export type Pointed =
  | { readonly kind: "input"; readonly row: number; readonly column: number }
  | { readonly kind: "output"; readonly position: number }
  | { readonly kind: "weight"; readonly place: number };
/** A cell under the pointer. */
export const pointed = signal<Pointed | null>(null);
/** What stays traced without the pointer, until Escape or until the playhead goes elsewhere than `at`. By keys it is moved by them. */
export const pinned = signal<{ readonly what: Pointed; readonly at: number; readonly byKeys: boolean } | null>(null);
