/** Words in nested brackets, of any kind: Python's and NumPy's lists, C's braces, MATLAB's rows between semicolons. */
import { later } from "../text/later.ts";
import { Refusal } from "./refusal.ts";
import { type Word, rowOf } from "./table.ts";

/** Words, or lists of them, to any depth. */
export type Nested = readonly (Word | Nested)[];

const CLOSES: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

/** Weights of four dimensions are the most that any framework prints. */
const MOST_DEPTH = 4;

/** `text` starts with a bracket; `end` is just after the one that closes it. */
export function readBrackets(text: string, depth = 0): { readonly nested: Nested; readonly end: number } {
  const closing = CLOSES[text[0] ?? ""] ?? "";
  if (depth === MOST_DEPTH) throw new Refusal(later().pasted.deep(depth + 1, MOST_DEPTH));
  const lists: Nested[] = [];
  let loose = "";
  let at = 1;
  for (; at < text.length && text[at] !== closing; at++) {
    const character = text[at] ?? "";
    if (character in CLOSES) {
      const inner = readBrackets(text.slice(at), depth + 1);
      lists.push(inner.nested);
      at += inner.end - 1;
    } else if (Object.values(CLOSES).includes(character)) {
      throw new Refusal(later().pasted.closedBy(text[0] ?? "", character));
    } else loose += character;
  }
  if (at === text.length) throw new Refusal(later().pasted.neverClosed(text[0] ?? ""));
  return { nested: lists.length > 0 ? onlyLists(lists, loose) : rowsOf(depth === 0 ? loose : loose.replaceAll("\n", " ")), end: at + 1 };
}

function onlyLists(lists: Nested[], loose: string): Nested {
  const between = /[^\s,;]+/.exec(loose)?.[0];
  if (between !== undefined) throw new Refusal(later().pasted.between(between));
  return lists;
}

/** A row; or, where semicolons or line breaks part it as in MATLAB, rows. A line that ends in a comma goes on. */
function rowsOf(loose: string): Nested {
  const lines = loose.trim().replaceAll(/,\s*\n/g, ", ").split(/[;\n]/).map((line) => line.trim()).filter((line) => line !== "");
  const rows = lines.map((line, row) => rowOf(line.replace(/,$/, ""), row));
  return rows.length === 1 ? (rows[0] ?? []) : rows;
}
