/**
 * Colour arithmetic in OKLab, and the three colour scales of the data: taps, signed values, channel plates.
 * Colours of the chrome are CSS tokens. Conversions after Björn Ottosson,
 * https://bottosson.github.io/posts/oklab/.
 */

/** "#rrggbb" */
export type Hex = string;
/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];
export type Channel = "R" | "G" | "B" | "K";
type Lab = readonly [number, number, number];

const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v));
const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

function toLinear(component: number): number {
  const c = component / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function fromLinear(light: number): number {
  const c = clamp(light, 0, 1);
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
}

export function hexToRgb(hex: Hex): Rgb {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

/** Rounds, and clamps to 0 … 255. */
export function rgbToHex(rgb: Rgb): Hex {
  return `#${rgb
    .map((v) =>
      Math.round(clamp(v, 0, 255))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function toLab(hex: Hex): Lab {
  const [red, green, blue] = hexToRgb(hex);
  const r = toLinear(red);
  const g = toLinear(green);
  const b = toLinear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function labToLinear([L, a, b]: Lab): Rgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const linearToHex = ([r, g, b]: Rgb): Hex => rgbToHex([fromLinear(r), fromLinear(g), fromLinear(b)]);
const inGamut = (rgb: Rgb): boolean => rgb.every((v) => v > -0.0005 && v < 1.0005);

/** Lightness 0 … 1, chroma, hue in degrees. What sRGB cannot show loses chroma, never lightness or hue. */
export function oklch(lightness: number, chroma: number, hue: number): Hex {
  const angle = (hue * Math.PI) / 180;
  for (let c = chroma; ; c -= 0.004) {
    const held = Math.max(c, 0);
    const linear = labToLinear([lightness, held * Math.cos(angle), held * Math.sin(angle)]);
    if (c <= 0 || inGamut(linear)) return linearToHex(linear);
  }
}

/** From `a` (t = 0) to `b` (t = 1) in OKLab. */
export function mix(a: Hex, b: Hex, t: number): Hex {
  const [l0, a0, b0] = toLab(a);
  const [l1, a1, b1] = toLab(b);
  return linearToHex(labToLinear([lerp(l0, l1, t), lerp(a0, a1, t), lerp(b0, b1, t)]));
}

function luminance(hex: Hex): number {
  const [r, g, b] = hexToRgb(hex);
  return 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b);
}

/** WCAG 2.2 contrast ratio, 1 … 21. */
export function contrast(a: Hex, b: Hex): number {
  const x = luminance(a) + 0.05;
  const y = luminance(b) + 0.05;
  return x > y ? x / y : y / x;
}

export function textOn(background: Hex): "#000000" | "#ffffff" {
  return contrast(background, "#000000") >= contrast(background, "#ffffff") ? "#000000" : "#ffffff";
}

const tapColours = new Map<string, Hex>();

/** Column is hue (violet, teal, gold), row is lightness: a tap shows its place for any kernel and any eye. */
export function tapColour(row: number, column: number, rows: number, columns: number, dark: boolean): Hex {
  const key = `${row},${column},${rows},${columns},${dark}`;
  let colour = tapColours.get(key);
  if (!colour) {
    colour = mixTap(columns > 1 ? column / (columns - 1) : 0.5, rows > 1 ? row / (rows - 1) : 0.5, dark);
    tapColours.set(key, colour);
  }
  return colour;
}

function mixTap(across: number, down: number, dark: boolean): Hex {
  const hue = across < 0.5 ? lerp(305, 192, across * 2) : lerp(192, 88, (across - 0.5) * 2);
  const lightness = dark ? lerp(0.84, 0.47, down) : lerp(0.8, 0.42, down);
  const midness = (t: number): number => 1 - Math.abs(t - 0.5) * 2;
  return oklch(lightness, lerp(0.115, 0.135, midness(down)) * (1 - 0.22 * midness(across)), hue);
}

const SIGNED = {
  light: {
    negative: ["#fbf8f1", "#b9d2e8", "#5b97cc", "#1f5f9f", "#0f3560"],
    positive: ["#fbf8f1", "#f6c9b3", "#e5835c", "#bd4420", "#6f1f0a"],
  },
  dark: {
    negative: ["#262624", "#22466a", "#2f77b5", "#7db7f0", "#d9edff"],
    positive: ["#262624", "#6a3020", "#c2532b", "#ff9d74", "#ffe6d9"],
  },
} as const;

// Finer than the 8 bits of a screen can show: rounding to a step costs no colour and bounds the memory.
const SIGNED_STEPS = 1024;
const signedColours: { light: Hex[]; dark: Hex[] } = { light: [], dark: [] };

/** −1 Prussian blue, 0 the paper, 1 vermilion; clamped. */
export function diverge(t: number, dark: boolean): Hex {
  const theme = dark ? "dark" : "light";
  const step = Math.round(clamp(t, -1, 1) * SIGNED_STEPS);
  return (signedColours[theme][step + SIGNED_STEPS] ??= alongStops(
    SIGNED[theme][step < 0 ? "negative" : "positive"],
    Math.abs(step) / SIGNED_STEPS,
  ));
}

function alongStops(stops: readonly Hex[], t: number): Hex {
  const along = t * (stops.length - 1);
  const stop = Math.min(stops.length - 2, Math.floor(along));
  return mix(stops[stop] as Hex, stops[stop + 1] as Hex, along - stop);
}

// 4 × 255: every uint8 value falls on a step.
const PLATE_STEPS = 1020;
const HUE = { R: 27, G: 150, B: 257 } as const;
const plateColours: Record<Channel, Hex[]> = { R: [], G: [], B: [], K: [] };

/** One channel printed in one ink: 0 dark, 1 light; clamped. K is the only channel of a one-channel input. */
export function plate(v: number, channel: Channel): Hex {
  const step = Math.round(clamp(v, 0, 1) * PLATE_STEPS);
  return (plateColours[channel][step] ??= ink(step / PLATE_STEPS, channel));
}

function ink(v: number, channel: Channel): Hex {
  if (channel === "K") return oklch(lerp(0.26, 0.97, v), 0.006, 90);
  return oklch(lerp(0.24, 0.955, v), 0.02 + 0.125 * Math.sin(Math.PI * clamp(v, 0.06, 0.97)), HUE[channel]);
}
