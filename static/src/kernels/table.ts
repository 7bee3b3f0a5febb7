/** Words in rows and columns without brackets: CSV, TSV, what a spreadsheet copies, numbers between spaces. */
import { later } from "../text/later.ts";
import { Refusal } from "./refusal.ts";

export interface Word {
  readonly text: string;
  /** Whether a comma in it is a decimal comma, because something else parts the columns. */
  readonly decimalComma: boolean;
}

const plain = (text: string): Word => ({ text, decimalComma: false });
const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, "$1").trim();

export function readTable(text: string): Word[][] {
  // A spreadsheet's empty last cells, and the semicolons at the ends of MATLAB's rows.
  const lines = text.split(/\r?\n/).map((line) => line.replace(/[ ;,]+$/, "")).filter((line) => line.trim() !== "");
  if (lines.some((line) => line.trim().includes("\t"))) return lines.map((line) => cells(line, "\t"));
  if (lines.some((line) => line.includes(";"))) return lines.length > 1 ? lines.map((line) => cells(line, ";")) : oneLine(lines[0] ?? "");
  return lines.map(rowOf);
}

const cells = (line: string, separator: string): Word[] =>
  line.split(separator).map((cell) => ({ text: unquoted(cell), decimalComma: true }));

/** "1 2; 3 4" are two rows, "1;2;3" are cells, and "1,2;3,4" are two rows or two decimal numbers. */
function oneLine(line: string): Word[][] {
  const rows = line.split(";").map((row) => row.trim());
  if (rows.some((row) => /[^,]\s+[^,]|,\s/.test(row))) return rows.map(rowOf);
  if (line.includes(",")) {
    throw new Refusal(later().pasted.commasAndSemicolons);
  }
  return [cells(line, ";")];
}

/** Numbers between commas, or between spaces. */
export function rowOf(line: string, row: number): Word[] {
  const trimmed = line.trim().replaceAll(/\s*\/\s*/g, "/");
  if (!trimmed.includes(",")) return trimmed.split(/\s+/).map(plain);
  const words = trimmed.split(",").map(unquoted);
  if (words.some((word) => /\S\s+\S/.test(word))) {
    throw new Refusal(later().pasted.commasAndSpaces(row), true);
  }
  return words.map(plain);
}
