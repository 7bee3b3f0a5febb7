/**
 * What the person has chosen. Nothing here came from the server: that is in session.ts.
 * Imports nothing of ours, so that everything may import it.
 */
import { signal } from "@preact/signals-core";

export type Pair = readonly [number, number];
/** Rows (top, bottom), then columns (left, right). */
export type Sides = readonly [Pair, Pair];
export type Padding = "SAME" | "VALID" | Sides;
/** Weights by row and column, the same for every input channel. */
export type Plane = readonly (readonly number[])[];
/** Weights by row, column, input channel and output channel: HWIO, as the API takes them. */
export type Bank = readonly (readonly (readonly (readonly number[])[])[])[];
export type Kernel = Plane | Bank;
export type Framework = "tensorflow" | "pytorch";
export type Cadence = "tap" | "position" | "row" | "everything";
export type PaletteChoice = "signed" | "min_max" | "clip";
export type Theme = "light" | "dark";
/** Which parameter of the call was touched last, so that its effect lights up on the stage. */
export type Touched = "padding" | "strides" | "dilations" | null;

/** Where the input comes from. `reference` is what the API takes; numbers are a lesson's matrix. */
export interface Source {
  readonly key: string;
  readonly title: string;
  readonly kind: "picture" | "numbers";
  readonly height: number;
  readonly width: number;
  readonly reference: Readonly<Record<string, unknown>>;
}

/** Everything one trace follows from. Replaced as a whole, never mutated, so that undo is keeping the old one. */
export interface Asked {
  readonly source: Source;
  /** The longer side of the input in cells; "full" is the picture as it was uploaded. */
  readonly longest: number | "full";
  readonly scale: "0..255" | "0..1";
  /** The preset's name, or null for edited weights. */
  readonly filter: string | null;
  readonly kernel: Kernel;
  readonly bias: number;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

export interface Notice {
  readonly kind: "error" | "offline" | "busy";
  readonly text: string;
  readonly action?: { readonly label: string; readonly name: string };
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
/** Which input channel is under the loupe. */
export const channel = signal(0);
export const palette = signal<PaletteChoice>("signed");
export const controlsOpen = signal(false);
export const touched = signal<Touched>(null);
export const notice = signal<Notice | null>(null);
/** Single-letter shortcuts can be turned off (WCAG 2.1.4). */
export const lettersAct = signal(true);
/** The output as large as the input, or both at the same cell size so that a stride is visible. */
export const outputSize = signal<"fit" | "true">("fit");
/** The tap under the pointer, row-major over the kernel; null for none. */
export const hovered = signal<number | null>(null);
