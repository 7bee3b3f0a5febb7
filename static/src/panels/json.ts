/** JSON and shell commands, for people to read and copy. Pure. */

const LINE = 64;

const entriesOf = (value: object, spell: (one: unknown) => string): string[] =>
  Array.isArray(value) ? value.map(spell)
    : Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => `${JSON.stringify(key)}: ${spell(one)}`);

function onOneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = entriesOf(value, onOneLine).join(", ");
  return Array.isArray(value) ? `[${entries}]` : `{${entries}}`;
}

/** What fits a line stays on it; the rest is one entry a line. */
export function spellJson(value: unknown, indent = ""): string {
  const short = onOneLine(value);
  if (typeof value !== "object" || value === null || indent.length + short.length <= LINE) return short;
  const deeper = `${indent}  `;
  const entries = entriesOf(value, (one) => spellJson(one, deeper));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${deeper}${entries.join(`,\n${deeper}`)}\n${indent}${close}`;
}

/** In single quotes, as every shell of the family takes it. */
export const quoted = (words: string): string => `'${words.replaceAll("'", "'\\''")}'`;

/** `options` go before the body; a question mark in an address would be the shell's without quotes. */
export function curl(address: string, { options = [], body }: { options?: readonly string[]; body?: unknown } = {}): string {
  const parts = [`curl ${/[?&]/.test(address) ? quoted(address) : address}`, ...options, ...(body === undefined ? [] : [`--json ${quoted(spellJson(body))}`])];
  return parts.join(" \\\n  ");
}
