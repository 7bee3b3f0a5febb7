/** Small hands for building the page's changing parts. Text goes in as text, never as markup. */
import { type ReadonlySignal, signal } from "@preact/signals-core";

export function query<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const element = within.querySelector<T>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Attributes that are null or false are left out; true is written empty, but for aria-*, which spell it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("aria-")) {
      if (value !== null) element.setAttribute(name, String(value));
    } else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** The name of a control on which `written` stands: who speaks to it says what is there (WCAG 2.5.3). */
export const nameWith = (name: string, written: string): string => (name.includes(written.replaceAll("'", "")) ? name : `${written}, ${name}`);

/** Replaces the children, keeping the focus on what has the same data-key. */
export function refill(parent: HTMLElement, ...children: (Node | string)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key !== undefined) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Replaces what comes after the first child, which is kept as it is, scrolled and focused. */
export function refillAfter(parent: HTMLElement, kept: HTMLElement, ...children: (Node | string)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) && !kept.contains(active) ? active.dataset.key : undefined;
  if (parent.firstChild !== kept) parent.replaceChildren(kept);
  while (kept.nextSibling) kept.nextSibling.remove();
  parent.append(...children);
  if (key !== undefined) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Whether a popup is open, from just before it shows. Popups are filled while they are open only. */
export function whetherOpen(popup: HTMLElement): ReadonlySignal<boolean> {
  const open = signal(false);
  popup.addEventListener("beforetoggle", (event) => {
    open.value = event.newState === "open";
  });
  return open;
}

/** One of a radiogroup's buttons is checked, and it alone is in the tab order. */
export function checkRadio(group: HTMLElement, chosen: string): void {
  for (const button of group.querySelectorAll<HTMLElement>("[role=radio]")) {
    const checked = button.dataset.argument === chosen;
    button.setAttribute("aria-checked", String(checked));
    button.tabIndex = checked ? 0 : -1;
  }
}

/** Places an open popup under (or over) its button, inside the window. */
export function placePopup(popup: HTMLElement, anchor: DOMRect, centred: boolean): void {
  const gap = 8;
  const { offsetWidth: width, offsetHeight: height } = popup;
  const wantedLeft = centred ? anchor.left + anchor.width / 2 - width / 2 : anchor.left - 20;
  const below = anchor.bottom + gap;
  const top = below + height + gap <= innerHeight ? below : Math.max(gap, Math.min(anchor.top - height - gap, innerHeight - height - gap));
  const overflowing = below + height + gap > innerHeight && anchor.top - height - gap < gap;
  popup.style.left = `${Math.max(gap, Math.min(wantedLeft, innerWidth - width - gap))}px`;
  popup.style.top = `${overflowing ? Math.max(gap, innerHeight - height - gap) : top}px`;
}
