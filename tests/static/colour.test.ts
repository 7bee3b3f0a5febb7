import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type Channel,
  type Hex,
  contrast,
  diverge,
  hexToRgb,
  mix,
  oklch,
  plate,
  rgbToHex,
  tapColour,
  textOn,
} from "../../static/src/colour.ts";

const THEMES = [false, true];
const CHANNELS: Channel[] = ["R", "G", "B", "K"];
const BYTES = Array.from({ length: 256 }, (_, v) => v / 255);

/** Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB. */
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** CIE 1976 L*a*b* (D65) of a colour as one kind of eye sees it. */
function seen(hex: Hex, eye: readonly number[]): number[] {
  const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const fromLinear = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
  const linear = hexToRgb(hex).map((v) => toLinear(v / 255));
  const times = (matrix: readonly number[], vector: readonly number[]): number[] =>
    [0, 3, 6].map((row) => vector.reduce((sum, v, column) => sum + v * (matrix[row + column] as number), 0));
  const rgb = times(eye, linear).map((v) =>
    toLinear(Math.round(255 * fromLinear(Math.min(1, Math.max(0, v)))) / 255),
  );
  const xyz = times([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], rgb);
  const [x = 0, y = 0, z = 0] = xyz
    .map((v, axis) => v / ([0.95047, 1, 1.08883][axis] as number))
    .map((v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: Hex, b: Hex, eye: readonly number[]): number {
  const other = seen(b, eye);
  return Math.hypot(...seen(a, eye).map((v, axis) => v - (other[axis] as number)));
}

function near(actual: Hex, expected: Hex): void {
  const other = hexToRgb(expected);
  const off = Math.max(...hexToRgb(actual).map((v, axis) => Math.abs(v - (other[axis] as number))));
  assert.ok(off <= 1, `${actual} is not ${expected}`);
}

const taps = (dark: boolean): Hex[] =>
  [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => tapColour(row, column, 3, 3, dark)));

test("hex and RGB", () => {
  assert.deepEqual(hexToRgb("#0b5bd3"), [11, 91, 211]);
  assert.equal(rgbToHex([11, 91, 211]), "#0b5bd3");
  assert.equal(rgbToHex([-4, 300, 127.5]), "#00ff80");
});

test("contrast is WCAG's", () => {
  assert.equal(contrast("#000000", "#ffffff").toFixed(2), "21.00");
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
  assert.equal(contrast("#1b1e22", "#f5f2ea"), contrast("#f5f2ea", "#1b1e22"));
  assert.equal(textOn("#777777"), "#000000");
  assert.equal(textOn("#6f1f0a"), "#ffffff");
});

test("OKLCH and mixing", () => {
  assert.equal(oklch(1, 0, 0), "#ffffff");
  near(oklch(0.6279, 0.2577, 29.23), "#ff0000");
  near(oklch(0.6, 0.3, 140), "#2e9903");
  assert.equal(mix("#1b1e22", "#fdfbf6", 0), "#1b1e22");
  assert.equal(mix("#1b1e22", "#fdfbf6", 1), "#fdfbf6");
  near(mix("#1b1e22", "#fdfbf6", 0.55), "#8e8f8f");
});

test("tap colours are those of the specification", () => {
  assert.equal(
    taps(false).join(" "),
    "#cfabf9 #73d0cc #ddb961 #966cc3 #149693 #a27e07 #5c3a7f #085957 #604a06",
  );
  assert.equal(
    taps(true).join(" "),
    "#d9baff #80ddd9 #eac66e #a47ad2 #23a5a1 #b28b0e #6a488e #0c6866 #715703",
  );
  assert.equal(tapColour(1, 4, 2, 7, true), "#1c6b44");
  assert.equal(tapColour(0, 0, 1, 1, false), "#149693");
});

test("no two taps of a 3 × 3 kernel look alike to any eye", () => {
  const promised = {
    normal: [22.1, 21.7],
    protan: [21.6, 20.8],
    deutan: [22.0, 19.5],
    tritan: [17.9, 19.9],
  };
  for (const [name, eye] of Object.entries(EYES)) {
    THEMES.forEach((dark, theme) => {
      const colours = taps(dark);
      const pairs = colours.flatMap((a, index) => colours.slice(index + 1).map((b) => distance(a, b, eye)));
      const promise = promised[name as keyof typeof EYES][theme] as number;
      assert.ok(Math.min(...pairs) > promise - 0.06, `${name}, dark ${dark}: ${Math.min(...pairs)}`);
    });
  }
});

test("the signed palette: stops, ends, zero", () => {
  const at = (dark: boolean): string =>
    [-1, -0.75, -0.5, 0, 0.5, 0.75, 1].map((t) => diverge(t, dark)).join(" ");
  assert.equal(at(false), "#0f3560 #1f5f9f #5b97cc #fbf8f1 #e5835c #bd4420 #6f1f0a");
  assert.equal(at(true), "#d9edff #7db7f0 #2f77b5 #262624 #c2532b #ff9d74 #ffe6d9");
  near(diverge(-0.3, false), "#a6c6e3");
  near(diverge(0.3, true), "#7b3723");
  assert.equal(diverge(7, false), diverge(1, false));
  assert.equal(diverge(-0, true), diverge(0, true));
});

test("blue and vermilion at half scale stay apart for every eye", () => {
  for (const eye of Object.values(EYES)) {
    for (const dark of THEMES) assert.ok(distance(diverge(-0.5, dark), diverge(0.5, dark), eye) >= 62);
  }
});

test("plates: one ink each, light value is light cell", () => {
  const shown = (channel: Channel): string =>
    [0, 51, 127, 204, 255].map((v) => plate(v / 255, channel)).join(" ");
  assert.equal(shown("R"), "#311714 #6c2c27 #c7574e #f8aaa1 #fdebe9");
  assert.equal(shown("G"), "#0e2514 #125027 #2a964d #96d3a2 #e2f7e5");
  assert.equal(shown("B"), "#112034 #1f4374 #417fd4 #9bc4fe #e8f1fe");
  assert.equal(shown("K"), "#252421 #494845 #858480 #c8c6c2 #f7f5f1");
  assert.equal(plate(-1, "G"), plate(0, "G"));
  assert.equal(plate(2, "B"), plate(1, "B"));
});

test("black or white is readable on every cell colour", () => {
  const worst = (colours: Hex[]): number =>
    Math.min(...colours.map((colour) => contrast(colour, textOn(colour))));
  const signed = Array.from({ length: 2049 }, (_, step) => (step - 1024) / 1024);
  assert.ok(worst(CHANNELS.flatMap((channel) => BYTES.map((v) => plate(v, channel)))) >= 4.575);
  assert.ok(worst(THEMES.flatMap((dark) => signed.map((t) => diverge(t, dark)))) >= 4.58);
});

/** The tokens of one theme, as the page's style sheet has them. */
function tokens(selector: string): Map<string, Hex> {
  const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
  const start = css.indexOf(`${selector} {`);
  assert.ok(start >= 0, selector);
  const block = css.slice(start, css.indexOf("}", start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = "", hex = ""]) => [name, hex]),
  );
}

