/** By keyboard: an input cell or a weight is followed, the arrows move it, Enter takes the window there, Escape ends it. */
import { act } from "../actions/index.ts";
import { closeOnEscape } from "../escape.ts";
import { positionAt } from "../geometry.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { mayAct } from "../widgets/input.ts";

const MOVES: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

export function keys(): void {
  closeOnEscape("provenance", () => {
    const held = state.pinned.peek() !== null;
    state.pinned.value = null;
    return held;
  });
  // Before the page's own keys, which would move the playhead.
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !pressed(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

function pressed(event: KeyboardEvent): boolean {
  const pinned = state.pinned.peek();
  if (!pinned) return false;
  const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  if (!plain || !mayAct(event, event.key)) return false;
  if (!pinned.byKeys) return false;
  const move = MOVES[event.key];
  if (move) moveBy(pinned.what, ...move);
  else if (event.key === "Enter" && !(event.target as Element).closest("button, a, summary")) go(pinned.what);
  else return false;
  return true;
}

const follow = (what: state.Pointed, at = state.position.peek()): void => { state.pinned.value = { what, at, byKeys: true }; };

function moveBy(what: state.Pointed, down: number, across: number): void {
  const geometry = shown.peek()?.geometry;
  if (!geometry) return;
  const { y, x } = geometry;
  const held = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
  if (what.kind === "input") {
    follow({ kind: "input", row: held(what.row + down, y.inputSize), column: held(what.column + across, x.inputSize) });
  } else if (what.kind === "weight") {
    const [row, column] = [Math.floor(what.place / x.kernelSize) + down, (what.place % x.kernelSize) + across];
    follow({ kind: "weight", place: held(row, y.kernelSize) * x.kernelSize + held(column, x.kernelSize) });
  }
}

function go(what: state.Pointed): void {
  const geometry = shown.peek()?.geometry;
  if (what.kind !== "input" || !geometry) return;
  const at = positionAt(geometry.y, geometry.x, what.row, what.column);
  follow(what, at);
  act("go-to", String(at));
}
