/** The list of keys, made from the actions themselves; the switch for single-letter shortcuts; and the language. */
import { effect } from "@preact/signals-core";
import { act, actions } from "../actions/index.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, query, refill } from "./dom.ts";
import { languageChoice } from "./language.ts";
import { spellKey } from "./shortcuts.ts";

export function help(): void {
  const dialog = query<HTMLDialogElement>("#help");
  effect(() => refill(dialog, ...content(dialog)));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function content(dialog: HTMLDialogElement): Node[] {
  const { heading, close, escape, paste, letters, language } = text().help;
  const closing = make("button", { class: "button quiet icon", "data-key": "close", "aria-label": close }, "✕");
  closing.addEventListener("click", () => dialog.close());
  const acting = make("input", { type: "checkbox", id: "letters", checked: state.lettersAct.value, "data-key": "letters" });
  acting.addEventListener("change", () => act("letters", String(acting.checked)));
  return [
    make("header", {}, make("h2", { id: "help-heading" }, heading), closing),
    make("label", {}, language, languageChoice(language)),
    make("dl", {},
      ...Object.values(actions).flatMap(({ keys, label }) =>
        keys && label ? [make("dt", {}, ...keys.flatMap((key, at) => [at > 0 ? " " : "", make("kbd", {}, spellKey(key))])), make("dd", {}, label())] : []),
      make("dt", {}, make("kbd", {}, spellKey("$mod+V"))), make("dd", {}, paste),
      make("dt", {}, make("kbd", {}, "Esc")), make("dd", {}, escape)),
    make("label", {}, acting, letters),
  ];
}
