/** What is on the stage as one drawing with labels, for a document: picture, loupe, picture. Pure. */
import { diverge, textOn } from "../colour.ts";
import { TIMES, formatIndex, formatNumber } from "../format.ts";
import { type Along, LOUPE_UNITS, type LoupeLayout, RING, boxUnder, cellUnder, cellsUnder, loupeLayout } from "../loupe-layout.ts";
import type { Ink } from "../painters/ink.ts";
import type { LoupeScene, LoupeTap } from "../painters/loupe.ts";
import { wireStamp } from "../stamps/view.ts";
import { type Point, type Rect, wire } from "../wiring.ts";
import { escaped, line, rect, tag, words, wrapped } from "./svg.ts";

/** A grid of cells; coordinates are the grid's own, negative in the padding. */
export interface Picture {
  readonly heading: string;
  readonly detail: string;
  readonly shape: string;
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  /** The cells that have a picture: from 0, 0 on. */
  readonly height: number;
  readonly width: number;
  /** Data URI. */
  readonly picture: string;
  /** What is framed. */
  readonly frame: { readonly top: number; readonly left: number; readonly rows: number; readonly columns: number };
  /** A cell's number and colour, where there are few enough to print. */
  readonly print: (row: number, column: number) => { readonly text: string; readonly colour: string } | null;
  /** What falls on cells of an output that is stamped; then the frame is the stamp's. */
  readonly stamp?: readonly { readonly row: number; readonly column: number; readonly colour: string; readonly text: string }[];
}

export interface FigureScene {
  readonly ink: Ink;
  readonly serif: string;
  readonly call: string;
  readonly sentence: string;
  readonly input: Picture;
  readonly output: Picture;
  readonly kernel: { readonly heading: string; readonly detail: string; readonly shape: string };
  readonly loupe: LoupeScene;
  readonly sum: string;
  readonly result: { readonly text: string; readonly colour: string };
}

export const WIDTH = 1200;
const MARGIN = 44;
const SIDE = 340;
const TOP = 168;
const GLASS = { x: WIDTH / 2, y: TOP + SIDE / 2, radius: SIDE / 2 };
/** Cells this large have their number printed. */
const PRINTS = 24;
const SENTENCE = 19;
const SENTENCE_LETTERS = 112;
/** Of a letter of the monospaced fonts, in its size. */
const ADVANCE = 0.602;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

function boxOf({ rows, columns }: Picture, x: number): Box {
  const cell = SIDE / Math.max(rows, columns);
  return { x: x + (SIDE - cell * columns) / 2, y: TOP + (SIDE - cell * rows) / 2, cell };
}

export function figureSvg(scene: FigureScene): string {
  const { ink, input, output } = scene;
  const [left, right] = [boxOf(input, MARGIN), boxOf(output, WIDTH - MARGIN - SIDE)];
  const lines = wrapped(scene.sentence, SENTENCE_LETTERS);
  // Room for two lines: the steps of an animation have one height, and sentences of different lengths.
  const height = TOP + SIDE + 116 + Math.max(2, lines.length) * SENTENCE * 1.4;
  return tag("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${Math.round(height)}`, width: WIDTH, height: Math.round(height),
    "font-family": ink.sans, fill: ink.ink,
  }, [
    tag("defs", {}, [stripes("padding", -45, ink.edge, 1, 5), stripes("unset", 45, ink.unset, 3, 9)]),
    rect(0, 0, WIDTH, height, { fill: ink.paper }),
    words(scene.call, MARGIN, 52, callSize(scene.call), { "font-family": ink.mono, fill: ink.ink2 }),
    line(MARGIN, 72, WIDTH - MARGIN, 72, { stroke: ink.line }),
    heading(scene, input, MARGIN), heading(scene, scene.kernel, GLASS.x - SIDE / 2), heading(scene, output, WIDTH - MARGIN - SIDE),
    picture(scene, input, left, "padding"), picture(scene, output, right, "unset"),
    wires(scene, left, right, sumLayout(scene).chip),
    loupe(scene.loupe),
    sumLine(scene),
    ...lines.map((said, at) => words(said, MARGIN, TOP + SIDE + 112 + at * SENTENCE * 1.4, SENTENCE, { "font-family": scene.serif })),
  ]);
}

const callSize = (call: string): number => Math.min(19, (WIDTH - 2 * MARGIN) / (call.length * ADVANCE));

