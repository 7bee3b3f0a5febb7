import { pause, play, showTap, step } from "../player.ts";
import { seek, shown } from "../session.ts";
import * as state from "../state.ts";
import type { Actions } from "./action.ts";
import { text } from "../text/text.ts";

const last = (): number => (shown.peek()?.walk.positions ?? 1) - 1;
const row = (): number => shown.peek()?.walk.columns ?? 1;

/** A step by hand ends the play: the person has taken over. */
function go(position: number, direction = 1): void {
  pause();
  void seek(position, direction);
}

export const stepping: Actions = {
  play: {
    label: () => text().actions.play, keys: ["Space"],
    run: () => (state.playing.peek() ? pause() : void play()),
  },
  forward: { label: () => text().actions.forward, keys: ["ArrowRight"], run: () => { pause(); void step(1); } },
  back: { label: () => text().actions.back, keys: ["ArrowLeft"], run: () => { pause(); void step(-1); } },
  "row-down": { label: () => text().actions.rowDown, keys: ["ArrowDown"], run: () => go(Math.min(last(), state.position.peek() + row()), row()) },
  "row-up": { label: () => text().actions.rowUp, keys: ["ArrowUp"], run: () => go(Math.max(0, state.position.peek() - row()), -row()) },
  first: { label: () => text().actions.first, keys: ["Home"], run: () => { go(0); if (state.cadence.peek() === "tap") showTap(0); } },
  last: { label: () => text().actions.last, keys: ["End"], run: () => go(last(), 0) },
  "go-to": { label: null, run: (position) => go(Number(position)) },
  tap: {
    label: null,
    run: (index) => {
      pause();
      state.cadence.value = "tap";
      showTap(Number(index));
    },
  },
  cadence: {
    label: null,
    run: (cadence) => {
      pause();
      state.cadence.value = cadence as state.Cadence;
      if (cadence === "tap") showTap(0);
    },
  },
  speed: { label: null, run: (speed) => { state.speed.value = Number(speed); } },
};
