/** Present: the page for the last row of a room. The style sheet does it; the signal tells those who measure. */
import * as state from "./state.ts";

export function present(on: boolean): void {
  // The class first: whatever follows the signal measures the page as it is then.
  document.documentElement.classList.toggle("presenting", on);
  state.presenting.value = on;
}
