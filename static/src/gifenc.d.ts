/** The part of gifenc 1.0.3 that is used: it has no types of its own. */
declare module "gifenc" {
  type Palette = readonly (readonly [number, number, number])[];
  interface Encoder {
    /** `delay` in milliseconds. The first frame says how large all of them are. */
    writeFrame(indexed: Uint8Array, width: number, height: number, options: { readonly palette: Palette; readonly delay: number }): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(): Encoder;
  export function quantize(rgba: Uint8ClampedArray, colours: number): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
}
