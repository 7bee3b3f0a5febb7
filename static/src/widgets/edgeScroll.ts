/** What is painted on scrolls by itself while the pointer is held at its edge. */

/** CSS pixels from an edge at which it begins, and the most that a frame scrolls. */
const NEAR = 24;
const MOST = 9;

/** How far to scroll towards the edge that is near, faster the nearer, and fastest beyond it. */
export function pull(at: number, low: number, high: number): number {
  const [before, after] = [at - low, high - at];
  // Between two edges that are both near there is nowhere to go.
  if (before < NEAR && after < NEAR) return 0;
  const share = (room: number): number => Math.ceil(MOST * Math.min(1, (NEAR - room) / NEAR));
  return before < NEAR ? -share(before) : after < NEAR ? share(after) : 0;
}

export interface Pointer {
  readonly clientX: number;
  readonly clientY: number;
}

/**
 * Scrolls `across` sideways and `down` up and down, frame by frame, until `where` says that the pointer is gone.
 * `moved` is called when the pointer lies over something else than before.
 */
export function scrollAtEdges(across: Element, down: Element, where: () => Pointer | null, moved: (at: Pointer) => void): void {
  const frame = (): void => {
    const at = where();
    if (!at) return;
    const [wide, high] = [across.getBoundingClientRect(), down.getBoundingClientRect()];
    const before = across.scrollLeft + down.scrollTop;
    across.scrollBy(pull(at.clientX, wide.left, wide.right), 0);
    down.scrollBy(0, pull(at.clientY, high.top, high.bottom));
    if (across.scrollLeft + down.scrollTop !== before) moved(at);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
