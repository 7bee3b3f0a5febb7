/** The two buttons of undo and redo, and what they say to those who do not see what changed. */
import { type ReadonlySignal, effect } from "@preact/signals-core";
import { redoable, said, undoable } from "../history.ts";
import { query } from "./dom.ts";
import { spellKey } from "./shortcuts.ts";

export function undoButtons(): void {
  follow(query("#undo"), "Undo", "$mod+z", undoable);
  follow(query("#redo"), "Redo", "$mod+Shift+z", redoable);
  effect(() => { query("#said").textContent = said.value.text; });
}

function follow(button: HTMLElement, verb: string, key: string, name: ReadonlySignal<string | null>): void {
  effect(() => {
    const text = name.value === null ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${name.value} (${spellKey(key)})`;
    // Not `disabled`: that would take the focus away at the last press.
    button.setAttribute("aria-disabled", String(name.value === null));
    button.setAttribute("aria-label", text);
    button.title = text;
  });
}
