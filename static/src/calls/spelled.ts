/** How the server spells what is asked, in every framework: the last answer, kept while another one is on its way. */
import { effect, signal, untracked } from "@preact/signals-core";
import { ApiError, spellAll } from "../api.ts";
import type { StageCall } from "../api-types.ts";
import { inputSize, planned, traceRequest } from "../asked.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import type { Asked, Kernel } from "../state.ts";

export interface Answer {
  readonly of: Asked;
  readonly calls: readonly StageCall[];
}
export const spelled = signal<Answer | null>(null);

const AGAIN_MS = 4000;
let known: { readonly key: string; readonly calls: readonly StageCall[] };
let wanted: AbortController | null = null;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Follows every change of what is asked. `calls` came with the page, for `first`. */
export function spelling(first: Asked, calls: readonly StageCall[]): void {
  known = { key: JSON.stringify(requestOf(first)), calls };
  effect(() => {
    const asked = state.asked.value;
    // What had to wait for the server is asked again once it has answered the rest.
    void shown.value;
    // What does not fit has no call; the ribbon says why, and the last one stays.
    if (asked && planned(asked) && untracked(() => spelled.value?.of !== asked)) void ask(asked);
  });
}

async function ask(asked: Asked): Promise<void> {
  wanted?.abort();
  clearTimeout(waiting);
  const request = requestOf(asked);
  const key = JSON.stringify(request);
  const adopt = (calls: readonly StageCall[]): void => {
    known = { key, calls };
    spelled.value = { of: asked, calls };
  };
  if (key === known.key) {
    adopt(known.calls);
    return;
  }
  const mine = new AbortController();
  wanted = mine;
  try {
    adopt(await spellAll(request, mine.signal));
  } catch (error) {
    // Nor has what is refused.
    if (!mine.signal.aborted && !(error instanceof ApiError)) waiting = setTimeout(() => void ask(asked), AGAIN_MS);
  }
}

/** A call goes by the shape of the input and of the kernel: whatever the weights are, they ask for no other one. */
function requestOf(asked: Asked): ReturnType<typeof withShape> {
  return withShape({ ...asked, filter: null, kernel: zeros(asked.kernel) });
}

const withShape = (asked: Asked) => ({ input_shape: [...inputSize(asked), asked.source.channels], operation: traceRequest(asked).operation });

const zeros = (kernel: Kernel): Kernel => JSON.parse(JSON.stringify(kernel, (_, value: unknown) => (typeof value === "number" ? 0 : value))) as Kernel;