const stripes = (id: string, angle: number, colour: string, width: number, period: number): string =>
  tag("pattern", { id, width: period, height: period, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${angle})` },
    rect(0, 0, period, width, { fill: colour }));

function heading({ ink, serif }: FigureScene, { heading: title, detail, shape }: { heading: string; detail: string; shape: string }, x: number): string {
  const name = tag("text", { x, y: 110 }, [
    tag("tspan", { "font-size": 21, "font-family": serif, "font-weight": 700 }, escaped(title)),
    ...(detail ? [tag("tspan", { dx: 12, "font-size": 16, fill: ink.ink2 }, escaped(detail))] : []),
  ]);
  return name + words(shape, x, 134, 15, { "font-family": ink.mono, "font-weight": 600 });
}

function picture({ ink }: FigureScene, one: Picture, { x, y, cell }: Box, behind: "padding" | "unset"): string {
  const at = (row: number, column: number): [number, number] => [x + (column - one.left) * cell, y + (row - one.top) * cell];
  const [px, py] = at(0, 0);
  const { frame } = one;
  const [fx, fy] = at(frame.top, frame.left);
  const [w, h] = [frame.columns * cell, frame.rows * cell];
  const outline = (width: number, stroke: string): string => rect(fx - 1.5, fy - 1.5, w + 3, h + 3, { fill: "none", stroke, "stroke-width": width });
  return [
    rect(x, y, one.columns * cell, one.rows * cell, { fill: ink.sheet, stroke: ink.edge }),
    rect(x, y, one.columns * cell, one.rows * cell, { fill: `url(#${behind})` }),
    tag("image", { href: one.picture, x: px, y: py, width: one.width * cell, height: one.height * cell, preserveAspectRatio: "none", "image-rendering": "pixelated" }),
    ...(cell >= PRINTS ? numbers(one, ink, cell, at) : []),
    ...stamped(one, ink, cell, at),
    outline(6, ink.frameHalo), outline(2.5, ink.frame),
    // On the side where no wire comes in.
    words(formatIndex(frame.top), behind === "padding" ? x - 7 : x + one.columns * cell + 7, fy + Math.min(h, cell) / 2 + 4.5, 13,
      { "text-anchor": behind === "padding" ? "end" : "start", "font-family": ink.mono, fill: ink.ink3 }),
    words(formatIndex(frame.left), fx + Math.min(w, cell) / 2, y - 7, 13, { "text-anchor": "middle", "font-family": ink.mono, fill: ink.ink3 }),
  ].join("");
}

function numbers(one: Picture, ink: Ink, cell: number, at: (row: number, column: number) => [number, number]): string[] {
  const parts: string[] = [];
  for (let row = one.top; row < one.top + one.rows; row++) {
    for (let column = one.left; column < one.left + one.columns; column++) {
      const printed = one.print(row, column);
      if (!printed) continue;
      const [x, y] = at(row, column);
      const size = Math.min(cell * 0.34, (cell * 0.86) / (printed.text.length * ADVANCE));
      parts.push(
        rect(x, y, cell, cell, { fill: "none", stroke: ink.sheet }),
        words(printed.text, x + cell / 2, y + cell / 2 + size * 0.35, size, { "text-anchor": "middle", "font-family": ink.mono, fill: textOn(printed.colour) }));
    }
  }
  return parts;
}

/** Each cell under the stamp, in the colour of its tap. */
function stamped({ stamp = [] }: Picture, ink: Ink, cell: number, at: (row: number, column: number) => [number, number]): string[] {
  const width = Math.max(1.2, cell * 0.055);
  return stamp.flatMap(({ row, column, colour, text }) => {
    const [x, y] = at(row, column);
    const size = Math.min(cell * 0.3, (cell * 1.1) / text.length);
    return [
      rect(x + width / 2, y + width / 2, cell - width, cell - width, { fill: "none", stroke: colour, "stroke-width": width }),
      ...(cell < PRINTS ? [] : [
        tag("circle", { cx: x + cell / 2, cy: y + cell / 2, r: cell * 0.36, fill: ink.sheet }),
        words(text, x + cell / 2, y + cell / 2 + size * 0.35, size, { "text-anchor": "middle", "font-family": ink.mono, "font-weight": 600 }),
      ]),
    ];
  });
}

