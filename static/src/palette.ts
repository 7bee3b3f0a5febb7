/** Values to colours: the output in the chosen palette, the input as it is. */
import { type Hex, diverge, hexToRgb, plate, rgbToHex } from "./colour.ts";

export type PaletteName = "signed" | "min_max" | "clip";

/** What the server measured over the whole output, in output values. */
export interface Scale {
  /** The magnitude at which the signed palette is full; larger values clip. */
  readonly signed: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The input values that are drawn darkest and lightest. */
export interface InputRange {
  readonly low: number;
  readonly high: number;
}

/** A table of colours: value v has entry round(v × factor + offset), held to the ends. */
export interface Lut {
  readonly hexes: readonly Hex[];
  /** The same colours as RGBA bytes in memory order, one element a pixel. */
  readonly pixels: Uint32Array;
  readonly factor: number;
  readonly offset: number;
}

// On the magnitude: small responses are most of a picture and would all look like paper without it.
const GAMMA = 0.75;
const HALF = 512;

type Colours = Pick<Lut, "hexes" | "pixels">;

function colours(hexes: readonly Hex[]): Colours {
  const bytes = new Uint8Array(hexes.length * 4);
  hexes.forEach((hex, entry) => bytes.set([...hexToRgb(hex), 255], entry * 4));
  return { hexes, pixels: new Uint32Array(bytes.buffer) };
}

function signedColours(dark: boolean): Colours {
  return colours(
    Array.from({ length: 2 * HALF + 1 }, (_, entry) => {
      const t = (entry - HALF) / HALF;
      return diverge(Math.sign(t) * Math.abs(t) ** GAMMA, dark);
    }),
  );
}

const made = new Map<string, Colours>();

function once(name: string, make: () => Colours): Colours {
  let found = made.get(name);
  if (!found) {
    found = make();
    made.set(name, found);
  }
  return found;
}

const greys = (): Colours =>
  once("grey", () => colours(Array.from({ length: 256 }, (_, v) => rgbToHex([v, v, v]))));

export function makeLut(palette: PaletteName, scale: Scale, dark: boolean): Lut {
  if (palette === "signed") {
    const table = once(dark ? "signed dark" : "signed light", () => signedColours(dark));
    return { ...table, factor: HALF / scale.signed, offset: HALF };
  }
  if (palette === "clip") return { ...greys(), factor: 1, offset: 0 };
  const factor = 255 / (scale.maximum - scale.minimum || 1);
  return { ...greys(), factor, offset: -scale.minimum * factor };
}

/** The colour `fillOutputPixels` gives this value, to the bit; NaN gets that of 0. */
export function outputColour(v: number, palette: PaletteName, scale: Scale, dark: boolean): Hex {
  const { hexes, factor, offset } = makeLut(palette, scale, dark);
  const at = (Number.isNaN(v) ? 0 : v) * factor + offset;
  return hexes[Math.round(Math.min(hexes.length - 1, Math.max(0, at)))] as Hex;
}

/** Paints cells `from` … `to` − 1 of both arrays. NaN is cleared: it is no number, so the stripes show. */
export function fillOutputPixels(
  rgba: Uint8ClampedArray,
  sums: Float32Array,
  from: number,
  to: number,
  palette: PaletteName,
  scale: Scale,
  dark: boolean,
): void {
  const { pixels, factor, offset } = makeLut(palette, scale, dark);
  const target = asPixels(rgba);
  const last = pixels.length - 1;
  for (let cell = from; cell < to; cell++) {
    const at = (sums[cell] as number) * factor + offset;
    // The comparisons before the integer cast keep infinities at their own end; only NaN fails both.
    if (at >= last) target[cell] = pixels[last] as number;
    else if (at <= 0) target[cell] = pixels[0] as number;
    else target[cell] = at === at ? (pixels[(at + 0.5) | 0] as number) : 0;
  }
}

const asPixels = (rgba: Uint8ClampedArray): Uint32Array =>
  new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length >> 2);

// The lesson 1 … 16 sits on the upper 30 % of the plate so that dark digits read well on every cell.
const LESSON_FLOOR = 0.7;
const LESSON_HEADROOM = 22 / 16;
const LESSON_CELLS = 256;

/**
 * The range to draw an input in: bytes and 0 … 1 as such, small tables of numbers pale, the rest to its ends.
 */
export function inputRange(values: Uint8Array | Float32Array, channels: number): InputRange {
  if (values instanceof Uint8Array) return { low: 0, high: 255 };
  let low = 0;
  let high = 0;
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (low === 0 && high <= 1) return { low: 0, high: 1 };
  if (channels === 1 && values.length <= LESSON_CELLS) {
    const top = low + (high - low) * LESSON_HEADROOM;
    return { low: top - (top - low) / (1 - LESSON_FLOOR), high: top };
  }
  return low === 0 && high <= 255 ? { low: 0, high: 255 } : { low, high };
}

/**
 * Paints a whole HWC input, opaque. Three channels are red, green, blue; of other counts one is shown.
 */
export function fillInputPixels(
  rgba: Uint8ClampedArray,
  values: Uint8Array | Float32Array,
  channels: number,
  range: InputRange,
  channel = 0,
): void {
  if (channels === 3) return fillRgb(rgba, values, range);
  const target = asPixels(rgba);
  const { pixels } = values instanceof Uint8Array ? greys() : plates();
  const factor = (pixels.length - 1) / (range.high - range.low || 1);
  for (let cell = 0; cell < target.length; cell++) {
    const at = ((values[cell * channels + channel] as number) - range.low) * factor;
    target[cell] = pixels[Math.round(Math.min(pixels.length - 1, Math.max(0, at)))] as number;
  }
}

const plates = (): Colours =>
  once("plate", () => colours(Array.from({ length: 1021 }, (_, v) => plate(v / 1020, "K"))));

function fillRgb(
  rgba: Uint8ClampedArray,
  values: Uint8Array | Float32Array,
  { low, high }: InputRange,
): void {
  const factor = 255 / (high - low || 1);
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = ((values[from] as number) - low) * factor;
    rgba[to + 1] = ((values[from + 1] as number) - low) * factor;
    rgba[to + 2] = ((values[from + 2] as number) - low) * factor;
    rgba[to + 3] = 255;
  }
}
