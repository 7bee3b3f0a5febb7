/** What is to be said of a call: what it takes, what the framework refuses, and where its numbers differ. */
import type { CallNote, StageCall } from "../api-types.ts";
import type { Asked } from "../state.ts";
import { later } from "../text/later.ts";
import { make } from "../widgets/dom.ts";

type Sentence = (about: { readonly title: string; readonly kind: CallNote["kind"]; readonly mode: string }) => string;

/** In the language of the page; as the server says it, where it says something new. */
export function sentenceOf({ name, kind, text }: CallNote, { title }: Pick<StageCall, "title">, { paddingMode }: Pick<Asked, "paddingMode">): string {
  const named: Readonly<Record<string, Sentence>> = later().notes.named;
  return (Object.hasOwn(named, name) ? named[name]?.({ title, kind, mode: paddingMode }) : null) ?? text;
}

/** Beside the call; where it does not hold, with the way to what does. */
export function noted(call: StageCall, asked: Asked): (Node | string)[] {
  const said = call.notes.map((note) => sentenceOf(note, call, asked)).join(" ");
  const way = call.holds || call.instead === null ? []
    : [" ", make("button", { type: "button", class: "button small", "data-action": "why-not", "data-key": "why-not" }, later().code.instead)];
  return [said, ...way];
}
