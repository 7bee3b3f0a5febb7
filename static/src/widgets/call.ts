/** The call: the operation as the chosen framework spells it, each parameter a control. */
import { effect, signal } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import { nextGroups } from "../actions/operation.ts";
import type { StageCall } from "../api-types.ts";
import { isPool, isTransposed } from "../asked.ts";
import { type ChoicePart, type FlagPart, type NumberPart, type Part, keyOf, partsOf, textOf } from "../calls/parts.ts";
import { spelled } from "../calls/spelled.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { checkRadio, make, nameWith, placePopup, query, refill, whetherOpen } from "./dom.ts";

/** Calls longer than this are set smaller so that they stay on one line, or on two. */
const LONG = 88;
const LONGER = 112;

export function call(): void {
  const code = query("#call");
  effect(() => {
    const asked = state.asked.value;
    const answer = spelled.value;
    if (!asked) return;
    const found = answer?.calls.find(({ framework }) => framework === state.framework.value);
    code.setAttribute("aria-busy", String(answer?.of !== asked));
    if (!answer || !found) {
      code.replaceChildren("…");
      return;
    }
    const focused = code.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
    const parts = partsOf(found.tokens, answer.of, asked, focused?.dataset.key ?? null);
    const { length } = textOf(parts);
    code.classList.toggle("long", length > LONG);
    code.classList.toggle("longer", length > LONGER);
    refill(code, ...parts.map((part) => render(part, asked, state.touched.value)));
    // A parameter that the call says no more: how it pads is what stands nearest.
    if (focused && !code.contains(document.activeElement)) code.querySelector<HTMLElement>(".token.padding, .token")?.focus();
  });
  const note = query("#call-note");
  effect(() => {
    const answer = spelled.value;
    const found = answer?.calls.find(({ framework }) => framework === state.framework.value);
    const said = answer && found ? notesOf(found, answer.of) : [];
    note.hidden = said.length === 0;
    note.classList.toggle("fails", found?.holds === false);
    refill(note, ...said);
  });
  effect(() => checkRadio(query("#frameworks"), state.framework.value));
  for (const of of ["operation", "padding", "activation"] as const) choices(of);
}

/** What says notes comes when there is one to say. */
const notes = signal<typeof import("../calls/notes.ts") | null>(null);

function notesOf(found: StageCall, asked: state.Asked): (Node | string)[] {
  if (found.notes.length === 0) return [];
  const words = notes.value;
  if (words) return words.noted(found, asked);
  import("../calls/notes.ts").then((module) => { notes.value = module; }, () => undefined);
  return [];
}

function render(part: Part, asked: state.Asked, touched: state.Touched): Node | string {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "number":
      return numberToken(part, asked, touched);
    case "choice":
      return choiceToken(part, asked, touched);
    case "flag":
      return flagToken(part);
  }
}

function flagToken(part: FlagPart): HTMLElement {
  const { field, value } = part;
  const label = { ceilMode: text().call.ceilMode, countIncludePad: text().call.countPadding }[field];
  return make("button", {
    class: "token", role: "switch", "aria-checked": value, "aria-label": nameWith(label, part.text), "data-key": keyOf(part), "data-action": field, "data-argument": String(!value),
  }, part.text);
}

function choiceToken(part: ChoicePart, { operation, padding, activation }: state.Asked, touched: state.Touched): HTMLElement {
  const { of } = part;
  const words = text().call;
  const label = {
    operation: words.operation(operation), activation: words.activation(activation ?? words.none),
    padding: words.padding(typeof padding === "string" ? padding : words.customSides),
  }[of];
  return make(
    "button",
    {
      class: `token choice ${of}${touched === of ? " touched" : ""}`, "data-key": keyOf(part), popovertarget: `${of}-picker`,
      "aria-label": nameWith(label, part.text), "aria-haspopup": "listbox",
    },
    part.text, make("i"),
  );
}

const LIMITS: Readonly<Record<NumberPart["field"], readonly [least: number, most: number]>> = {
  padding: [0, 99], strides: [1, state.LARGEST_STEP], dilations: [1, state.LARGEST_STEP], kernelSize: [1, state.LARGEST_KERNEL], groups: [1, 99],
  outputPadding: [0, state.LARGEST_STEP - 1],
};
const SIDES = ["top", "bottom", "left", "right"] as const;

function labelOf({ field, at, value, shown }: NumberPart): string {
  const words = text().call;
  const second = at[0] === 1;
  if (field === "groups") return words.groups;
  if (field === "padding") {
    const [first = "", other = null] = at.flatMap((index) => SIDES[index] ?? []).map((name) => words.sides[name]);
    return words.paddingSides(first, other);
  }
  if (field === "outputPadding" && shown !== value) return second ? words.outputWidth : words.outputHeight;
  return (second ? words.columns : words.rows)(words[field]);
}

