/** REST: what the page asks the server, as commands, and what the server answers. */
import { effect, signal } from "@preact/signals-core";
import type { Explanation, InputCell } from "../api.ts";
import { traceRequest } from "../asked.ts";
import { hidden } from "../predict.ts";
import { type Shown, placeOf, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";
import { asking } from "./asking.ts";
import { copyButton } from "./copying.ts";
import { curl, spellJson } from "./json.ts";

interface Answered {
  readonly of: Shown;
  readonly position: number;
  /** A text: why there is none. */
  readonly answer: Explanation | InputCell | string;
}

export function show(panel: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const server = asking("panel");
  const sections = ["lead", "trace", "position", "output"].map(() => make("section"));
  const [lead, trace, position, output] = sections as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  panel.append(...sections);
  const stops = [
    effect(() => {
      const current = shown.value;
      if (!current) return;
      const words = later().rest;
      const { asked, info } = current;
      const body = traceRequest(asked);
      refill(lead, make("p", { class: "say" }, words.lead),
        ...("image_id" in asked.source.reference ? [make("p", { class: "note" }, words.upload)] : []),
        make("p", {}, make("a", { href: "/docs", "data-key": "docs" }, words.documentation)));
      refill(trace, ...command(words.trace, curl(`${location.origin}/api/v1/traces`, { body })), ...answer(words.answer, words.trace, spellJson(info)));
      refill(output, ...command(words.output,
        curl(`${location.origin}/api/v1/outputs?format=npy`, { options: ["--output output.npy"], body })));
    }),
    effect(() => {
      const current = shown.value;
      const at = state.position.value;
      const playing = state.playing.value;
      if (!current || playing) {
        server.stop();
        return;
      }
      const { data, walk } = current;
      const asked = (): Promise<Explanation | InputCell> => (walk.stamps ? data.inputCell(...placeOf(walk, at)) : data.explanation(at));
      server.ask(asked, (answer) => { answered.value = { of: current, position: at, answer }; });
    }),
    effect(() => {
      const current = shown.value;
      const at = state.position.value;
      if (!current) return;
      const words = later().rest;
      const { info, outChannel, walk } = current;
      const what = walk.stamps ? `inputs/${placeOf(walk, at).join("/")}` : `positions/${at}`;
      const got = answered.value;
      const here = got?.of === current && got.position === at && !hidden.value ? got : null;
      const asked = curl(`${location.origin}${info.url}/${what}${outChannel === 0 ? "" : `?out_channel=${outChannel}`}`);
      refill(position, ...command(words.position, asked),
        ...(here === null ? [make("p", { class: "note" }, state.playing.value ? words.waiting : server.away.value ? words.offline : "…")]
          : typeof here.answer === "string" ? [make("p", { class: "note" }, here.answer)] : answer(words.answer, words.position, spellJson(here.answer))));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    server.stop();
  };
}

/** Those of a kernel of many weights are copied whole, and shown as far as anybody reads. */
const MOST_SHOWN = 12_000;
const shortened = (code: string): string => (code.length > MOST_SHOWN ? `${code.slice(0, MOST_SHOWN)}\n…` : code);

function command(title: string, code: string): Node[] {
  return [
    make("header", {}, make("h3", {}, title), copyButton(title, () => code)),
    make("pre", { tabindex: 0, role: "group", "aria-label": title, "data-key": title }, shortened(code)),
  ];
}

function answer(title: string, to: string, json: string): Node[] {
  const name = `${title}: ${to}`;
  return [
    make("header", {}, make("h4", {}, title), copyButton(name, () => json)),
    make("pre", { tabindex: 0, role: "group", "aria-label": name, "data-key": name, class: "answer" }, shortened(json)),
  ];
}
