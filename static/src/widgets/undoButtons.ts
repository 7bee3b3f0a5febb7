/** The two buttons of undo and redo, and what they say to those who do not see what changed. */
import { type ReadonlySignal, effect } from "@preact/signals-core";
import { redoable, said, undoable } from "../history.ts";
import { text } from "../text/text.ts";
import { query } from "./dom.ts";
import { spellKey } from "./shortcuts.ts";

export function undoButtons(): void {
  follow(query("#undo"), undoable, (change) => {
    const { undo, nothingToUndo } = text().history;
    return change === null ? nothingToUndo : undo(change, spellKey("$mod+z"));
  });
  follow(query("#redo"), redoable, (change) => {
    const { redo, nothingToRedo } = text().history;
    return change === null ? nothingToRedo : redo(change, spellKey("$mod+Shift+z"));
  });
  effect(() => { query("#said").textContent = said.value.text; });
}

function follow(button: HTMLElement, change: ReadonlySignal<string | null>, say: (change: string | null) => string): void {
  effect(() => {
    const label = say(change.value);
    // Not `disabled`: that would take the focus away at the last press.
    button.setAttribute("aria-disabled", String(change.value === null));
    button.setAttribute("aria-label", label);
    button.title = label;
  });
}
