/** Stepping and playing, in units of the cadence. The clock waits for numbers; it never skips one. */
import { batch, effect } from "@preact/signals-core";
import { revealAll, seek, shown } from "./session.ts";
import * as state from "./state.ts";

/** A lag longer than this (a hidden tab, a slow network) is forgotten rather than caught up. */
const FORGET_MS = 250;

/** One unit forward or back; resolves to false at either end of the scan. */
export async function step(direction: 1 | -1): Promise<boolean> {
  const current = shown.peek();
  if (!current) return false;
  const { positions, columns } = current.walk;
  const last = positions - 1;
  const position = state.position.peek();
  const move = (to: number, ahead: number): Promise<boolean> | boolean =>
    to === position ? false : seek(to, ahead);
  switch (state.cadence.peek()) {
    case "tap":
      if (state.way.peek() !== null) return stepWay(direction);
      return stepTap(direction, current.info.taps, position, last);
    case "position":
      return move(clamp(position + direction, last), direction);
    case "row":
      return move(clamp(position + direction * columns, last), direction * columns);
    case "everything":
      if (direction === -1) return move(0, 0);
      if (position === last) return false;
      await revealAll();
      return false;
  }
}

async function stepTap(direction: 1 | -1, taps: number, position: number, last: number): Promise<boolean> {
  const next = state.tap.peek() + direction;
  if (next >= 0 && next < taps) {
    showTap(next);
    return true;
  }
  const to = position + direction;
  if (to < 0 || to > last || !(await seek(to, direction))) return false;
  showTap(direction === 1 ? 0 : taps - 1);
  return true;
}

/** Through the stages of another way to the output cell, then to the next cell. */
export async function stepWay(direction: 1 | -1): Promise<boolean> {
  const current = shown.peek();
  const [next, steps] = [state.wayStep.peek() + direction, state.waySteps.peek()];
  if (next >= 0 && next < steps) {
    state.wayStep.value = next;
    return true;
  }
  const to = state.position.peek() + direction;
  if (!current || steps === 0 || to < 0 || to >= current.walk.positions || !(await seek(to, direction))) return false;
  state.wayStep.value = direction === 1 ? 0 : steps - 1;
  return true;
}

/** The loupe follows the tap from channel to channel. */
export function showTap(index: number): void {
  const current = shown.peek();
  if (!current) return;
  batch(() => {
    state.tap.value = index;
    state.channel.value = Math.floor(index / (current.info.taps / current.info.group_channels));
  });
}

export async function play(): Promise<void> {
  if (state.playing.peek()) return;
  const current = shown.peek();
  if (!current) return;
  state.playing.value = true;
  if (state.position.peek() === current.walk.positions - 1 && atLastTap()) {
    await seek(0);
    if (state.cadence.peek() === "tap") {
      showTap(0);
      state.wayStep.value = 0;
    }
  }
  let due = performance.now();
  while (state.playing.peek()) {
    const now = await frame();
    if (now < due) continue;
    due = Math.max(due, now - FORGET_MS) + 1000 / state.speed.peek();
    const before = shown.peek();
    if (!state.playing.peek()) break;
    // A step that did not happen ends the play, unless the operation was changed under it or the server has to come back.
    if (!(await step(1)) && shown.peek() === before && !(await cameBack())) break;
  }
  state.playing.value = false;
}

/** Once an absent server has answered again: true; at once false where it is not absent. A pause ends the wait. */
function cameBack(): Promise<boolean> {
  const isAway = (): boolean => state.notice.value?.kind === "offline" && state.playing.value;
  return new Promise((resolve) => {
    let was = false;
    const stop = effect(() => {
      if (isAway()) was = true;
      else {
        resolve(was);
        queueMicrotask(() => stop());
      }
    });
  });
}

export function pause(): void {
  state.playing.value = false;
}

function atLastTap(): boolean {
  if (state.way.peek() !== null) return state.cadence.peek() !== "tap" || state.wayStep.peek() === state.waySteps.peek() - 1;
  return state.cadence.peek() !== "tap" || state.tap.peek() === (shown.peek()?.info.taps ?? 0) - 1;
}

const clamp = (position: number, last: number): number => Math.min(Math.max(0, position), last);
const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
