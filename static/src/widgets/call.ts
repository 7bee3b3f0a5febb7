/** The call: the operation as the chosen framework spells it, each parameter a control. */
import { effect } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import { type ChoicePart, type NumberPart, type Part, spellCall } from "../frameworks.ts";
import { planned, shown } from "../session.ts";
import * as state from "../state.ts";
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
  paddingChoices();
}

const textOf = (part: Part): string => (typeof part === "string" ? part : part.kind === "number" ? String(part.value) : part.text);

function render(part: Part, touched: state.Touched): Node | string {
  if (typeof part === "string") return part;
  if (part.kind === "name") return make("b", {}, part.text);
  return part.kind === "number" ? numberToken(part, touched) : choiceToken(part, touched);
}

function choiceToken({ text, label }: ChoicePart, touched: state.Touched): HTMLElement {
  return make(
    "button",
    {
      class: `token choice${touched === "padding" ? " touched" : ""}`, "data-key": "padding", popovertarget: "padding-picker",
      "aria-label": label, "aria-haspopup": "listbox",
    },
    text, make("i"),
  );
}

const limits = (field: NumberPart["field"]): [number, number] => (field === "padding" ? [0, 99] : [1, state.LARGEST_STEP]);

function numberToken({ field, at, value, label }: NumberPart, touched: state.Touched): HTMLElement {
  const [least, most] = limits(field);
  const token = make(
    "span",
    {
      class: `token number${touched === field ? " touched" : ""}`, role: "spinbutton", tabindex: 0, "data-key": `${field} ${at.join(" ")}`,
      "aria-label": label, "aria-valuenow": value, "aria-valuemin": least, "aria-valuemax": most,
    },
    String(value), make("i"),
  );
  const set = (next: number): void => {
    const held = Math.min(most, Math.max(least, next));
    if (held === value) return;
    if (field === "padding") act("sides", [held, ...at].join(" "));
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
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : undefined;
    if (next === undefined && digit === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(next ?? digit ?? value);
  });
  return token;
}

const CHOICES = [
  { argument: "SAME", title: "'SAME'", note: "TensorFlow's rule: pad with zeros so that the output has ⌈n ÷ stride⌉ cells; the odd one goes to the end." },
  { argument: "VALID", title: "'VALID'", note: "No padding: the window stays inside the picture." },
  { argument: "custom", title: "Custom sides", note: "Zeros on each side, as many as you say; PyTorch's padding=1 is 1 on every side." },
] as const;

function paddingChoices(): void {
  const popup = query("#padding-picker");
  const open = whetherOpen(popup);
  const chosen = (): string => (typeof state.asked.value?.padding === "string" ? state.asked.value.padding : "custom");
  effect(() => {
    const current = chosen();
    if (!open.value) return;
    refill(popup, ...CHOICES.map(({ argument, title, note }) =>
      make(
        "button",
        {
          class: "option", role: "option", "data-action": "padding", "data-argument": argument, "data-key": argument,
          "aria-selected": argument === current,
        },
        make("b", {}, title), make("span", {}, note),
      )));
  });
  popup.addEventListener("click", () => popup.hidePopover());
  popup.addEventListener("toggle", (event) => {
    if (event.newState !== "open") {
      // The call was spelled anew meanwhile, so the button to return to is another one.
      const { activeElement } = document;
      if (activeElement === document.body || popup.contains(activeElement)) document.querySelector<HTMLElement>(".token.choice")?.focus();
      return;
    }
    const anchor = document.querySelector(".token.choice");
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
