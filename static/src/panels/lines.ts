/** The products of one position, line by line, as the Explain panel prints them. Pure. */

export interface Product {
  /** Row-major over the kernel. */
  readonly tap: number;
  readonly value: number;
  readonly weight: number;
  /** In the Tap cadence: multiplied last, or not multiplied yet. */
  readonly current: boolean;
  readonly later: boolean;
}

export interface Line {
  /** Counted from the first that the output channel reads. */
  readonly channel: number;
  /** Those whose weight is not 0; empty where the line shows its sum only. */
  readonly products: readonly Product[];
  readonly zeros: number;
  /** Weights that are not 0, and lie on no cell. */
  readonly missed: number;
  readonly taps: number;
  readonly whole: boolean;
}

/** More products than this are spelled for one channel only: nobody reads a thousand. */
export const MOST_PRODUCTS = 120;

export interface Multiplied {
  readonly window: ArrayLike<number>;
  /** Of a channel, in tap order. */
  readonly weights: (channel: number) => readonly number[];
  readonly channels: number;
  readonly chosen: number;
  /** The tap multiplied last; null for all. */
  readonly upTo: number | null;
  /** Whether a tap lies on a cell at all, if only of the padding. */
  readonly meets: (tap: number) => boolean;
}

export function linesOf({ window, weights, channels, chosen, upTo, meets }: Multiplied): Line[] {
  const all = Array.from({ length: channels }, (_, channel) => weights(channel));
  const spelled = all.reduce((count, plane) => count + plane.filter((weight) => weight !== 0).length, 0);
  let first = 0;
  return all.map((plane, channel) => {
    const from = first;
    first += plane.length;
    const whole = spelled <= MOST_PRODUCTS || channel === chosen;
    const products = whole ? plane.flatMap((weight, tap) => {
      const index = from + tap;
      return weight === 0 || !meets(tap) ? [] : [{ tap, weight, value: window[index] ?? NaN, current: index === upTo, later: upTo !== null && index > upTo }];
    }) : [];
    const zeros = plane.filter((weight) => weight === 0).length;
    const missed = plane.filter((weight, tap) => weight !== 0 && !meets(tap)).length;
    return { channel, products, zeros, missed, taps: plane.length, whole };
  });
}

/** How much stronger the border has to be than the rest for its darkness to need a word. */
const CLEARLY = 1.25;

/** Whether the output's strongest cells are those whose windows reach into the padding. */
export function strongestInPadding(outputs: Float32Array, inside: (position: number) => boolean): boolean {
  let strongest = 0;
  let within = 0;
  for (let position = 0; position < outputs.length; position++) {
    const magnitude = Math.abs(outputs[position] ?? 0);
    if (magnitude <= within) continue;
    strongest = Math.max(strongest, magnitude);
    if (inside(position)) within = magnitude;
  }
  return strongest > CLEARLY * within;
}
