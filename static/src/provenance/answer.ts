/** What is known of the cell that is traced: asked of the server one by one, the newest first. */
import { effect, signal, untracked } from "@preact/signals-core";
import { ApiError, type InputCell } from "../api.ts";
import { traced } from "../provenance.ts";
import { type Shown, shown } from "../session.ts";
import type { Pointed } from "../state.ts";
import type { Detail } from "../trace.ts";

interface Question {
  readonly what: Pointed;
  readonly current: Shown;
}

export interface Answer extends Question {
  /** Of an input cell: who reads it. */
  readonly cell: InputCell | null;
  /** Of an output cell: its numbers. */
  readonly detail: Detail | null;
  readonly refusal: string | null;
}

/** Of what is traced, or until its own has come of what was traced before; null when nothing is. */
export const answer = signal<Answer | null>(null);

let wanted: Question | null = null;
let asking = false;

export function answering(): void {
  effect(() => {
    const [what, current] = [traced.value, shown.value];
    wanted = what && current && { what, current };
    untracked(() => {
      if (wanted === null) answer.value = null;
      else if (answer.peek()?.current !== current) answer.value = null;
      void ask();
    });
  });
}

/** A pointer crosses cells faster than answers come: those in between are left out. */
async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  for (let question = wanted; question; ) {
    const found = await answered(question);
    if (wanted === null) break;
    if (wanted.current === question.current) answer.value = found ?? answer.peek();
    question = wanted === question ? null : wanted;
  }
  asking = false;
}

/** Null when the server does not answer: what needs it says so, a look does not. */
async function answered({ what, current }: Question): Promise<Answer | null> {
  const known = { what, current, cell: null, detail: null, refusal: null };
  try {
    switch (what.kind) {
      case "input":
        return { ...known, cell: await current.data.inputCell(what.row, what.column) };
      case "output":
        return { ...known, detail: await current.data.need(what.position, 0) };
      case "weight":
        return known;
    }
  } catch (error) {
    return error instanceof ApiError ? { ...known, refusal: error.detail } : null;
  }
}
