/** What is traced, in words; of an output cell as of the playhead's. */
import type { InputCell, StampedCell } from "../api.ts";
import { NBSP, TIMES, formatIndex, formatNumber } from "../format.ts";
import { coordinates, isCell, taps } from "../geometry.ts";
import { turned } from "../provenance.ts";
import { readSentence, sentenceOf, stampSentence } from "../sentence.ts";
import { type Text, text } from "../text/text.ts";
import type { Detail } from "../trace.ts";
import { weightsUnder } from "../weights.ts";
import type { Answer } from "./answer.ts";
import { met } from "./marks.ts";

/**
 * `here` is the playhead's, `channel` the one under the loupe, counted from the first that the output channel reads.
 * What comes of a position from `secretFrom` on is not told.
 */
export function told(answer: Answer, here: Detail, channel: number, secretFrom = Infinity): string {
  const { what, current, cell, detail, refusal } = answer;
  if (refusal !== null) return refusal;
  switch (what.kind) {
    case "input":
      return cell?.reads.some(({ wins, position }) => wins !== null && position >= secretFrom) ? text().predict.unknown : cell ? inputCell(cell) : "";
    case "output": {
      const [row, column] = coordinates(current.geometry, what.position);
      const { asked, geometry, info, sumScale } = current;
      const place = text().tracing.output(row, column);
      if (what.position >= secretFrom) return `${place} ${text().predict.unknown}`;
      const parts = detail && sentenceOf({ asked, geometry, detail, taps: info.taps, scale: sumScale }, { short: true });
      return `${place} ${parts?.join("") ?? ""}`;
    }
    case "weight":
      return weight(answer, turned(current.geometry, what.place), here, channel);
  }
}

const inputCell = (cell: InputCell & Partial<StampedCell>): string =>
  cell.stamp ? stampSentence({ ...cell, stamp: cell.stamp }) : readSentence(cell);

function weight({ current }: Answer, tap: number, here: Detail, channel: number): string {
  const { geometry: { y, x }, geometry } = current;
  const [kernelRow, kernelColumn] = [Math.floor(tap / x.kernelSize), tap % x.kernelSize];
  const [row, column] = coordinates(geometry, here.position);
  const [cellRow, cellColumn] = [taps(y, row)[kernelRow] ?? 0, taps(x, column)[kernelColumn] ?? 0];
  const outside = !isCell(y, cellRow) || !isCell(x, cellColumn);
  const at = channel * y.kernelSize * x.kernelSize + tap;
  const value = here.window[at] ?? 0;
  const weighs = weightsUnder(current, channel)?.[tap];
  const said = text().tracing;
  const factor = weighs === undefined ? "" : formatNumber(weighs, 6);
  const product = weighs === undefined ? "" : `: ${formatNumber(value)}${NBSP}${TIMES}${NBSP}${factor} = ${formatNumber(here.products[at] ?? 0, 4)}`;
  const name = weighs === undefined ? said.tap : said.weight(factor);
  const lies = outside && y.crop !== null ? said.nowhere(name) : said.lies(name, outside, formatIndex(cellRow), formatIndex(cellColumn), product);
  return `${lies} ${said.meets(span(said.rows, met(y, kernelRow)), span(said.columns, met(x, kernelColumn)))}`;
}

/** "rows 0 to 62", "every 2nd row from 1 to 61". */
function span(said: Text["tracing"]["rows"], cells: readonly number[]): string {
  const [first, second, last] = [cells[0], cells[1], cells.at(-1)];
  if (first === undefined || last === undefined) return said.none;
  if (second === undefined) return said.one(first);
  const step = second - first;
  const even = cells.every((cell, index) => cell === first + index * step);
  return step > 1 && even ? said.some(step, first, last) : said.all(first, last);
}
