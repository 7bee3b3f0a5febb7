/** The figures of the stages of one way: made once, painted with every step. */
import type { Equivalence, StagePlane } from "../api.ts";
import { TIMES, formatIndex, formatNumber } from "../format.ts";
import { type Figure, PRINTS_INPUT } from "../painters/figure.ts";
import type { Ink } from "../painters/ink.ts";
import { paintPlane } from "../painters/plane.ts";
import { type InputRange, type PaletteName, type Scale, outputColour } from "../palette.ts";
import { surface } from "../stage/elements.ts";
import { later } from "../text/later.ts";
import { make } from "../widgets/dom.ts";
import type { Reads } from "./marks.ts";
import { type Values, pictureOf } from "./picture.ts";
import { type Looked, type Moment, type Place, type Size, type View, closeCell, closeUp, colourOf, lookedAt } from "./scene.ts";

type Stage = Equivalence["stages"][number];

interface Plane {
  readonly values: Values;
  /** One pixel a cell. */
  readonly picture: HTMLCanvasElement;
  readonly canvas: HTMLCanvasElement;
  readonly label: string;
}

export interface Drawn {
  readonly name: string;
  /** Rows and columns of all its planes together. */
  readonly size: Size;
  readonly figure: HTMLElement;
  readonly caption: HTMLElement;
  readonly planes: readonly Plane[];
  readonly palette: PaletteName;
  readonly scale: Scale;
  readonly close: HTMLCanvasElement;
  readonly reads: HTMLElement;
}

/** What the figures look like. */
interface Look {
  readonly range: InputRange;
  /** The input channel that is in view; empty where there is one. */
  readonly channel: string;
  readonly dark: boolean;
}

/** Stages that show one input channel. */
const OF_A_CHANNEL = new Set(["padded", "blocks", "kernel", "stuffed", "turned", "depthwise", "column"]);

/** What the figures show at a step. */
export interface Shows extends Moment {
  readonly ink: Ink;
  /** Of all stages. */
  readonly view: View;
  /** The stage that is reached. */
  readonly step: number;
  /** Which input channel is in view, of those that are read. */
  readonly channel: number;
}

export function stageOf({ name: way, title }: Equivalence, { name, kind, planes }: Stage, index: number, { range, channel, dark }: Look): Drawn {
  const words = later().ways;
  const [first] = planes;
  const [palette, scale] = paletteOf(kind, planes, range);
  const stage = words.stages[name] ?? name;
  const size = `${formatNumber(first?.values.length ?? 0)} ${TIMES} ${formatNumber(first?.values[0]?.length ?? 0)}`;
  const caption = make("button", { class: "stage-of-way", "data-action": "way-step", "data-argument": index, "data-key": `step ${index}` }, make("i", { "aria-hidden": "true" }, String(index + 1)), ` ${stage}`);
  const drawn = planes.map(({ values, label }) => ({
    values, canvas: make("canvas", { role: "img" }), picture: pictureOf(values, palette, scale, dark),
    label: [words.names[way] ?? title, stage, label].filter((part) => part !== "").join(", "),
  }));
  const close = make("canvas", { class: "close", "aria-hidden": "true" });
  const reads = make("p", { class: "reads" });
  const frame = make("div", { class: "planes" }, ...drawn.map(({ canvas }) => canvas));
  const across = Math.ceil(Math.sqrt(planes.length));
  frame.style.setProperty("--across", String(across));
  const figure = make("figure", {},
    make("figcaption", {}, caption, make("span", { class: "shape" }, [planes.length > 1 ? `${planes.length} ${TIMES} (${size})` : size, ...(OF_A_CHANNEL.has(name) && channel ? [channel] : [])].join(" · "))),
    frame,
    make("div", { class: "below" }, reads, close));
  const whole = [(first?.values.length ?? 0) * Math.ceil(planes.length / across), (first?.values[0]?.length ?? 0) * across] as const;
  return { name, size: whole, figure, caption, planes: drawn, palette, scale, close, reads };
}

