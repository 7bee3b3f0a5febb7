import { TIMES, counted } from "../parts.ts";

/** Why a text is no matrix. Rows and columns count from 0. */
export const pasted = {
  fromZero: "Rows and columns count from 0.",
  noNumber: "There is no number in this text.",
  leftOut: "A part was left out where the text says “...”. Print the array in full.",
  notComputed: (call: string) => `“${call}” is not computed here. Paste the numbers that it gives.`,
  noBrackets: "Brackets were expected around the numbers.",
  theEnd: "the end",
  unread: (rest: string) => `What stands after the numbers cannot be read: “${rest}”.`,
  twoReadings: (row: number, column: number, written: string) =>
    `Row ${row}, column ${column} is “${written}”, which can be ${written.replace(",", ".")} or ${written.replace(",", "")}. Write it without the comma.`,
  empty: (row: number, column: number) => `Row ${row}, column ${column} is empty.`,
  notANumber: (row: number, column: number, written: string) => `Row ${row}, column ${column} is “${written}”, which is not a number.`,
  notFinite: (row: number, column: number, written: string) => `Row ${row}, column ${column} is “${written}”; a finite number is needed.`,
  oneChannel: (size: string) => `This array is ${size}. Weights are read for one channel at a time: rows and columns.`,
  channels: (size: string) => `This array is ${size}. An input has one channel or three, first or last.`,
  channelsTwice: (size: string) => `This array is ${size}: its channels can come first or last. Paste one channel, rows and columns.`,
  sideBySide: (item: number) => `Brackets and numbers stand side by side: item ${item} has no brackets, others have.`,
  uneven: (item: number) => `The brackets hold arrays of different sizes: item ${item} is not as large as item 0.`,
  ragged: (row: number, has: number, first: number) => `Row ${row} has ${counted(has, "number", "numbers")}; row 0 has ${first}.`,
  largeKernel: (rows: number, columns: number, most: number) =>
    `This is ${rows} ${TIMES} ${columns}. A kernel has at most ${most} rows and ${most} columns.`,
  largeInput: (rows: number, columns: number, most: number) =>
    `This is ${rows} ${TIMES} ${columns}. A typed input has at most ${most} rows and ${most} columns.`,
  deep: (depth: number, most: number) => `Brackets are ${depth} deep; at most ${most} are read.`,
  closedBy: (opening: string, closing: string) => `A “${opening}” is closed by “${closing}”.`,
  neverClosed: (opening: string) => `A “${opening}” is never closed.`,
  between: (loose: string) => `“${loose}” stands between the brackets of two rows.`,
  commasAndSemicolons:
    "Commas and semicolons in one line can be read in two ways. Put brackets around it, or each row on a line of its own.",
  commasAndSpaces: (row: number) => `Row ${row} has commas and spaces between its numbers. Use one of them.`,
};
