/** The list of keys, made from the actions themselves; the switch for single-letter shortcuts; and the language. */
import { effect } from "@preact/signals-core";
import { act, actions } from "../actions/index.ts";
import * as state from "../state.ts";
import { LANGUAGES, language, text } from "../text/text.ts";
import { make, query, refill } from "./dom.ts";
import { spellKey } from "./shortcuts.ts";

export function help(): void {
  const dialog = query<HTMLDialogElement>("#help");
  effect(() => refill(dialog, ...content(dialog)));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function content(dialog: HTMLDialogElement): Node[] {
  const { heading, close, escape, letters } = text().help;
  const closing = make("button", { class: "button quiet icon", "data-key": "close", "aria-label": close }, "✕");
  closing.addEventListener("click", () => dialog.close());
  const acting = make("input", { type: "checkbox", id: "letters", checked: state.lettersAct.value, "data-key": "letters" });
  acting.addEventListener("change", () => act("letters", String(acting.checked)));
  return [
    make("header", {}, make("h2", { id: "help-heading" }, heading), closing),
    make("dl", {},
      ...Object.values(actions).flatMap(({ keys, label }) =>
        keys && label ? [make("dt", {}, ...keys.flatMap((key, at) => [at > 0 ? " " : "", make("kbd", {}, spellKey(key))])), make("dd", {}, label())] : []),
      make("dt", {}, make("kbd", {}, "Esc")), make("dd", {}, escape)),
    make("label", {}, acting, letters),
    languages(),
  ];
}

/** Each in its own words, for those who read no other. */
function languages(): HTMLElement {
  const choice = make("select", { "data-key": "language" },
    ...Object.entries(LANGUAGES).map(([name, own]) => make("option", { value: name, lang: name, selected: name === language() }, own)));
  choice.addEventListener("change", () => act("language", choice.value));
  return make("label", {}, text().help.language, choice);
}