/** As on the page: from the window to the glass, from the result to the cell it makes; from a cell to the glass, and from there to its stamp. */
function wires({ ink, input, output }: FigureScene, left: Box, right: Box, chip: Rect): string {
  const framed = ({ frame: { top, left: column, rows, columns }, ...one }: Picture, { x, y, cell }: Box): Rect =>
    ({ x: x + (column - one.left) * cell, y: y + (top - one.top) * cell, w: columns * cell, h: rows * cell });
  const whole = ({ rows, columns }: Picture, { x, y, cell }: Box): Rect => ({ x, y, w: columns * cell, h: rows * cell });
  const prints = ({ cell }: Box): boolean => cell >= PRINTS;
  const [from, to] = [framed(input, left), framed(output, right)];
  const scene = {
    input: whole(input, left), output: whole(output, right), loupe: { cx: GLASS.x, cy: GLASS.y, r: GLASS.radius - 1 }, chip,
    stageWidth: WIDTH, narrow: false, face: prints(left),
  };
  const { cone, tangents, leader } = output.stamp
    ? wireStamp({ ...scene, window: to, cell: from, prints: prints(right) })
    : wire({ ...scene, window: from, cell: to, prints: prints(left) });
  const through = (points: readonly Point[]): string => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
  const drawn = (d: string): string =>
    tag("path", { d, fill: "none", stroke: ink.paper, "stroke-width": 4, "stroke-opacity": 0.75 })
    + tag("path", { d, fill: "none", stroke: ink.ink, "stroke-width": 1.5 });
  return tag("path", { d: `${through(cone)}Z`, fill: ink.ink, "fill-opacity": 0.05 }) + [...tangents.map(through), leader].map(drawn).join("");
}

function loupe(scene: LoupeScene): string {
  const { ink, rows, columns, taps } = scene;
  const layout = loupeLayout(rows, columns, scene.dilation);
  const unit = (2 * GLASS.radius) / LOUPE_UNITS;
  const inner = LOUPE_UNITS / 2 - RING / 2;
  const at = LOUPE_UNITS / 2;
  const ring = { fill: "none", stroke: ink.glassRing, "stroke-width": RING };
  const glass = (look: Readonly<Record<string, string | number>>): string =>
    (layout.round ? tag("circle", { cx: at, cy: at, r: inner, ...look }) : rect(RING / 2, RING / 2, 2 * inner, 2 * inner, { rx: 56, ...look }));
  return tag("g", { transform: `translate(${GLASS.x - GLASS.radius} ${GLASS.y - GLASS.radius}) scale(${Math.round(unit * 1e4) / 1e4})` }, [
    tag("clipPath", { id: "glass" }, glass({})),
    tag("g", { "clip-path": "url(#glass)" }, [glass({ fill: ink.paper }), ...neighbourhood(scene, layout)]),
    glass(ring),
    ...taps.map((tap, index) => cellOf(scene, tap, {
      ...boxUnder(layout, Math.floor(index / columns), index % columns), side: layout.side, unit, wins: index === scene.winner,
    })),
    ...(scene.adds && layout.round && layout.pitch > 50 ? pluses(scene, layout) : []),
    ...(scene.tag ? chip(scene.tag.text, (RING + Math.max(layout.top, 50)) / 2 + 5, scene.tag.colour) : []),
  ]);
}

/** The picture around the window, fogged, and paler still between the taps. */
function neighbourhood({ ink, around }: LoupeScene, layout: LoupeLayout): string[] {
  const { rows, columns } = layout;
  const cells = around === null ? [] : cellsUnder(rows).flatMap((row) => cellsUnder(columns).map((column) => {
    const colour = around(row, column);
    if (colour === null) return "";
    const [down, across] = [cellUnder(rows, row), cellUnder(columns, column)];
    const fill = (look: string): string => rect(across.start, down.start, across.size + 0.6, down.size + 0.6, { fill: look });
    return colour === "padding" ? fill(ink.sheet) + fill("url(#padding)") : fill(colour);
  }));
  const length = ({ pitch, taps, strip }: Along): number => pitch * taps - strip;
  const veil = { fill: ink.sheet, "fill-opacity": 0.6 };
  const strips = ({ taps }: Along, one: (tap: number) => string): string[] => Array.from({ length: taps - 1 }, (_, tap) => one(tap + 1));
  return [
    ...cells,
    rect(0, 0, LOUPE_UNITS, LOUPE_UNITS, { fill: ink.sheet, "fill-opacity": ink.fog }),
    ...(around === null ? [] : [
      ...strips(rows, (tap) => rect(columns.first, rows.first + tap * rows.pitch - rows.strip, length(columns), rows.strip, veil)),
      ...strips(columns, (tap) => rect(columns.first + tap * columns.pitch - columns.strip, rows.first, columns.strip, length(rows), veil)),
    ]),
  ];
}

