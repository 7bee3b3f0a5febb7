/** A picture made smaller by a whole number: every pixel is the mean of those it stands for. */

/**
 * Fills the target rows that stand for the source rows `from` … `to` − 1. Both are RGBA; the target is
 * ceil(width / by) pixels wide. Transparent pixels have no part in a mean: they are cells without a number.
 */
export function shrinkRows(
  source: Uint8ClampedArray, width: number, height: number, by: number, from: number, to: number, target: Uint8ClampedArray,
): { first: number; count: number } {
  const columns = Math.ceil(width / by);
  const first = Math.floor(from / by);
  const last = Math.min(Math.ceil(to / by), Math.ceil(height / by));
  for (let row = first; row < last; row++) {
    const bottom = Math.min(height, (row + 1) * by);
    for (let column = 0; column < columns; column++) {
      const right = Math.min(width, (column + 1) * by);
      let red = 0;
      let green = 0;
      let blue = 0;
      let opaque = 0;
      for (let y = row * by; y < bottom; y++) {
        for (let x = column * by; x < right; x++) {
          const at = (y * width + x) * 4;
          if (source[at + 3] === 0) continue;
          red += source[at] as number;
          green += source[at + 1] as number;
          blue += source[at + 2] as number;
          opaque++;
        }
      }
      const at = (row * columns + column) * 4;
      target[at] = red / opaque;
      target[at + 1] = green / opaque;
      target[at + 2] = blue / opaque;
      target[at + 3] = opaque === 0 ? 0 : 255;
    }
  }
  return { first, count: last - first };
}
