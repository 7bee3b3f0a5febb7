/** The list of keys, made from the actions themselves; and the switch for single-letter shortcuts. */
import { effect } from "@preact/signals-core";
import { act, actions } from "../actions/index.ts";
import * as state from "../state.ts";
import { make, query } from "./dom.ts";
import { spellKey } from "./shortcuts.ts";

export function help(): void {
  const dialog = query<HTMLDialogElement>("#help");
  const letters = make("input", { type: "checkbox", id: "letters", checked: true });
  letters.addEventListener("change", () => act("letters", String(letters.checked)));
  effect(() => { letters.checked = state.lettersAct.value; });
  const close = make("button", { class: "button quiet icon", "aria-label": "Close (Esc)" }, "✕");
  close.addEventListener("click", () => dialog.close());
  dialog.append(
    make("header", {}, make("h2", { id: "help-heading" }, "Keys"), close),
    make("dl", {},
      ...Object.values(actions).flatMap(({ keys, label }) =>
        keys && label ? [make("dt", {}, ...keys.flatMap((key, at) => [at > 0 ? " " : "", make("kbd", {}, spellKey(key))])), make("dd", {}, label)] : []),
      make("dt", {}, make("kbd", {}, "Esc")), make("dd", {}, "Close what is open")),
    make("label", {}, letters, "Single letters and digits act"));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
