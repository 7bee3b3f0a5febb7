/** The input and the output as small canvases, one pixel a cell, that painters scale up; and smaller ones for the overview. */
import { type PaletteName, type Scale, fillInputPixels, fillOutputPixels } from "../palette.ts";
import type { Shown } from "../session.ts";
import { shrinkRows } from "./shrink.ts";

/** A canvas that is painted pixel by pixel. */
class Pixels {
  readonly canvas: HTMLCanvasElement;
  readonly data: Uint8ClampedArray;
  readonly #context: CanvasRenderingContext2D;
  readonly #pixels: ImageData;

  constructor(width: number, height: number) {
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.#context = this.canvas.getContext("2d") as CanvasRenderingContext2D;
    this.#pixels = this.#context.createImageData(width, height);
    this.data = this.#pixels.data;
  }

  putRows(first: number, count: number): void {
    this.#context.putImageData(this.#pixels, 0, 0, 0, first, this.canvas.width, count);
  }
}

/** A picture at full size and, made when it is asked for, at one small size. */
class Picture {
  readonly full: Pixels;
  #small: { readonly by: number; readonly pixels: Pixels } | null = null;

  constructor(width: number, height: number) {
    this.full = new Pixels(width, height);
  }

  /** Rows `from` … `to` − 1 of the full size have been painted. */
  changed(from: number, to: number): void {
    this.full.putRows(from, to - from);
    if (this.#small) this.#shrink(this.#small, from, to);
  }

  /** The canvas to draw cells of so many device pixels from. */
  at(cell: number): HTMLCanvasElement {
    if (cell > 0.75) return this.full.canvas;
    const by = Math.round(1 / cell);
    const { width, height } = this.full.canvas;
    if (this.#small?.by !== by) {
      this.#small = { by, pixels: new Pixels(Math.ceil(width / by), Math.ceil(height / by)) };
      this.#shrink(this.#small, 0, height);
    }
    return this.#small.pixels.canvas;
  }

  #shrink({ by, pixels }: { by: number; pixels: Pixels }, from: number, to: number): void {
    const { width, height } = this.full.canvas;
    const { first, count } = shrinkRows(this.full.data, width, height, by, from, to, pixels.data);
    pixels.putRows(first, count);
  }
}

/** Painted once for each input, or for each of its channels where they are no colours: a change of the call keeps it. */
export class InputPicture {
  #input: Shown["input"] | null = null;
  #picture: Picture | null = null;
  #channel = 0;

  /** `channel` is the one under the loupe, counted from the input's first. */
  of({ input, range }: Shown, cell: number, channel: number): HTMLCanvasElement {
    const one = input.channels === 3 ? 0 : channel;
    if (this.#picture === null || this.#input !== input || this.#channel !== one) {
      const { width, height, channels, values } = input;
      this.#picture = new Picture(width, height);
      fillInputPixels(this.#picture.full.data, values, channels, range, one);
      this.#channel = one;
      this.#picture.changed(0, height);
      this.#input = input;
    }
    return this.#picture.at(cell);
  }
}

/** Grows with the sums: only rows that gained cells are painted again. */
export class OutputPicture {
  readonly #picture: Picture;
  readonly #width: number;
  readonly #palette: PaletteName;
  readonly #scale: Scale;
  readonly #dark: boolean;
  #painted = 0;

  constructor({ geometry, scale }: Shown, palette: PaletteName, dark: boolean) {
    this.#width = geometry.x.outputSize;
    this.#picture = new Picture(this.#width, geometry.y.outputSize);
    this.#palette = palette;
    this.#scale = scale;
    this.#dark = dark;
  }

  at(cell: number): HTMLCanvasElement {
    return this.#picture.at(cell);
  }

  paintUpTo(sums: Float32Array, count: number): void {
    if (count <= this.#painted) return;
    fillOutputPixels(this.#picture.full.data, sums, this.#painted, count, this.#palette, this.#scale, this.#dark);
    this.#picture.changed(Math.floor(this.#painted / this.#width), Math.ceil(count / this.#width));
    this.#painted = count;
  }
}
