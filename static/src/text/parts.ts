/** What messages of every language are made with. */

export const NBSP = "\u00a0";
export const TIMES = "\u00d7";

/** The first and the last of a few rows or columns. */
export type Span = readonly [low: string, high: string];

/** "1 row", "3 rows". */
export const counted = (count: number, one: string, several: string): string => `${count} ${count === 1 ? one : several}`;
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
