/** Where a popup covers least of what a person wants to see beside it. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Sight {
  readonly box: Box;
  /** How much it matters that this is seen, per covered pixel. */
  readonly weight: number;
}

/** CSS pixels around a popup. */
export const GAP = 8;

/** Pixels that two boxes share. */
export const overlap = (a: Box, b: Box): number => {
  const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, across) * Math.max(0, down);
};

/** Beside, above or below `subject` or at an edge of the window, whichever covers least; of equals the first. */
export function leastCovering(
  popup: { readonly width: number; readonly height: number }, subject: Box, sights: readonly Sight[], view: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number } {
  const { width, height } = popup;
  const lefts = [subject.left - width - GAP, subject.left + subject.width + GAP, subject.left + subject.width / 2 - width / 2, GAP, view.width - width - GAP];
  const tops = [subject.top + subject.height / 2 - height / 2, subject.top, subject.top - height - GAP, subject.top + subject.height + GAP, GAP, view.height - height - GAP];
  const inside = (at: number, length: number, most: number): number => Math.max(GAP, Math.min(at, most - length - GAP));
  let best = { left: GAP, top: GAP };
  let least = Infinity;
  for (const wantedLeft of lefts) {
    for (const wantedTop of tops) {
      const at = { left: inside(wantedLeft, width, view.width), top: inside(wantedTop, height, view.height) };
      const cost = sights.reduce((sum, { box, weight }) => sum + weight * overlap({ ...at, width, height }, box), 0);
      if (cost < least - 0.5) [best, least] = [at, cost];
    }
  }
  return best;
}
