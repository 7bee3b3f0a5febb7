import { cancel, redo, undo } from "../history.ts";
import * as state from "../state.ts";
import type { Actions } from "./action.ts";

export const history: Actions = {
  undo: { label: "Undo the last change", keys: ["$mod+z"], run: undo },
  redo: { label: "Redo what was undone", keys: ["$mod+Shift+z", "$mod+y"], run: redo },
  cancel: { label: null, run: cancel },
  dismiss: { label: null, run: () => { state.notice.value = null; } },
};
