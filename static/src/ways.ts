/** Opens and closes the view of other ways to the same output. What it holds comes when it is opened for the first time. */
import { batch, effect, untracked } from "@preact/signals-core";
import { isTransposed } from "./asked.ts";
import { closeOnEscape } from "./escape.ts";
import { pause } from "./player.ts";
import { fetchLater, forget } from "./session.ts";
import * as state from "./state.ts";
import { text } from "./text/text.ts";
import { make, query } from "./widgets/dom.ts";

/** The same condition as in css/drawer.css: the drawer lies over the stage. */
const noRoom = matchMedia("(max-width: 999px)");
/** What had the focus, to have it again. */
let opener: HTMLElement | null = null;

/** What is asked most of an operation like this one. */
function usual(): state.Way {
  const asked = state.asked.peek();
  if (asked && isTransposed(asked.operation)) return "transposed_as_convolution";
  return asked && Math.max(...asked.dilations) > 1 ? "zero_stuffed" : "im2col";
}

export function open(way: state.Way = usual()): void {
  const active = document.activeElement;
  if (state.way.peek() === null) {
    pause();
    opener = active instanceof HTMLElement ? active : null;
  }
  batch(() => {
    state.way.value = way;
    state.wayStep.value = 0;
    // It would lie over it.
    if (noRoom.matches) state.panel.value = null;
  });
}

export function close(): boolean {
  if (state.way.peek() === null) return false;
  const inside = query("#ways").contains(document.activeElement);
  state.way.value = null;
  if (inside) (opener?.isConnected && opener.checkVisibility() ? opener : query("#stage")).focus();
  return true;
}

export function toggle(): void {
  if (!close()) open();
}

export function ways(): void {
  // The stage is no landmark while it is hidden.
  const section = make("main", { id: "ways", class: "ways-view", tabindex: -1, hidden: true });
  query("#stage").after(section);
  let stop: (() => void) | null = null;
  const fill = async (): Promise<void> => {
    forget("ways");
    const view = await import("./ways/view.ts").catch(() => null);
    if (state.way.peek() === null || stop !== null) return;
    if (view) stop = view.show(section);
    else {
      section.replaceChildren(make("p", { class: "note" }, text().drawer.failed));
      void fetchLater("ways", () => void fill());
    }
  };
  effect(() => { section.setAttribute("aria-label", text().actions.ways); });
  effect(() => {
    const shows = state.way.value !== null;
    untracked(() => {
      if (section.hidden !== shows) return;
      section.hidden = !shows;
      document.body.classList.toggle("ways-open", shows);
      query<HTMLAnchorElement>(".skip").href = shows ? "#ways" : "#stage";
      if (shows) {
        // Its stages are those of an output cell.
        state.stamping.value = false;
        // A link that opens it takes the focus from nowhere.
        if (opener !== null) section.focus();
        void fill();
      } else {
        stop?.();
        stop = null;
        forget("ways");
        state.waySteps.value = 0;
        section.replaceChildren();
      }
    });
  });
  closeOnEscape("ways", close);
}
