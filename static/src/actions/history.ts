import { cancel, redo, undo } from "../history.ts";
import * as state from "../state.ts";
import type { Actions } from "./action.ts";
import { text } from "../text/text.ts";

export const history: Actions = {
  undo: { label: () => text().actions.undo, keys: ["$mod+z"], run: undo },
  redo: { label: () => text().actions.redo, keys: ["$mod+Shift+z", "$mod+y"], run: redo },
  cancel: { label: null, run: cancel },
  dismiss: { label: null, run: () => { state.notice.value = null; } },
};
