/** What the keys trace: the cell in the window's middle, or the weight that lies on it, to begin with. */
import { middleOf } from "../geometry.ts";
import { pause } from "../player.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import type { Actions } from "./action.ts";

function follow(what: (geometry: NonNullable<typeof shown.value>["geometry"]) => state.Pointed): void {
  const { geometry, walk } = shown.peek() ?? {};
  if (!geometry || walk?.stamps) return;
  pause();
  state.pinned.value = { what: what(geometry), at: state.position.peek(), byKeys: true };
}

const inside = (at: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(at)));

export const tracing: Actions = {
  "trace-input": {
    label: () => text().actions.traceInput, keys: ["i"],
    run: () => follow((geometry) => {
      const { row, column } = middleOf(geometry, state.position.peek());
      return { kind: "input", row: inside(row, geometry.y.inputSize), column: inside(column, geometry.x.inputSize) };
    }),
  },
  "trace-weight": {
    label: () => text().actions.traceWeight, keys: ["w"],
    run: () => follow(({ y, x }) => ({
      kind: "weight", place: Math.floor((y.kernelSize - 1) / 2) * x.kernelSize + Math.floor((x.kernelSize - 1) / 2),
    })),
  },
};
