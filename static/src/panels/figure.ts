/** What is on the stage now, gathered for the drawing of it, and the drawing as a file. */
import { outputColour } from "../palette.ts";
import { tapColour } from "../colour.ts";
import { NBSP, TIMES, formatNumber } from "../format.ts";
import { hidden } from "../predict.ts";
import { type Shown, detail, explanation, shown } from "../session.ts";
import { readInk } from "../painters/ink.ts";
import { channelName } from "../stage/channels.ts";
import { InputPicture, OutputPicture } from "../stage/pictures.ts";
import * as scenes from "../stage/scenes.ts";
import type { Extent } from "../stage/viewport.ts";
import * as state from "../state.ts";
import { said } from "../widgets/caption.ts";
import { query } from "../widgets/dom.ts";
import { progress } from "../widgets/sum.ts";
import { isPool } from "../asked.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { type FigureScene, type Picture, WIDTH, figureSvg } from "./figure-svg.ts";

/** Pixels of a picture inside of the drawing: enough for print, in whole pixels a cell. */
const PICTURE_PX = 700;
/** The drawing's pixels for one of its units. */
const SCALE = 2;

export function viewOf(current: Shown): scenes.View | null {
  const here = detail.peek();
  if (!here) return null;
  const stamps = current.walk.stamps;
  const tapping = state.cadence.peek() === "tap" && (stamps || explanation.peek()?.position === here.position);
  return {
    shown: current, detail: here, ink: readInk(document.documentElement), channel: state.channel.peek(),
    tap: tapping ? state.tap.peek() : null, palette: state.palette.peek(), touched: null, lit: null,
    computed: stamps ? current.data.fetched.peek() : here.position + (hidden.peek() ? 0 : 1), hidden: hidden.peek(),
  };
}

/** Every cell as a square of whole pixels: no viewer has to know how to enlarge it. */
export function enlarged(small: HTMLCanvasElement, longest: number): HTMLCanvasElement {
  const factor = Math.max(1, Math.floor(longest / Math.max(small.width, small.height)));
  const large = document.createElement("canvas");
  large.width = small.width * factor;
  large.height = small.height * factor;
  const context = large.getContext("2d") as CanvasRenderingContext2D;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, large.width, large.height);
  return large;
}

/** The output up to and with a position; the rest is see-through. */
export function outputUpTo(view: scenes.View, count: number): HTMLCanvasElement {
  const output = new OutputPicture(view.shown, view.palette, view.ink.dark);
  output.paintUpTo(view.shown.data.outputs, Math.min(count, view.shown.data.fetched.peek()));
  return output.at(1);
}

/** Those of its cells that have all they are going to get. */
function finishedOnly(output: HTMLCanvasElement, finished: readonly Extent[]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [output.width, output.height];
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  for (const { top, left, rows, columns } of finished) {
    if (rows > 0 && columns > 0) context.drawImage(output, left, top, columns, rows, left, top, columns, rows);
  }
  return canvas;
}

/** What the stamp of an input cell leaves on the output, and where the output is finished without it. */
function stampOf(view: scenes.View): (Pick<Picture, "frame" | "stamp"> & { readonly finished: readonly Extent[] }) | null {
  const { shown: current, detail: { stamp }, channel, ink } = view;
  if (!current.stamps || !stamp) return null;
  const { y, x } = current.geometry;
  const { row, column } = scenes.at(view);
  const { top, left, rows, columns } = scenes.outputExtent(view);
  // What is cropped away lies beside the picture.
  const inside = (first: number, count: number, size: number): [number, number] => [Math.max(0, first), Math.max(0, Math.min(size, first + count) - Math.max(0, first))];
  const [[first, down], [begin, across]] = [inside(top, rows, y.outputSize), inside(left, columns, x.outputSize)];
  return {
    frame: { top: first, left: begin, rows: down, columns: across },
    stamp: stamp.stamp.filter(({ position }) => position !== null).map(({ kernel_y, kernel_x, output_y, output_x, products }) => {
      const product = formatNumber(products[channel] ?? NaN);
      return {
        row: output_y, column: output_x, colour: tapColour(kernel_y, kernel_x, y.kernelSize, x.kernelSize, ink.dark),
        text: product.startsWith("−") ? product : `+${product}`,
      };
    }),
    finished: current.stamps.finished(row, column),
  };
}

const heading = (column: string): { heading: string; detail: string; shape: string } => {
  const within = (selector: string): string => document.querySelector(`.column.${column} ${selector}`)?.textContent ?? "";
  const button = document.querySelector<HTMLElement>(`.column.${column} .pick`);
  return { heading: within("h2"), detail: button && !button.hidden ? (button.textContent ?? "") : "", shape: within(".shape b") };
};

