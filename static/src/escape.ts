/** Esc takes away one thing at a time. Popovers and dialogs are the browser's, and a field that is being edited has its own. */

/** In the order they are closed. */
const ORDER = ["provenance", "drawer", "ways", "present"] as const;
type Layer = (typeof ORDER)[number];

const closers = new Map<Layer, () => boolean>();

/** `close` answers whether there was anything to close. */
export function closeOnEscape(layer: Layer, close: () => boolean): void {
  if (closers.size === 0) addEventListener("keydown", escape);
  closers.set(layer, close);
}

function escape(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  const target = event.target as Element;
  if (document.querySelector(":popover-open, dialog[open]") || target.closest("input:not([type=range], [type=checkbox]), textarea")) return;
  if (ORDER.some((layer) => closers.get(layer)?.())) event.preventDefault();
}
