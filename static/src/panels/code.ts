/** Code: the operation in every framework, as a call and as a program that runs, with what the framework refuses. */
import { effect, signal } from "@preact/signals-core";
import { ApiError, OfflineError, spell } from "../api.ts";
import type { Spelled, SpelledCall } from "../api-types.ts";
import { traceRequest } from "../asked.ts";
import { sentenceOf } from "../calls/notes.ts";
import { type Shown, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";
import { copyButton } from "./copying.ts";

/** Held keys ask for an answer where they stop. */
const SETTLED_MS = 150;

interface Answered {
  readonly of: Shown;
  readonly framework: string;
  /** Null: the server did not answer. */
  readonly spelled: Spelled | null;
  readonly refusal: string | null;
}

/** The framework whose code is read; that of the call above until another one is chosen. */
const chosen = signal<string | null>(null);

export function show(panel: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const [head, call, program] = [make("section"), make("section"), make("section")] as const;
  panel.append(head, call, program);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stop = new AbortController();
  let before = state.framework.peek();
  const stops = [
    effect(() => {
      if (state.framework.value !== before) chosen.value = null;
      before = state.framework.value;
    }),
    effect(() => {
      const current = shown.value;
      const framework = chosen.value ?? state.framework.value;
      clearTimeout(waiting);
      stop.abort();
      if (!current) return;
      const ending = new AbortController();
      stop = ending;
      waiting = setTimeout(() => {
        const keep = (spelled: Spelled | null, refusal: string | null): void => { answered.value = { of: current, framework, spelled, refusal }; };
        spell(traceRequest(current.asked), framework, ending.signal).then(
          (spelled) => keep(spelled, null),
          (error: unknown) => {
            if (error instanceof ApiError) keep(null, error.message);
            else if (error instanceof OfflineError) keep(null, null);
          });
      }, SETTLED_MS);
    }),
    effect(() => {
      const words = later().code;
      const got = answered.value;
      const framework = chosen.value ?? state.framework.value;
      const found = got?.spelled?.calls.find(({ framework: name }) => name === framework);
      if (got && !got.spelled) {
        refill(head, make("p", { class: "note" }, got.refusal ?? words.offline));
        refill(call);
        refill(program);
      } else if (!got?.spelled || !found) {
        refill(head, make("p", { class: "note" }, "…"));
      } else {
        refill(head, chooser(got.spelled.calls, framework), make("p", { class: "note" }, words.checked(found.title, found.version, found.layout)));
        refill(call, ...spelledCall(found, got.of.asked));
        const here = got.framework === framework;
        const whole = here ? (got.spelled.program?.text ?? null) : null;
        const said = state.predicting.value ? words.predicting : here ? words.none : "…";
        refill(program, ...(whole !== null && !state.predicting.value ? code(words.program, whole) : [make("h3", {}, words.program), make("p", { class: "note" }, said)]));
      }
    }),
  ];
  return () => {
    clearTimeout(waiting);
    stop.abort();
    for (const end of stops) end();
  };
}

function chooser(calls: readonly SpelledCall[], framework: string): HTMLElement {
  const select = make("select", { "data-key": "framework" }, ...calls.map(({ framework: name, title }) =>
    make("option", { value: name, selected: name === framework }, title)));
  select.addEventListener("change", () => { chosen.value = select.value; });
  return make("label", { class: "field" }, make("span", {}, later().code.framework), select);
}

function spelledCall(call: SpelledCall, asked: state.Asked): Node[] {
  const { text, notes, holds, instead, also } = call;
  const words = later().code;
  return [
    ...code(words.call, text),
    ...notes.map((note) => make("p", { class: "note" }, sentenceOf(note, call, asked))),
    ...(!holds && instead !== null ? code(words.instead, instead) : []),
    ...also.flatMap((other) => code(words.also, other)),
  ];
}

/** Programs with a picture in them are copied whole, and shown as far as anybody reads. */
const MOST_SHOWN = 6_000;

/** The beginning and the end: what is between are the numbers. */
function shortened(whole: string): string {
  if (whole.length <= MOST_SHOWN) return whole;
  return `${whole.slice(0, MOST_SHOWN / 2)}\n…\n${whole.slice(-MOST_SHOWN / 2)}`;
}

function code(title: string, whole: string): Node[] {
  return [
    make("header", {}, make("h3", {}, title), copyButton(title, () => whole)),
    make("pre", { tabindex: 0, role: "group", "aria-label": title, "data-key": title, class: "answer" }, shortened(whole)),
  ];
}