function sceneOf(current: Shown, view: scenes.View): FigureScene {
  const { ink } = view;
  const { y, x } = current.geometry;
  const { row, column } = scenes.at(view);
  const inside = scenes.inputScene(view, { cell: 1, margin: 0, top: 0, left: 0, rows: 1, columns: 1 }, document.createElement("canvas"));
  const { height, width } = current.input;
  const print: Picture["print"] = (atRow, atColumn) => {
    const within = atRow >= 0 && atColumn >= 0 && atRow < height && atColumn < width;
    if (within) return inside.print(atRow, atColumn);
    const beyond = inside.beyond(atRow, atColumn);
    return beyond && { text: beyond.text, colour: beyond.colour ?? ink.sheet };
  };
  const stamped = stampOf(view);
  const output = outputUpTo(view, view.computed);
  const has = (atRow: number, atColumn: number): boolean =>
    (stamped ? covered(stamped.finished, atRow, atColumn) && !stamped.stamp?.some((cell) => cell.row === atRow && cell.column === atColumn)
      : atRow * x.outputSize + atColumn < view.computed);
  return {
    ink, serif: getComputedStyle(query("#sentence")).fontFamily,
    call: callWords(), sentence: said(current, view.detail).map((part) => (typeof part === "string" ? part : part.textContent)).join(""),
    input: {
      ...heading("input"), top: -y.padBefore, left: -x.padBefore,
      rows: y.inputSize + y.padBefore + y.padAfter, columns: x.inputSize + x.padBefore + x.padAfter, height, width,
      picture: enlarged(new InputPicture().of(current, 1, current.firstChannel + view.channel), PICTURE_PX).toDataURL(), frame: scenes.windowExtent(view), print,
    },
    output: {
      ...heading("output"), top: 0, left: 0, rows: y.outputSize, columns: x.outputSize, height: y.outputSize, width: x.outputSize,
      picture: enlarged(stamped ? finishedOnly(output, stamped.finished) : output, PICTURE_PX).toDataURL(),
      frame: { top: row, left: column, rows: 1, columns: 1 }, ...stamped,
      print: (atRow, atColumn) => {
        const value = current.data.outputs[atRow * x.outputSize + atColumn] ?? 0;
        return has(atRow, atColumn) ? { text: formatNumber(value), colour: outputColour(value, view.palette, current.scale, ink.dark) } : null;
      },
    },
    kernel: heading("kernel"), loupe: scenes.loupeScene(view, 340), ...sumAndResult(view),
  };
}

const covered = (extents: readonly Extent[], row: number, column: number): boolean =>
  extents.some(({ top, left, rows, columns }) => row >= top && row < top + rows && column >= left && column < left + columns);

function sumAndResult({ shown: current, detail: here, palette, ink }: scenes.View): Pick<FigureScene, "sum" | "result"> {
  const { stamp, output } = here;
  if (stamp) {
    const values = stamp.values.map((value, channel) => termOf(current, channel, value));
    const { length } = stamp.stamp;
    return { sum: `${short(values, NBSP)} ${TIMES}`, result: { text: `${length}${text().operations.weights(length)}`, colour: ink.sheet } };
  }
  const result = hidden.peek() ? { text: "?", colour: ink.mark } : { text: formatNumber(output), colour: outputColour(output, palette, current.scale, ink.dark) };
  return { sum: sumWords(current), result };
}

function termOf(current: Shown, channel: number, value: number): string {
  const { tag, ink } = channelName(current.firstChannel + channel, current.info.in_channels);
  return `${ink === "sum" ? "" : `${tag}${NBSP}`}${formatNumber(value)}`;
}

/** The call as code: what is there for hands and for those who do not see it is left out. */
function callWords(): string {
  const copy = query("#call").cloneNode(true) as HTMLElement;
  for (const one of copy.querySelectorAll(".unseen")) one.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

const MOST_TERMS = 4;

function sumWords(current: Shown): string {
  const now = hidden.peek() ? null : progress(current);
  if (!now) return "";
  const { operation, activation } = current.asked;
  const { explain } = later();
  const end = now.whole ? "=" : "…";
  if (operation === "max_pool2d") return `max(${short(now.values.map((value) => formatNumber(value)), ", ")}) ${end}`;
  if (isPool(operation)) return `(${short(now.values.map((value) => formatNumber(value)), " + ")}) ÷ ${detail.peek()?.divisor ?? 0} ${end}`;
  const terms = now.terms.map(({ channel, value }) => termOf(current, channel, value));
  const bias = current.asked.bias;
  const sum = [short(terms, " + "), ...(bias === 0 ? [] : [`${explain.bias}${NBSP}${formatNumber(bias, 4)}`])].join(" + ");
  if (!now.whole || !activation) return `${sum} ${end}`;
  const added = formatNumber(now.sum);
  return `${sum === added ? "" : `${sum} = ${added}; `}${activation}(${added}) =`;
}

const short = (terms: readonly string[], between: string): string =>
  (terms.length <= MOST_TERMS * 2 + 1 ? terms : [...terms.slice(0, MOST_TERMS), "…", terms.at(-1) ?? ""]).join(between);

export function svgFile(): Blob | null {
  const current = shown.peek();
  const view = current && viewOf(current);
  return current && view ? new Blob([figureSvg(sceneOf(current, view))], { type: "image/svg+xml" }) : null;
}

/** The drawing in pixels, `scale` of them for one of its units. `size` is of another step's, whose sentence may be longer or shorter. */
export async function figureCanvas(scale: number, size: readonly [width: number, height: number] | null = null): Promise<HTMLCanvasElement | null> {
  const svg = svgFile();
  if (!svg) return null;
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const height = Math.round((image.naturalHeight / image.naturalWidth) * WIDTH * scale);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = size ?? [WIDTH * scale, height];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.fillStyle = readInk(document.documentElement).paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, WIDTH * scale, height);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}

export async function pngFile(): Promise<Blob | null> {
  const canvas = await figureCanvas(SCALE);
  return canvas && new Promise((resolve) => canvas.toBlob(resolve));
}
