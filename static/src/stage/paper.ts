/** Printing: the stage is laid out once more, in light colours and as large as a sheet lying (static/css/print.css). */
import * as state from "../state.ts";
import type { Stage } from "./stage.ts";

/** Smaller windows stack the columns or scroll, and cannot be laid out for a wider sheet from there: their figures stay as they are. */
const WIDE = "(min-width: 1000px) and (min-height: 680px)";

/** A browser prints what is there when `beforeprint` returns: nothing may wait for a frame. */
export function forPaper(stage: Stage): void {
  const root = document.documentElement;
  let screen: state.Theme | null = null;
  const redraw = (theme: state.Theme): void => {
    state.theme.value = theme;
    stage.drawNow();
  };
  addEventListener("beforeprint", () => {
    screen ??= state.theme.peek();
    root.dataset.theme = "light";
    root.classList.toggle("on-paper", matchMedia(WIDE).matches);
    if (root.classList.contains("on-paper")) redraw("light");
  });
  addEventListener("afterprint", () => {
    if (!screen) return;
    root.dataset.theme = screen;
    root.classList.remove("on-paper");
    redraw(screen);
    screen = null;
  });
}
