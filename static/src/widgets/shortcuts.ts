/** Keys in tinykeys' notation as this computer's keyboard has them. */
import { text } from "../text/text.ts";

const APPLE = /Mac|iPod|iPhone|iPad/.test(navigator.platform);

const PRINTED: Readonly<Record<string, string>> = {
  ArrowRight: "→", ArrowLeft: "←", ArrowDown: "↓", ArrowUp: "↑",
  ...(APPLE ? { $mod: "⌘", Shift: "⇧" } : {}),
};

/** "Ctrl+Shift+Z", and "⇧⌘Z" as "⌘⇧Z": in the order of the binding. */
export function spellKey(key: string): string {
  const parts = key.split(/(?<=.)\+/).map((part) => PRINTED[part] ?? (text().help.keys as Readonly<Record<string, string>>)[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(APPLE ? "" : "+");
}
