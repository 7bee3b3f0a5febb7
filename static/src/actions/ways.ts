/** Other ways to the same output, in the stage's place. */
import { pause, stepWay } from "../player.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { close, open, toggle } from "../ways.ts";
import type { Actions } from "./action.ts";

function step(direction: 1 | -1): void {
  if (state.way.peek() === null) return;
  pause();
  void stepWay(direction);
}

export const ways: Actions = {
  ways: { label: () => text().actions.ways, keys: ["a"], run: toggle },
  way: { label: null, run: (name) => open(name as state.Way) },
  "way-close": { label: null, run: () => void close() },
  "way-next": { label: () => text().actions.nextWayStep, keys: ["."], run: () => step(1) },
  "way-previous": { label: () => text().actions.previousWayStep, keys: [","], run: () => step(-1) },
  "way-step": {
    label: null,
    run: (index) => {
      pause();
      state.wayStep.value = Number(index);
    },
  },
};
