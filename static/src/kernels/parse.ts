/**
 * Weights, and numbers of an input, from text that was copied somewhere: Python lists, NumPy's and PyTorch's print, MATLAB,
 * JSON, CSV, TSV, or numbers between spaces. What can be read in two ways is refused rather than guessed, with the row and
 * column in question.
 */
import { TIMES } from "../format.ts";
import { LARGEST_KERNEL, type Plane } from "../state.ts";
import { later } from "../text/later.ts";
import { type Nested, readBrackets } from "./brackets.ts";
import { Refusal } from "./refusal.ts";
import { type Word, readTable } from "./table.ts";

export type Parsed = { readonly plane: Plane } | { readonly refusal: string };

export function parseKernel(text: string): Parsed {
  return refusing(() => {
    const { nested, factor } = readText(text);
    const plane = numbersOf(planeOf(nested), factor);
    requireSize(plane, LARGEST_KERNEL, "largeKernel");
    return { plane };
  });
}

/** What `read` makes, or why it cannot. */
export function refusing<T>(read: () => T): T | { readonly refusal: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const FRACTION = String.raw`${NUMBER}(?:\s*/\s*${NUMBER})?`;
/** `kernel =`, also with a type as C and Python write it. */
const ASSIGNMENT = /^[a-z_][\w .*:]*(?:\[\d*\])*\s*=\s*/i;
const FACTOR_BEFORE = new RegExp(String.raw`^(?:(${FRACTION})|\(\s*(${FRACTION})\s*\))\s*\*\s*`, "i");
const FACTOR_AFTER = new RegExp(String.raw`^([*/])\s*(?:(${NUMBER})|\(\s*(${FRACTION})\s*\))$`, "i");
const CALL = /^(?:[a-z_]\w*\.)*(?:as)?(?:array|tensor|constant|matrix)\s*\(\s*/i;
const OTHER_CALL = /^[a-z_][\w.]*\s*\(/i;
/** `, dtype=np.float32, device='cuda:0')` */
const END_OF_CALL = /^(?:\s*,\s*[\w.=:'"<> ]*)*\s*\)\s*/;

/** Words in rows, or deeper, and what each of them is multiplied with. */
export function readText(text: string): { readonly nested: Nested; readonly factor: number } {
  const bare = text.replaceAll(/[\u2212\u2013]/g, "-").replaceAll(/(?:#|%|\/\/).*$/gm, "").trim();
  let rest = bare.replace(ASSIGNMENT, "").replace(/;$/, "").trim();
  if (!/\d/.test(rest)) throw new Refusal(later().pasted.noNumber);
  if (rest.includes("...")) throw new Refusal(later().pasted.leftOut);
  const before = FACTOR_BEFORE.exec(rest);
  if (before) rest = rest.slice(before[0].length);
  const call = CALL.exec(rest);
  if (call) rest = rest.slice(call[0].length);
  const other = OTHER_CALL.exec(rest);
  if (other) throw new Refusal(later().pasted.notComputed(shortened(other[0])));
  if (!/^[[({]/.test(rest)) {
    if (before || call) throw new Refusal(later().pasted.noBrackets);
    return { nested: readTable(rest), factor: 1 };
  }
  let { nested, end } = readBrackets(rest);
  // Rows copied out of a longer list have no brackets around them all.
  if (!call && /^\s*,?\s*[[({]/.test(rest.slice(end))) ({ nested, end } = readBrackets(rest = `[${rest}]`));
  let after = rest.slice(end).trim();
  if (call) {
    const closed = END_OF_CALL.exec(after);
    if (!closed) throw new Refusal(unread(after || later().pasted.theEnd));
    after = after.slice(closed[0].length).replace(/;$/, "").trim();
  }
  return { nested, factor: (before ? value(before[1] ?? before[2] ?? "1") : 1) * factorAfter(after) };
}

const unread = (text: string): string => later().pasted.unread(shortened(text));
const shortened = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);

function factorAfter(text: string): number {
  if (text === "") return 1;
  const parts = FACTOR_AFTER.exec(text);
  const factor = parts ? value(parts[2] ?? parts[3] ?? "") : NaN;
  if (!parts || !Number.isFinite(factor) || (parts[1] === "/" && factor === 0)) throw new Refusal(unread(text));
  return parts[1] === "/" ? 1 / factor : factor;
}

/** NaN for what is no number. */
function value(text: string): number {
  const [numerator = "", denominator = "1", ...more] = text.split("/").map((part) => part.trim());
  const number = new RegExp(`^${NUMBER}$`, "i");
  return more.length === 0 && number.test(numerator) && number.test(denominator) ? Number(numerator) / Number(denominator) : NaN;
}

function numberOf({ text, decimalComma }: Word, row: number, column: number): number {
  const words = later().pasted;
  if (decimalComma && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
    throw new Refusal(words.twoReadings(row, column, text), true);
  }
  const read = value(decimalComma ? text.replace(",", ".") : text);
  // Numbers are float32 on the server: what only a double can hold would be infinite there.
  if (Number.isFinite(Math.fround(read))) return read + 0;
  if (text === "") throw new Refusal(words.empty(row, column), true);
  throw new Refusal(Number.isNaN(read) && !/^[+-]?nan$/i.test(text)
    ? words.notANumber(row, column, shortened(text))
    : words.notFinite(row, column, shortened(text)), true);
}

/** Rows of words. PyTorch's weights of one channel have two sides of 1 in front, TensorFlow's two behind. */
function planeOf(nested: Nested): Word[][] {
  const shape = shapeOf(nested);
  if (shape.length === 1) return [nested as Word[]];
  if (shape.length === 2) return nested as Word[][];
  const ones = (sides: readonly number[]): boolean => sides.every((side) => side === 1);
  const readings = [...(ones(shape.slice(0, -2)) ? [shape.slice(-2)] : []), ...(ones(shape.slice(2)) ? [shape.slice(0, 2)] : [])];
  const [[rows = 1, columns = 1] = []] = readings;
  if (readings.length === 0 || readings.some((reading) => reading[0] !== rows)) {
    throw new Refusal(later().pasted.oneChannel(shape.join(` ${TIMES} `)));
  }
  const words = nested.flat(Infinity as 1) as unknown as Word[];
  return Array.from({ length: rows }, (_, row) => words.slice(row * columns, (row + 1) * columns));
}

/** Of nested brackets; when they are ragged below the second level there is no shape. */
export function shapeOf(nested: Nested): number[] {
  const lists = nested.filter((item) => Array.isArray(item));
  if (lists.length === 0) return [nested.length];
  const odd = nested.findIndex((item) => !Array.isArray(item));
  if (odd >= 0) throw new Refusal(later().pasted.sideBySide(odd), true);
  const shapes = lists.map((list) => shapeOf(list as Nested));
  const [first = []] = shapes;
  const deep = shapes.some((shape) => shape.length > 1);
  const uneven = shapes.findIndex((shape) => (deep ? shape.join() !== first.join() : false));
  if (uneven >= 0) throw new Refusal(later().pasted.uneven(uneven), true);
  return [nested.length, ...first];
}

/** As many numbers in each row. */
export function numbersOf(words: readonly (readonly Word[])[], factor: number): number[][] {
  const rows = words.map((row, at) => row.map((word, column) => numberOf(word, at, column) * factor));
  const columns = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== columns);
  if (ragged >= 0) throw new Refusal(later().pasted.ragged(ragged, rows[ragged]?.length ?? 0, columns), true);
  if (columns === 0) throw new Refusal(later().pasted.noNumber);
  return rows;
}

export function requireSize(plane: Plane, most: number, tooLarge: "largeKernel" | "largeInput"): void {
  const [rows, columns] = [plane.length, plane[0]?.length ?? 0];
  if (rows > most || columns > most) {
    throw new Refusal(later().pasted[tooLarge](rows, columns, most));
  }
}