test("chrome: text has 4.5, controls and focus have 3", () => {
  const light = tokens(":root");
  const dark = new Map([...light, ...tokens(':root[data-theme="dark"]')]);
  const needed: [string, string, number][] = [
    ...["ink", "ink-2", "ink-3", "negative", "positive", "warn"].flatMap(
      (name): [string, string, number][] => [
        [name, "paper", 4.5],
        [name, "sheet", 4.5],
      ],
    ),
    ["ink", "chip", 4.5],
    ["ink-2", "chip", 4.5],
    ["ink", "mark", 4.5],
    ["on-ink", "ink", 4.5],
    ...["paper", "sheet", "chip"].map((ground): [string, string, number] => ["edge", ground, 3]),
    ...["paper", "sheet"].map((ground): [string, string, number] => ["focus", ground, 3]),
  ];
  for (const theme of [light, dark]) {
    for (const [name, ground, least] of needed) {
      const ratio = contrast(theme.get(name) ?? assert.fail(name), theme.get(ground) ?? assert.fail(ground));
      assert.ok(ratio >= least, `${name} on ${ground}: ${ratio}`);
    }
    for (const tag of ["tag-r", "tag-g", "tag-b"])
      assert.ok(contrast("#ffffff", theme.get(tag) ?? assert.fail(tag)) >= 6.3, tag);
    // Plates of weights that are 0 fade 55 % towards the sheet and keep readable numbers.
    const sheet = theme.get("sheet") ?? assert.fail("sheet");
    for (const faded of CHANNELS.flatMap((channel) =>
      BYTES.map((v) => mix(plate(v, channel), sheet, 0.55)),
    )) {
      assert.ok(contrast(faded, textOn(faded)) >= 4.5, faded);
    }
  }
});
