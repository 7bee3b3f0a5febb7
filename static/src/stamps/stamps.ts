/** A transposed convolution the other way around: one input cell, and what its stamp leaves on the output. */
import type { Geometry } from "../geometry.ts";
import type { Extent } from "../stage/viewport.ts";
import type { Detail, TraceData } from "../trace.ts";
import { Finished, stampExtent } from "./layout.ts";
import { StampNumbers } from "./numbers.ts";

export class Stamps {
  readonly #geometry: Geometry;
  readonly #finished: Finished;
  readonly #numbers: StampNumbers;

  constructor(data: TraceData) {
    this.#geometry = data.geometry;
    this.#finished = new Finished(data.geometry);
    this.#numbers = new StampNumbers(data);
  }

  detail(position: number): Detail | undefined {
    return this.#numbers.detail(position);
  }

  need(position: number, direction = 1): Promise<Detail> {
    return this.#numbers.need(position, direction);
  }

  /** The output cells from a stamp's first to its last, cropped ones too. */
  extent(row: number, column: number): Extent {
    return stampExtent(this.#geometry, row, column);
  }

  /** The output cells that have all their stamps once this one is laid down. */
  finished(row: number, column: number): readonly Extent[] {
    return this.#finished.at(row, column);
  }
}
