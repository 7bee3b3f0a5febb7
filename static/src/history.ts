/** Undo and redo of every change: of what is asked for, and of how it looks. To move the playhead is no change. */
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import { pageNow } from "./address.ts";
import { pause } from "./player.ts";
import { abandon, places, shown } from "./session.ts";
import * as state from "./state.ts";
import { text } from "./text/text.ts";
import { type Known, type Page, nameOfChange } from "./url.ts";

interface Entry {
  readonly asked: state.Asked;
  readonly page: Page;
}

const entries = signal<readonly Entry[]>([]);
const index = signal(0);
let known: Known = { sources: [], filters: [] };

const nameAt = (at: number): string | null => {
  const [before, after] = [entries.value[at - 1], entries.value[at]];
  return before && after ? nameOfChange(after.page, before.page, known) : null;
};
/** What undo takes back and redo brings again, as in "stride 2"; null for nothing. */
export const undoable = computed(() => nameAt(index.value));
export const redoable = computed(() => nameAt(index.value + 1));
/** What undo or redo has done last, for those who do not see it; a new object each time, so that it is said again. */
export const said = signal({ text: "" });

/** Keeps every change from now on. */
export function record(catalog: Known): void {
  known = catalog;
  effect(() => {
    const asked = state.asked.value;
    // Read here, so that a change of one of them is one.
    void [state.framework.value, state.palette.value, state.outputSize.value];
    if (asked) untracked(() => keep({ asked, page: pageNow(asked) }));
  });
}

function keep(entry: Entry): void {
  const at = index.peek();
  const before = entries.peek()[at];
  // Until something is on the stage there is nothing to go back to; and a change that changes nothing is none.
  if (!before || shown.peek() === null || nameOfChange(entry.page, before.page, known) === null) {
    entries.value = before ? entries.peek().with(at, entry) : [entry];
    return;
  }
  leave();
  batch(() => {
    entries.value = [...entries.peek().slice(0, at + 1), entry];
    index.value = at + 1;
    said.value = { text: "" };
  });
}

/** Another picture starts at its first position; to come back to this one is to come back to its place. */
function leave(): void {
  const asked = entries.peek()[index.peek()]?.asked;
  if (asked && shown.peek()?.asked === asked) places.set(asked, state.position.peek());
}

export function undo(): void {
  travel(-1, text().history.undone, undoable.peek());
}

export function redo(): void {
  travel(1, text().history.redone, redoable.peek());
}

function travel(by: 1 | -1, say: (change: string) => string, name: string | null): void {
  if (name === null) return;
  go(index.peek() + by);
  said.value = { text: say(name) };
}

function go(to: number): void {
  const entry = entries.peek()[to];
  if (!entry) return;
  pause();
  leave();
  if (entry.asked !== state.asked.peek()) abandon();
  batch(() => {
    index.value = to;
    state.asked.value = entry.asked;
    state.framework.value = entry.page.framework;
    state.palette.value = entry.page.palette;
    state.outputSize.value = entry.page.outputSize;
  });
}

/** Back to what is on the stage, from where nothing has come yet. */
export function cancel(): void {
  const there = shown.peek()?.asked;
  const from = index.peek();
  const [nearest] = entries.peek()
    .flatMap(({ asked }, at) => (asked === there ? [at] : []))
    .sort((one, other) => Math.abs(one - from) - Math.abs(other - from));
  if (nearest !== undefined) go(nearest);
}
