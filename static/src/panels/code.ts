/** Code: the operation in every framework, as a call and as a program that runs, with what the framework refuses. */
import { effect, signal } from "@preact/signals-core";
import { ApiError, fetchModel, spell } from "../api.ts";
import type { Spelled, SpelledCall } from "../api-types.ts";
import { traceRequest } from "../asked.ts";
import { sentenceOf } from "../calls/notes.ts";
import { type Shown, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";
import { asking } from "./asking.ts";
import { copyButton } from "./copying.ts";
import { nameOf, save } from "./save.ts";

interface Answered {
  readonly of: Shown;
  readonly framework: string;
  /** A text: why there is none. */
  readonly spelled: Spelled | string;
}

/** The framework whose code is read; that of the call above until another one is chosen. */
const chosen = signal<string | null>(null);

export function show(panel: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const [head, call, pasted, program] = [make("section"), make("section"), make("section", { class: "pasted" }), make("section")] as const;
  panel.append(head, call, pasted, program);
  const server = asking("panel");
  let before = state.framework.peek();
  const stops = [
    pasting(pasted),
    effect(() => {
      if (state.framework.value !== before) chosen.value = null;
      before = state.framework.value;
    }),
    effect(() => {
      const current = shown.value;
      const framework = chosen.value ?? state.framework.value;
      if (!current) return;
      server.ask((life) => spell(traceRequest(current.asked), framework, life), (spelled) => { answered.value = { of: current, framework, spelled }; });
    }),
    effect(() => {
      const words = later().code;
      const got = answered.value;
      const framework = chosen.value ?? state.framework.value;
      const late = server.away.value ? words.offline : "…";
      if (got === null || typeof got.spelled === "string") {
        refill(head, make("p", { class: "note" }, got === null ? late : got.spelled as string));
        refill(call);
        refill(program);
        return;
      }
      const { calls, program: written } = got.spelled;
      const found = calls.find(({ framework: name }) => name === framework);
      if (found) {
        refill(head, chooser(calls, framework), make("p", { class: "note" }, words.checked(found.title, found.version, found.layout)));
        refill(call, ...spelledCall(found, got.of));
        const here = got.framework === framework;
        const whole = here ? (written?.text ?? null) : null;
        const said = state.predicting.value ? words.predicting : here ? words.none : late;
        refill(program, ...(whole !== null && !state.predicting.value ? code(words.program, whole) : [make("h3", {}, words.program), make("p", { class: "note" }, said)]));
      }
    }),
  ];
  return () => {
    for (const end of stops) end();
    server.stop();
  };
}

function chooser(calls: readonly SpelledCall[], framework: string): HTMLElement {
  const select = make("select", { "data-key": "framework" }, ...calls.map(({ framework: name, title }) =>
    make("option", { value: name, selected: name === framework }, title)));
  select.addEventListener("change", () => { chosen.value = select.value; });
  return make("label", { class: "field" }, make("span", {}, later().code.framework), select);
}

function spelledCall(call: SpelledCall, current: Shown): Node[] {
  const { text, notes, holds, instead, also } = call;
  const words = later().code;
  return [
    ...code(words.call, text),
    ...notes.map((note) => make("p", { class: "note" }, sentenceOf(note, call, current.asked))),
    ...(!holds && instead !== null ? code(words.instead, instead) : []),
    ...also.flatMap((other) => code(words.also, other)),
    ...(call.framework === "onnx" && holds ? [model(current)] : []),
  ];
}

/** The graph as a file, with the weights in it. */
function model(current: Shown): HTMLElement {
  const said = make("span", { class: "note", role: "status" });
  const button = make("button", { type: "button", class: "button small", "data-key": "model" }, later().code.model);
  button.addEventListener("click", () => {
    const name = `${nameOf(current)}.onnx`;
    fetchModel(traceRequest(current.asked)).then((file) => {
      save(file, name);
      said.textContent = later().take.saved(name);
    }, (error: unknown) => { said.textContent = error instanceof ApiError ? error.message : later().code.offline; });
  });
  return make("p", {}, button, " ", said);
}

/** Where there is no Ctrl+V: a call goes in here, and its parameters are taken. */
function pasting(box: HTMLElement): () => void {
  const area = make("textarea", { rows: 3, spellcheck: "false", autocapitalize: "off", placeholder: "nn.Conv2d(3, 16, (4, 1), padding='same')" });
  const button = make("button", { type: "button", class: "button small" });
  const summary = make("summary");
  button.addEventListener("click", () => {
    if (area.value.trim() !== "") void import("../calls/paste.ts").then(({ pasteCall }) => pasteCall(area.value));
  });
  box.append(make("details", {}, summary, area, button));
  return effect(() => {
    const { paste, take } = later().code;
    summary.textContent = paste;
    area.setAttribute("aria-label", paste);
    button.textContent = take;
  });
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
