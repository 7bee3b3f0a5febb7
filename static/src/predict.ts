/** Predict: what a position comes to is hidden until somebody has said what it will be. */
import { computed, signal } from "@preact/signals-core";
import { isPool } from "./asked.ts";
import { type Shown, detail, shown } from "./session.ts";
import * as state from "./state.ts";

export type Sign = "negative" | "zero" | "positive";

/** As many products can be added up in the head. */
const IN_THE_HEAD = 9;

const guess = signal<{ readonly of: Shown; readonly position: number; readonly said: Sign | number } | null>(null);

/** What was said of the position on the stage; null before, and while nobody is asked. */
export const guessed = computed<Sign | number | null>(() => {
  const last = guess.value;
  return state.predicting.value && last !== null && last.of === shown.value && last.position === detail.value?.position ? last.said : null;
});

/** Whether the result, and every sum on the way to it, is still a question. A stamp has no result of its own. */
export const hidden = computed(() => state.predicting.value && guessed.value === null && shown.value?.walk.stamps !== true);

/** The first position whose result is still a question, and those after it; infinite where nothing is asked. */
export const secretFrom = computed<number>(() => {
  const here = state.predicting.value && shown.value?.walk.stamps !== true ? detail.value : null;
  return here === null ? Infinity : here.position + (hidden.value ? 0 : 1);
});

/** Of what is large only the sign is asked; what a pool makes is of the size of what it reads. */
export const asksNumber = ({ asked }: Shown, products: number): boolean => isPool(asked.operation) || products <= IN_THE_HEAD;

export function say(said: Sign | number): void {
  const [of, here] = [shown.peek(), detail.peek()];
  if (of && here && hidden.peek()) guess.value = { of, position: here.position, said };
}