/** Between the taps of a row: they are added up. */
function pluses({ ink, rows, columns }: LoupeScene, layout: LoupeLayout): string[] {
  const radius = Math.max(5.5, layout.pitch * 0.085);
  const parts: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 1; column < columns; column++) {
      const x = layout.left + column * layout.pitch - layout.columns.strip / 2;
      const y = layout.top + (row + 0.5) * layout.pitch - layout.rows.strip / 2 - layout.pitch * 0.037;
      parts.push(
        tag("circle", { cx: x, cy: y, r: radius * 1.15, fill: ink.sheet, stroke: ink.ink }),
        line(x - radius * 0.6, y, x + radius * 0.6, y, { stroke: ink.ink, "stroke-width": 2 }),
        line(x, y - radius * 0.6, x, y + radius * 0.6, { stroke: ink.ink, "stroke-width": 2 }));
    }
  }
  return parts;
}

function chip(said: string, y: number, colour: string): string[] {
  const width = said.length * 9 + 20;
  return [
    rect(LOUPE_UNITS / 2 - width / 2, y - 12, width, 24, { rx: 4, fill: colour }),
    words(said, LOUPE_UNITS / 2, y + 5.5, 16, { "text-anchor": "middle", "font-weight": 600, fill: textOn(colour) }),
  ];
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly unit: number;
  readonly wins: boolean;
}

/** Below this many units of the drawing a number is not printed. */
const LEGIBLE = 8;

function cellOf({ ink, largestWeight }: LoupeScene, tap: LoupeTap, { x, y, side, unit, wins }: Cell): string {
  const bar = Math.max(4, side * 0.075);
  const half = (side - bar) / (tap.weight === null ? 1 : 2);
  const below = diverge((0.62 * (tap.weight ?? 0)) / (largestWeight || 1), ink.dark);
  const print = (said: string, middle: number, colour: string): string => {
    const size = Math.min(side * 0.33, (side * 0.84) / (Math.max(3, said.length) * ADVANCE));
    return size * unit < LEGIBLE ? "" : words(said, x + side / 2, middle + size * 0.35, size, { "text-anchor": "middle", "font-family": ink.mono, fill: colour });
  };
  return [
    rect(x - (wins ? 5 : 1), y - (wins ? 5 : 1), side + (wins ? 10 : 2), side + (wins ? 10 : 2), { rx: 3, fill: wins ? ink.mark : ink.glassCell, ...(wins ? { stroke: ink.ink, "stroke-width": 2 } : {}) }),
    rect(x, y, side, half, { fill: tap.plate }),
    ...(tap.padding ? [rect(x, y, side, half, { fill: "url(#padding)" })] : []),
    ...(tap.weight === null ? [] : [rect(x, y + half, side, half, { fill: below })]),
    rect(x, y + side - bar, side, bar, { fill: tap.colour }),
    tap.counts ? print(formatNumber(tap.value), y + half / 2, textOn(tap.plate)) : "",
    tap.weight === null ? "" : print(`${TIMES}${formatNumber(tap.weight, 3)}`, y + half * 1.5, textOn(below)),
  ].join("");
}

function sumLayout({ sum, result }: FigureScene): { size: number; x: number; y: number; chip: Rect } {
  const size = Math.min(19, (WIDTH - 2 * MARGIN - 200) / (sum.length * ADVANCE));
  const [before, after] = [sum.length * ADVANCE * size, result.text.length * ADVANCE * 23 + 32];
  const y = TOP + SIDE + 62;
  const x = Math.max(MARGIN, GLASS.x - (before + 14 + after) / 2);
  return { size, x, y, chip: { x: x + before + 14, y: y - 27, w: after, h: 39 } };
}

function sumLine(scene: FigureScene): string {
  const { ink, sum, result } = scene;
  const { size, x, y, chip } = sumLayout(scene);
  return words(sum, x, y, size, { "font-family": ink.mono, "font-weight": 600 })
    + rect(chip.x, chip.y, chip.w, chip.h, { rx: 5, fill: result.colour, stroke: ink.ink, "stroke-width": 2 })
    + words(result.text, chip.x + chip.w / 2, y + 1, 23, { "text-anchor": "middle", "font-family": ink.mono, "font-weight": 700, fill: textOn(result.colour) });
}
