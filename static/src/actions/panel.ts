/** The drawer's panels. */
import { close, lead, menu, next, toggle } from "../panels/panels.ts";
import type { Panel } from "../state.ts";
import { text } from "../text/text.ts";
import type { Actions } from "./action.ts";

export const panel: Actions = {
  panel: { label: null, run: (name) => toggle(name as Panel) },
  "panel-toggle": { label: () => text().drawer.toggle, keys: ["e"], run: () => toggle() },
  "panel-next": { label: () => text().drawer.next, keys: ["Shift+e"], run: next },
  "panel-close": { label: null, run: () => void close() },
  "panel-menu": { label: null, run: menu },
  why: { label: null, run: () => lead("explain") },
  "why-not": { label: null, run: () => lead("code") },
};
