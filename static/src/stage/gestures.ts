/** One pointer presses and drags; two fingers pan and zoom, and so do the wheel and the middle button. */
import * as sights from "./sights.ts";

export interface Hand {
  begin(event: PointerEvent): void;
  /** Where the pointer is, also for the press itself. */
  move(event: PointerEvent): void;
  end(): void;
}

/** A finger that has not moved this far may be the first of two. */
const SLOP_PX = 6;
/** Wheels that count in lines, CSS pixels a line. */
const LINE_PX = 16;
const ZOOM_PER_PX = 0.008;
/** The most one turn of a wheel counts, so that a notch is one step and a pinch on a touchpad is smooth. */
const MOST_PX = 50;

interface Finger {
  readonly x: number;
  readonly y: number;
}

export function gestures(canvas: HTMLCanvasElement, which: sights.Which, hand: Hand): void {
  const fingers = new Map<number, Finger>();
  /** "pressed" is a finger that may still become one of two. */
  let doing: "nothing" | "pressed" | "dragging" | "pinching" | "panning" = "nothing";
  let pinched: ReturnType<typeof pinch> | null = null;
  const two = (): readonly [Finger, Finger] | null => {
    const [one, other] = [...fingers.values()];
    return one && other ? [one, other] : null;
  };

  const finish = (): void => {
    if (doing === "pressed" || doing === "dragging") hand.end();
    doing = "nothing";
  };
  const drag = (event: PointerEvent): void => {
    doing = "dragging";
    hand.move(event);
  };

  canvas.addEventListener("pointerdown", (event) => {
    const panning = event.pointerType === "mouse" && event.button === 1;
    if (event.button !== 0 && !panning) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (panning) {
      event.preventDefault();
      doing = "panning";
      return;
    }
    const pair = two();
    if (pair) {
      finish();
      doing = "pinching";
      pinched = pinch(canvas, which, pair);
      return;
    }
    hand.begin(event);
    if (event.pointerType === "touch") doing = "pressed";
    else drag(event);
  });

  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    if (doing === "pressed" && Math.hypot(now.x - before.x, now.y - before.y) < SLOP_PX) return;
    fingers.set(event.pointerId, now);
    const pair = two();
    if (doing === "panning") sights.pan(which, before.x - now.x, before.y - now.y);
    else if (doing === "pinching" && pair) pinched?.(pair);
    else if (doing === "pressed" || doing === "dragging") drag(event);
  });

  for (const name of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(name, (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (name === "pointerup" && doing === "pressed") hand.move(event);
      // The finger that stays after a pinch does nothing: it was never meant to drag.
      if (fingers.size === 0 || doing !== "pinching") finish();
    });
  }

  canvas.addEventListener("wheel", (event) => turn(canvas, which, event), { passive: false });
}

/** Two fingers hold on to the cells that are under them when the second one comes down. */
function pinch(canvas: HTMLCanvasElement, which: sights.Which, begin: readonly [Finger, Finger]): (now: readonly [Finger, Finger]) => void {
  const { left, top } = canvas.getBoundingClientRect();
  const apart = ([one, other]: readonly [Finger, Finger]): number => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
  const middle = ([one, other]: readonly [Finger, Finger]): Finger => ({ x: (one.x + other.x) / 2 - left, y: (one.y + other.y) / 2 - top });
  const grasped = sights.grasp(which, middle(begin));
  return (now) => {
    if (grasped) sights.carry(which, grasped, apart(now) / apart(begin), middle(now));
  };
}

function turn(canvas: HTMLCanvasElement, which: sights.Which, event: WheelEvent): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
  const { left, top } = canvas.getBoundingClientRect();
  if (event.ctrlKey) {
    // Touchpads send a pinch as a wheel with Ctrl. The page's own zoom is left to the rest of the page.
    event.preventDefault();
    const turned = Math.min(MOST_PX, Math.max(-MOST_PX, event.deltaY * unit));
    sights.zoom(which, Math.exp(-turned * ZOOM_PER_PX), { x: event.clientX - left, y: event.clientY - top });
    return;
  }
  if (!sights.pans(which)) return;
  event.preventDefault();
  sights.pan(which, event.deltaX * unit, event.deltaY * unit);
}