function numberToken(part: NumberPart, { strides, dilations }: state.Asked, touched: state.Touched): HTMLElement {
  const { field, at, value, shown } = part;
  const base = shown - value;
  const axis = at[0] === 1 ? 1 : 0;
  const least = LIMITS[field][0];
  const most = field === "outputPadding" ? Math.max(strides[axis], dilations[axis]) - 1 : LIMITS[field][1];
  const token = make(
    "span",
    {
      class: `token number${touched === field ? " touched" : ""}`, role: "spinbutton", tabindex: 0, "data-key": keyOf(part),
      "aria-label": labelOf(part), "aria-valuenow": shown, "aria-valuemin": base + least, "aria-valuemax": base + most,
    },
    String(shown), make("i"),
  );
  const set = (next: number): void => {
    const held = Math.min(most, Math.max(least, next));
    if (held === value) return;
    if (field === "padding") act("sides", [held, ...at].join(" "));
    else if (field === "groups") act("groups", String(nextGroups(value, held)));
    else act(field, `${at[0]} ${held}`);
  };
  token.addEventListener("click", (event) => {
    const { top, height } = token.getBoundingClientRect();
    token.focus();
    set(event.clientY < top + height / 2 ? value + 1 : value - 1);
  });
  token.addEventListener("wheel", (event) => {
    if (document.activeElement !== token) return;
    event.preventDefault();
    set(value - Math.sign(event.deltaY));
  }, { passive: false });
  token.addEventListener("keydown", (event) => {
    const next = { ArrowUp: value + 1, ArrowDown: value - 1, PageUp: value + 1, PageDown: value - 1, Home: least, End: most }[event.key];
    const digit = base === 0 && /^[0-9]$/.test(event.key) ? Number(event.key) : undefined;
    if (next === undefined && digit === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(next ?? digit ?? value);
  });
  return token;
}

interface Choice {
  readonly action: string;
  readonly argument: string;
  readonly title: string;
  readonly note: string;
  readonly chosen: boolean;
}

const RULES = ["SAME", "VALID", "custom"] as const;
const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"] as const;
const OPERATIONS = ["conv2d", "depthwise_conv2d", "conv2d_transpose", "max_pool2d", "avg_pool2d"] as const;
const ACTIVATIONS = ["none", "relu", "sigmoid", "tanh"] as const;

function offered(of: ChoicePart["of"], asked: state.Asked): Choice[] {
  const words = text().call;
  const listed = <T extends string>(action: string, chosen: string, names: readonly T[], say: (name: T) => readonly [title: string, note: string]): Choice[] =>
    names.map((name) => {
      const argument = name === "none" ? "" : name;
      const [title, note] = say(name);
      return { action, argument, title, note, chosen: argument === chosen };
    });
  switch (of) {
    case "operation":
      return listed("operation", asked.operation, OPERATIONS, (name) => [name, words.operations[name]]);
    case "activation":
      return listed("activation", asked.activation ?? "", ACTIVATIONS, (name) => [name === "none" ? words.none : name, words.activations[name]]);
    case "padding":
      return [
        ...listed("padding", typeof asked.padding === "string" ? asked.padding : "custom", RULES, (name) =>
          [name === "custom" ? text().controls.customSides : `'${name}'`, (isTransposed(asked.operation) ? words.crops : words.paddings)[name]]),
        ...(isPool(asked.operation) || isTransposed(asked.operation) ? []
          : listed("paddingMode", asked.paddingMode, PADDING_MODES, (name) => [words.modes[name], words.modeNotes[name]])),
      ];
  }
}

/** The list behind a choice token. */
function choices(name: ChoicePart["of"]): void {
  const popup = query(`#${name}-picker`);
  const token = (): HTMLElement | null => document.querySelector<HTMLElement>(`.token.choice.${name}`);
  const open = whetherOpen(popup);
  effect(() => {
    const asked = state.asked.value;
    if (!open.value || !asked) return;
    refill(popup, ...offered(name, asked).map(({ action, argument, title, note, chosen }) =>
      make(
        "button",
        {
          class: "option", role: "option", "data-action": action, "data-argument": argument, "data-key": `${action} ${argument}`,
          "aria-selected": chosen,
        },
        make("b", {}, title), make("span", {}, note),
      )));
  });
  popup.addEventListener("click", () => popup.hidePopover());
  popup.addEventListener("toggle", (event) => {
    if (event.newState !== "open") {
      // The call was spelled anew meanwhile, so the button to return to is another one.
      const { activeElement } = document;
      if (activeElement === document.body || popup.contains(activeElement)) token()?.focus();
      return;
    }
    const anchor = token();
    if (anchor) placePopup(popup, anchor.getBoundingClientRect(), false);
    query("[aria-selected=true]", popup).focus();
  });
  popup.addEventListener("keydown", (event) => {
    const options = [...popup.querySelectorAll<HTMLElement>("[role=option]")];
    const index = options.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: options.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    options[Math.min(Math.max(next, 0), options.length - 1)]?.focus();
  });
}
