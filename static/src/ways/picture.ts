/** A plane of numbers as a picture of one pixel a cell, which a painter enlarges. */
import { type PaletteName, type Scale, fillOutputPixels } from "../palette.ts";
import { make } from "../widgets/dom.ts";

/** By row and column; null for what is no number. */
export type Values = readonly (readonly (number | null)[])[];

export function pictureOf(values: Values, palette: PaletteName, scale: Scale, dark: boolean): HTMLCanvasElement {
  const picture = make("canvas", { width: values[0]?.length ?? 0, height: values.length });
  const context = picture.getContext("2d") as CanvasRenderingContext2D;
  const pixels = context.createImageData(picture.width, picture.height);
  const cells = Float32Array.from(values.flat(), (value) => value ?? NaN);
  fillOutputPixels(pixels.data, cells, 0, cells.length, palette, scale, dark);
  context.putImageData(pixels, 0, 0);
  return picture;
}
