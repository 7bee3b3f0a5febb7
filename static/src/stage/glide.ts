/** The window glides between neighbouring positions so that the eye can follow it; long or fast steps jump. */
import type { Geometry } from "../geometry.ts";
import * as state from "../state.ts";

interface Place {
  readonly top: number;
  readonly left: number;
}

const GLIDE_MS = 120;
const FASTEST_GLIDE_PER_S = 8;

export class Glide {
  #from: Place | null = null;
  #to: Place | null = null;
  #started = 0;
  #now: Place | null = null;

  get moving(): boolean {
    return this.#from !== null;
  }

  towards(to: Place, { y, x }: Geometry, now: number): Place {
    if (!this.#to || to.top !== this.#to.top || to.left !== this.#to.left) {
      const near = this.#now !== null && Math.abs(to.top - this.#now.top) < y.span && Math.abs(to.left - this.#now.left) < x.span;
      const calm = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      const glides = near && calm && !(state.playing.peek() && state.speed.peek() > FASTEST_GLIDE_PER_S);
      this.#from = glides ? this.#now : null;
      this.#to = to;
      this.#started = now;
    }
    const share = Math.min(1, Math.max(0, (now - this.#started) / GLIDE_MS));
    if (this.#from === null || share === 1) {
      this.#from = null;
      this.#now = to;
    } else {
      const eased = 1 - (1 - share) ** 3;
      this.#now = {
        top: this.#from.top + (to.top - this.#from.top) * eased,
        left: this.#from.left + (to.left - this.#from.left) * eased,
      };
    }
    return this.#now;
  }
}
