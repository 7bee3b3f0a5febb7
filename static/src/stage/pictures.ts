/** The input and the output as small canvases, one pixel a cell, that painters scale up. */
import { type PaletteName, type Scale, fillInputPixels, fillOutputPixels } from "../palette.ts";
import type { Shown } from "../session.ts";

function blank(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return { canvas, context: canvas.getContext("2d") as CanvasRenderingContext2D };
}

export function inputPicture({ input, range }: Shown): HTMLCanvasElement {
  const { width, height, channels, values } = input;
  const { canvas, context } = blank(width, height);
  const pixels = context.createImageData(width, height);
  fillInputPixels(pixels.data, values, channels, range);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Grows with the sums: only rows that gained cells are painted again. */
export class OutputPicture {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #pixels: ImageData;
  readonly #palette: PaletteName;
  readonly #scale: Scale;
  readonly #dark: boolean;
  #painted = 0;

  constructor({ geometry, scale }: Shown, palette: PaletteName, dark: boolean) {
    const { canvas, context } = blank(geometry.x.outputSize, geometry.y.outputSize);
    this.canvas = canvas;
    this.#context = context;
    this.#pixels = context.createImageData(canvas.width, canvas.height);
    this.#palette = palette;
    this.#scale = scale;
    this.#dark = dark;
  }

  paintUpTo(sums: Float32Array, count: number): void {
    if (count <= this.#painted) return;
    const { width } = this.canvas;
    fillOutputPixels(this.#pixels.data, sums, this.#painted, count, this.#palette, this.#scale, this.#dark);
    const from = Math.floor(this.#painted / width);
    this.#context.putImageData(this.#pixels, 0, 0, 0, from, width, Math.ceil(count / width) - from);
    this.#painted = count;
  }
}
