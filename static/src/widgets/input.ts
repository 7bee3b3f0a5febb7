/** Buttons and keys to actions: `data-action` on any button, the keys listed with each action. */
import { tinykeys } from "tinykeys";
import { act, actions } from "../actions/index.ts";
import * as state from "../state.ts";

export function buttons(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-action]");
    if (button?.dataset.action) act(button.dataset.action, button.dataset.argument ?? "");
    // After a press with a pointer the arrows step again; from the keyboard they stay with the group.
    if (event.detail > 0 && (button?.role === "radio" || button?.role === "tab") && !button.closest(".popup")) button.blur();
  });
  document.addEventListener("keydown", arrowsInGroup);
}

/** In a radiogroup the arrows choose, as they do in the browser's own radio buttons; among tabs they move. */
function arrowsInGroup(event: KeyboardEvent): void {
  const group = (event.target as Element).closest<HTMLElement>("[role=radiogroup], [role=tablist]");
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!group || by === undefined) return;
  const radios = [...group.querySelectorAll<HTMLElement>("[role=radio], [role=tab]")];
  const next = radios[(radios.indexOf(event.target as HTMLElement) + by + radios.length) % radios.length];
  event.preventDefault();
  next?.focus();
  // A tab only takes the focus: to open another panel is to move the stage.
  if (next?.role === "radio") next.click();
}

const OWN_KEYS = "input:not([type=range]), select, textarea, [role=spinbutton], [role=radiogroup], [role=tablist], [role=listbox], dialog";

const SIDEWAYS = /^Arrow(Left|Right)$/;
const MOVES = /^(Shift\+)?(Arrow|Home|End)/;

export function keys(): void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const [name, { keys: bound }] of Object.entries(actions)) {
    for (const key of bound ?? []) {
      const run = (event: KeyboardEvent): void => {
        if (!mayAct(event, key)) return;
        event.preventDefault();
        // They move what is traced: before the playhead's they are caught there, once that is fetched.
        if (state.pinned.peek()?.byKeys && key.startsWith("Arrow")) return;
        act(name);
      };
      bindings[key] = run;
      // Most layouts type a question mark or a plus with Shift, some without.
      if (key === "?" || key === "+") bindings[`Shift+${key}`] = run;
    }
  }
  // Its own rule would drop held keys and everything pressed on a slider; mayAct decides instead.
  tinykeys(window, bindings, { ignore: ({ isComposing }) => isComposing });
}

/** What traces, zooms and pans it. */
const OF_THE_STAGE = /^([iwv0+=-]|Shift\+Arrow.*)$/;

/** Text that is being typed is undone by the browser, letter by letter, before anything is by us. */
const typedInto = (target: Element): boolean =>
  (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.type !== "range" && target.value !== target.defaultValue;

/** Whether a key is the page's, where it was pressed. */
export function mayAct(event: KeyboardEvent, key: string): boolean {
  const target = event.target as Element;
  const moves = MOVES.test(key);
  if (key.startsWith("$mod+")) return !target.closest("dialog") && !typedInto(target);
  if (target.closest(OWN_KEYS) || (moves && target.matches("#speed"))) return false;
  // Held down, the arrows go on; anything else would only flicker.
  if (event.repeat && !moves) return false;
  if (state.way.peek() !== null && OF_THE_STAGE.test(key)) return false;
  const letter = key.replace("Shift+", "").length === 1;
  if (letter) return state.lettersAct.peek() && (target === document.body || target.closest("#stage, .transport, .caption, #panel, #ways") !== null);
  // What is read scrolls by the other keys.
  if (target.closest("#panel") && (target.closest("pre") || !SIDEWAYS.test(key))) return false;
  // Space on a button presses it.
  return !(key === "Space" && target.closest("button, a, summary"));
}
