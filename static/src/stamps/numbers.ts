/** The numbers of stamps: one input cell at a time, times every weight. */
import type { StampedCell, TraceInfo } from "../api.ts";
import { Cache } from "../cache.ts";
import type { Detail, TraceData } from "../trace.ts";

const HELD = 512;
/** Stamps fetched ahead of the playhead: each is a request of its own. */
const AHEAD = 8;

type Source = Pick<TraceData, "inputCell"> & { readonly info: Pick<TraceInfo, "taps" | "input"> };

export class StampNumbers {
  readonly #data: Source;
  readonly #details = new Cache<Detail>(HELD);

  constructor(data: Source) {
    this.#data = data;
  }

  detail(position: number): Detail | undefined {
    return this.#details.get(position);
  }

  need(position: number, direction = 1): Promise<Detail> {
    const here = this.#fetch(position);
    const { height, width } = this.#data.info.input;
    for (let step = 1; step <= AHEAD; step++) {
      const ahead = position + step * direction;
      // One that fails is no news: the step that needs it asks again and says so.
      if (direction !== 0 && ahead >= 0 && ahead < height * width) this.#fetch(ahead).catch(() => undefined);
    }
    return here;
  }

  #fetch(position: number): Promise<Detail> {
    return this.#details.fetch(position, async () => {
      const { info } = this.#data;
      const { width } = info.input;
      return toDetail(position, (await this.#data.inputCell(Math.floor(position / width), position % width)) as StampedCell, info.taps);
    });
  }
}

/** In the order of a trace's taps: channel, kernel row, kernel column. A stamp adds up nowhere: its sum is no number. */
export function toDetail(position: number, cell: StampedCell, taps: number): Detail {
  const { values, stamp } = cell;
  const each = taps / values.length;
  return {
    position,
    window: Float32Array.from({ length: taps }, (_, tap) => values[Math.floor(tap / each)] ?? NaN),
    products: Float32Array.from({ length: taps }, (_, tap) => stamp[tap % each]?.products[Math.floor(tap / each)] ?? NaN),
    channelSums: new Float32Array(0), sum: NaN, output: NaN, argmax: null, divisor: null,
    stamp: cell,
  };
}
