/** Asks the server what a part of the page shows beside the stage. Where it does not answer, what there is stays, and it is asked again with the rest of the page. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { ApiError, OfflineError } from "../api.ts";
import { explainRefusal } from "../refusal.ts";
import { forget, recovered, retryLater } from "../session.ts";

/** Held keys ask for an answer where they stop. */
const SETTLED_MS = 150;

export interface Asking {
  /** The last question has no answer, as the server is away. */
  readonly away: ReadonlySignal<boolean>;
  /** The newest question only is answered: `keep` gets that, or as a text why the server refuses. */
  ask<T>(question: (life: AbortSignal) => Promise<T>, keep: (answer: T | string) => void, settled?: number): void;
  /** There is nothing to ask, or not any more. */
  stop(): void;
}

/** `part`: one name for each of the parts that are on the page at the same time. */
export function asking(part: string): Asking {
  const away = signal(false);
  let life = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const giveUp = (): void => {
    clearTimeout(waiting);
    life.abort();
  };
  const answered = (): void => {
    if (!away.peek()) return;
    away.value = false;
    recovered(part);
  };
  return {
    away,
    ask(question, keep, settled = SETTLED_MS) {
      giveUp();
      const mine = new AbortController();
      life = mine;
      const ask = (): void => {
        question(mine.signal).then((answer) => {
          if (mine.signal.aborted) return;
          answered();
          keep(answer);
        }, (error: unknown) => {
          if (mine.signal.aborted) return;
          if (error instanceof OfflineError) {
            away.value = true;
            retryLater(part, ask);
            return;
          }
          answered();
          keep(error instanceof ApiError ? explainRefusal(error) : String(error));
        });
      };
      waiting = setTimeout(ask, settled);
    },
    stop() {
      giveUp();
      away.value = false;
      forget(part);
    },
  };
}
