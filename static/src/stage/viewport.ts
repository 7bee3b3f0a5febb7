/** Which cells of a grid are visible. A grid that fits is shown whole; a larger one pans after the window. */
import type { Figure } from "../painters/figure.ts";
import type { Grid } from "./fit.ts";

export interface Extent {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** Cells kept visible around the window while it moves. */
const AHEAD = 8;

export class Viewport {
  #top = 0;
  #left = 0;
  readonly #whole: Extent;
  readonly #view: Grid;
  readonly #cell: number;
  readonly #margin: number;

  /** `whole` in the grid's own coordinates: for the input it starts in the padding. */
  constructor(whole: Extent, view: Grid, cell: number, margin: number) {
    this.#whole = whole;
    this.#view = view;
    this.#cell = cell;
    this.#margin = margin;
    this.#top = whole.top;
    this.#left = whole.left;
  }

  get pans(): boolean {
    return this.#view.rows < this.#whole.rows || this.#view.columns < this.#whole.columns;
  }

  get figure(): Figure {
    return { cell: this.#cell, margin: this.#margin, top: this.#top, left: this.#left, rows: this.#view.rows, columns: this.#view.columns };
  }

  /** Pans no further than it must. Returns whether anything moved. */
  reveal({ top, left, rows, columns }: Extent): boolean {
    return this.#place(
      follow(this.#top, this.#view.rows, top, rows),
      follow(this.#left, this.#view.columns, left, columns),
    );
  }

  panBy(rows: number, columns: number): boolean {
    return this.#place(this.#top + rows, this.#left + columns);
  }

  #place(top: number, left: number): boolean {
    const held = (value: number, first: number, size: number, view: number): number =>
      Math.round(Math.min(Math.max(value, first), first + Math.max(0, size - view)));
    const before = [this.#top, this.#left];
    this.#top = held(top, this.#whole.top, this.#whole.rows, this.#view.rows);
    this.#left = held(left, this.#whole.left, this.#whole.columns, this.#view.columns);
    return before[0] !== this.#top || before[1] !== this.#left;
  }
}

function follow(first: number, visible: number, start: number, size: number): number {
  const ahead = Math.min(AHEAD, Math.max(0, (visible - size) / 2));
  if (start - ahead < first) return start - ahead;
  if (start + size + ahead > first + visible) return start + size + ahead - visible;
  return first;
}
