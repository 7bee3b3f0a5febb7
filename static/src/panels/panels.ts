/**
 * The drawer and its tabs: opens, closes, keeps the focus where it belongs. What a panel holds comes in a chunk of its own
 * when it is opened for the first time.
 */
import { effect, untracked } from "@preact/signals-core";
import { closeOnEscape } from "../escape.ts";
import { fetchLater, forget } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { make, query } from "../widgets/dom.ts";

/** Fills the panel, keeps it up to date, and returns what ends that. */
export type Show = (panel: HTMLElement) => () => void;

const CONTENTS: Readonly<Record<state.Panel, () => Promise<{ readonly show: Show }>>> = {
  explain: () => import("./explain.ts"),
  code: () => import("./code.ts"),
  compare: () => import("./compare.ts"),
  rest: () => import("./rest.ts"),
  export: () => import("./export.ts"),
};
const PANELS = Object.keys(CONTENTS) as state.Panel[];

/** The same condition as in css/narrow.css. */
const noRoom = matchMedia("(max-width: 999px)");

/** What had the focus when the drawer was opened, to have it again. */
let opener: HTMLElement | null = null;
let latest: state.Panel = "explain";

const tabOf = (panel: state.Panel): HTMLElement => query(`#tab-${panel}`);

export function open(panel: state.Panel): void {
  const active = document.activeElement;
  if (state.panel.peek() === null) opener = active instanceof HTMLElement ? active : null;
  state.panel.value = panel;
}

export function close(): boolean {
  const panel = state.panel.peek();
  if (panel === null) return false;
  const inside = query("#drawer").contains(document.activeElement);
  state.panel.value = null;
  if (inside) (opener?.isConnected && opener.checkVisibility() ? opener : tabOf(panel)).focus();
  return true;
}

/** A tab opens its panel; the one that is open closes it. */
export function toggle(panel: state.Panel = state.panel.peek() ?? latest): void {
  if (state.panel.peek() === panel) close();
  else open(panel);
}

export function next(): void {
  const at = state.panel.peek();
  open(at === null ? latest : (PANELS[(PANELS.indexOf(at) + 1) % PANELS.length] ?? "explain"));
}

/** Where a part of the page leads into a panel, the focus goes along. */
export function lead(panel: state.Panel): void {
  open(panel);
  query("#panel").focus();
}

/** The button of narrow windows, whose tabs are in the drawer. */
export function menu(): void {
  toggle();
  const panel = state.panel.peek();
  if (panel !== null) tabOf(panel).focus();
}

export function panels(): void {
  const drawer = query("#drawer");
  const list = query("#panels");
  effect(() => {
    const { tabs, label, region, close: closing, menu: more } = text().drawer;
    const focused = document.activeElement?.id;
    list.setAttribute("aria-label", label);
    list.replaceChildren(...PANELS.map((panel) => make("button", {
      role: "tab", id: `tab-${panel}`, "aria-controls": "panel", "data-action": "panel", "data-argument": panel,
    }, tabs[panel])));
    if (focused?.startsWith("tab-")) document.getElementById(focused)?.focus();
    drawer.setAttribute("aria-label", region);
    query("#panel-close").setAttribute("aria-label", closing);
    for (const button of document.querySelectorAll("[data-action=panel-menu]")) button.setAttribute("aria-label", more);
    untracked(mark);
  });
  effect(() => {
    const panel = state.panel.value;
    latest = panel ?? latest;
    drawer.hidden = panel === null;
    document.body.classList.toggle("drawer-open", panel !== null);
    document.body.classList.toggle("explaining", panel === "explain");
    for (const button of document.querySelectorAll("[data-action=panel-menu]")) button.setAttribute("aria-expanded", String(panel !== null));
    untracked(mark);
    untracked(() => void fill(panel));
  });
  effect(() => {
    const panel = state.panel.value;
    if (panel) query("#panel-heading").textContent = text().drawer.tabs[panel];
  });
  const place = (): void => (noRoom.matches ? drawer.prepend(list) : query(".bar .modes").before(list));
  noRoom.addEventListener("change", place);
  place();
  // A sheet stands on the transport, whatever its height is just now.
  new ResizeObserver(([transport]) => {
    const { blockSize = 0 } = transport?.borderBoxSize[0] ?? {};
    document.body.style.setProperty("--transport", `${blockSize}px`);
  }).observe(query(".transport"));
  closeOnEscape("drawer", close);
}

/** One of the tabs is in the tab order: the open panel's, or the first. */
function mark(): void {
  const panel = state.panel.peek();
  for (const tab of query("#panels").querySelectorAll<HTMLElement>("[role=tab]")) {
    const selected = tab.dataset.argument === panel;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected || (panel === null && tab.dataset.argument === PANELS[0]) ? 0 : -1;
  }
  if (panel) query("#panel").setAttribute("aria-labelledby", `tab-${panel}`);
}

let stop: (() => void) | null = null;

async function fill(panel: state.Panel | null): Promise<void> {
  stop?.();
  stop = null;
  forget("panel");
  const body = query("#panel");
  body.replaceChildren();
  if (panel === null) return;
  // Where it does not come the server is away, or has become another version while this page was open.
  const content = await CONTENTS[panel]().catch(() => null);
  if (state.panel.peek() !== panel || stop !== null) return;
  if (content === null) {
    body.replaceChildren(make("p", { class: "note" }, text().drawer.failed));
    void fetchLater("panel", () => void fill(state.panel.peek()));
    return;
  }
  stop = content.show(body);
  body.scrollTop = 0;
}
