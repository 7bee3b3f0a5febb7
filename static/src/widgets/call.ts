/** The call: the operation as the chosen framework spells it, each parameter a control. */
import { effect } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import { nextGroups } from "../actions/operation.ts";
import { isPool, isTransposed, planned } from "../asked.ts";
import { type ChoicePart, type FlagPart, type NumberPart, type Part, spellCall } from "../frameworks.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { checkRadio, make, placePopup, query, refill, whetherOpen } from "./dom.ts";

/** Calls longer than this are set smaller so that they stay on one line. */
const LONG = 88;

export function call(): void {
  const code = query("#call");
  effect(() => {
    const current = shown.value;
    const asked = state.asked.value;
    if (!current || !asked) return;
    const parts = spellCall(state.framework.value, asked, planned(asked) ?? current.geometry);
    code.classList.toggle("long", parts.map(textOf).join("").length > LONG);
    refill(code, ...parts.map((part) => render(part, state.touched.value)));
  });
  effect(() => checkRadio(query("#frameworks"), state.framework.value));
  for (const of of ["operation", "padding", "activation"] as const) choices(of);
}

const spelledFlag = (value: boolean): string => (value ? "True" : "False");

function textOf(part: Part): string {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "number":
      return String((part.base ?? 0) + part.value);
    case "flag":
      return spelledFlag(part.value);
    case "choice":
      return part.text;
    case "note":
      return "";
  }
}

function render(part: Part, touched: state.Touched): Node | string {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "number":
      return numberToken(part, touched);
    case "choice":
      return choiceToken(part, touched);
    case "flag":
      return flagToken(part);
    case "note":
      return make("span", { class: "note" }, part.text);
  }
}

function flagToken({ field, value, label }: FlagPart): HTMLElement {
  return make("button", {
    class: "token", role: "switch", "aria-checked": value, "aria-label": label, "data-key": field, "data-action": field, "data-argument": String(!value),
  }, spelledFlag(value));
}

function choiceToken({ of, text: spelled, label }: ChoicePart, touched: state.Touched): HTMLElement {
  return make(
    "button",
    {
      class: `token choice ${of}${touched === of ? " touched" : ""}`, "data-key": of, popovertarget: `${of}-picker`,
      "aria-label": label, "aria-haspopup": "listbox",
    },
    spelled, make("i"),
  );
}

const LIMITS: Readonly<Record<NumberPart["field"], readonly [least: number, most: number]>> = {
  padding: [0, 99], strides: [1, state.LARGEST_STEP], dilations: [1, state.LARGEST_STEP], kernelSize: [1, state.LARGEST_KERNEL], groups: [1, 99],
  outputPadding: [0, state.LARGEST_STEP - 1],
};

function numberToken({ field, at, value, label, base = 0, most: allowed = Infinity }: NumberPart, touched: state.Touched): HTMLElement {
  const least = LIMITS[field][0];
  const most = Math.min(allowed, LIMITS[field][1]);
  const token = make(
    "span",
    {
      class: `token number${touched === field ? " touched" : ""}`, role: "spinbutton", tabindex: 0, "data-key": `${field} ${at.join(" ")}`,
      "aria-label": label, "aria-valuenow": base + value, "aria-valuemin": base + least, "aria-valuemax": base + most,
    },
    String(base + value), make("i"),
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