export function paintStage(drawn: Drawn, index: number, { room, width, beside }: Place, across: number, shows: Shows): void {
  const { planes, figure, caption, name } = drawn;
  const { step, ink } = shows;
  const reached = index <= step;
  figure.classList.toggle("current", index === step);
  // Where there is room for two, the one before the current one is there too.
  figure.classList.toggle("near", index === Math.max(1, step) - 1 || index === Math.max(1, step));
  figure.classList.toggle("beside", beside);
  figure.classList.toggle("ending", index % across === across - 1);
  if (index === step) caption.setAttribute("aria-current", "step");
  else caption.removeAttribute("aria-current");
  figure.style.width = `${width}px`;
  const sizes = planes.map(({ values }) => [values.length, values[0]?.length ?? 0] as const);
  const looked = lookedAt(name, sizes, reached, room, shows);
  planes.forEach(({ canvas, picture, values, label }, at) => {
    const [{ reads, ...look }, [height, width]] = [looked[at], sizes[at]] as [Looked, readonly [number, number]];
    paintPlane(sized(canvas, look.figure), { ...look, ink, height, width, picture, print: (row, column) => printOf(drawn, shows, values[row]?.[column] ?? null) });
    const told = reached && reads ? whereOf(reads, values, true) : "";
    canvas.setAttribute("aria-label", [label, told].filter((part) => part !== "").join(": "));
  });
  const parts = reached ? looked.flatMap(({ reads, figure: { cell } }, at) => (reads ? [{ reads, cell, values: planes[at]?.values ?? [] }] : [])) : [];
  paintClose(drawn, shows, reached ? looked.map(({ reads }) => reads) : [], Math.max(0, ...parts.map(({ cell }) => cell)));
  const [one, ...others] = parts;
  drawn.reads.textContent = one ? whereOf(one.reads, one.values, others.length === 0) : "\u00a0";
}

const sized = (canvas: HTMLCanvasElement, { cell, margin, rows, columns }: Figure): CanvasRenderingContext2D =>
  surface(canvas, columns * cell + 2 * margin, rows * cell + 2 * margin);

function printOf({ palette, scale }: Drawn, { ink }: Shows, value: number | null): { text: string; colour: string } {
  return { text: value === null ? "" : formatNumber(value), colour: outputColour(value ?? NaN, palette, scale, ink.dark) };
}

/** Rows and columns that are read, or the one cell, with its number where that is the only one. */
function whereOf({ box, lit }: Reads, values: Values, only: boolean): string {
  const words = later().ways;
  const value = values[box.top]?.[box.left] ?? null;
  if (lit.length === 1 && only) return words.cell(formatIndex(box.top), formatIndex(box.left), value === null ? words.none : formatNumber(value));
  // All of it needs no saying.
  if (box.height === values.length && box.width === (values[0]?.length ?? 0)) return "";
  const rows = box.height === 1 ? words.row(formatIndex(box.top)) : words.rows(formatIndex(box.top), formatIndex(box.top + box.height - 1));
  const columns = box.width === 1 ? words.column(formatIndex(box.left)) : words.columns(formatIndex(box.left), formatIndex(box.left + box.width - 1));
  return box.width === values[0]?.length ? rows : `${rows}, ${columns}`;
}

/** The numbers that are read, where the plane's own cells are too small to have theirs printed. */
function paintClose(drawn: Drawn, moment: Shows, reads: readonly (Reads | null)[], cell: number): void {
  const { close, planes } = drawn;
  const taps = moment.y.kernelSize * moment.x.kernelSize;
  const flat = drawn.name === "matrix" || drawn.name === "weights";
  const { rows, columns, cells } = closeUp(reads, flat ? [moment.channel * taps, taps] : null);
  close.hidden = cells.length < 2 || cell >= PRINTS_INPUT;
  if (close.hidden) return;
  const size = closeCell(moment.view, rows, columns);
  const values: (number | null)[][] = Array.from({ length: rows }, () => Array.from({ length: columns }, () => null));
  for (const { row, column, plane, of } of cells) (values[row] as (number | null)[])[column] = planes[plane]?.values[of.row]?.[of.column] ?? null;
  const picture = pictureOf(values, drawn.palette, drawn.scale, moment.ink.dark);
  const figure = { cell: size, margin: 3, top: 0, left: 0, rows, columns };
  paintPlane(sized(close, figure), {
    ink: moment.ink, figure, height: rows, width: columns, picture,
    print: (row, column) => printOf(drawn, moment, values[row]?.[column] ?? null),
    lit: cells.map(({ row, column, tap }) => ({ row, column, colour: colourOf(tap, moment) })),
    frame: null, cells: null, faint: false,
  });
}

/** One scale for all planes of a stage; cells of the input are as light as they are on the stage. */
function paletteOf(kind: Stage["kind"], planes: readonly StagePlane[], { low, high }: InputRange): [PaletteName, Scale] {
  if (kind === "cells") return ["min_max", { minimum: low, maximum: high, signed: 1 }];
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const { values } of planes) for (const line of values) for (const value of line) {
    if (value === null) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return ["signed", { minimum, maximum, signed: Math.max(-minimum, maximum) || 1 }];
}
