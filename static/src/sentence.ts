/**
 * What happens at one position, as a sentence. Word for word what app/services/sentences.py says of the convolutions
 * that the page can show; tests/golden/sentences.json holds both to it.
 */
import { NBSP, formatIndex, formatNumber } from "./format.ts";
import { type AxisGeometry, type Geometry, coordinates, taps } from "./geometry.ts";

export interface Told {
  readonly geometry: Geometry;
  readonly position: number;
  /** The preset that the kernel is; null for a kernel of its own. */
  readonly filter: string | null;
  readonly bias: number;
  /** Over all channels. */
  readonly products: number;
  readonly sum: number;
  /** Of the whole output. */
  readonly scale: { readonly minimum: number; readonly maximum: number };
}

type Meaning = readonly [positive: string, negative: string, zero: string];

/** What a filter measures, said for a result that is clearly positive, clearly negative, or about zero. */
const MEANINGS: Readonly<Record<string, Meaning>> = (() => {
  const across: Meaning = [
    "The right side is brighter than the left, so the",
    "The right side is darker than the left, so the",
    "Left and right are about equally bright, so the",
  ];
  const down: Meaning = [
    "It gets brighter going down, so the",
    "It gets darker going down, so the",
    "Above and below are about equally bright, so the",
  ];
  const centre: Meaning = [
    "The middle is brighter than what surrounds it, so the",
    "The middle is darker than what surrounds it, so the",
    "The middle is about as bright as what surrounds it, so the",
  ];
  const flipped = ([positive, negative, zero]: Meaning): Meaning => [negative, positive, zero];
  return {
    sobel_x: across,
    prewitt_x: across,
    scharr_x: across,
    vertical_edge: flipped(across),
    sobel_y: down,
    prewitt_y: down,
    scharr_y: down,
    high_pass: centre,
  };
})();
/** Results within this share of the largest one are "about zero". */
const NEAR_ZERO = 0.04;

/** What comes before the sum, the sum, and the rest. `short`: the same in fewer words, for a phone. */
export function sentenceOf(
  told: Told,
  { short = false } = {},
): readonly [lead: string, value: string, rest: string] {
  const { geometry, position } = told;
  const [row, column] = coordinates(geometry, position);
  const [rows, columns] = [span("row", geometry.y, row), span("column", geometry.x, column)];
  const said = meaning(told);
  const products =
    told.products === 1 ? `one product is${NBSP}` : `${told.products}${NBSP}products add up to${NBSP}`;
  const lead = short
    ? `${capital(rows)}, ${columns}. ${said ? `${said.replace(" side", "")} sum is${NBSP}` : capital(products)}`
    : `The window covers ${rows} and ${columns}. ${said ?? "The"} ${products}`;
  const bias = told.bias === 0 ? "." : " with the bias.";
  return [lead, formatNumber(told.sum), bias + padding(paddingCells(geometry, row, column))];
}

function meaning({ filter, bias, sum, scale }: Told): string | null {
  const said = filter === null ? undefined : MEANINGS[filter];
  if (!said || bias !== 0) return null;
  const near = Math.max(Math.abs(scale.minimum), Math.abs(scale.maximum)) * NEAR_ZERO;
  return sum > near ? said[0] : sum < -near ? said[1] : said[2];
}

/** "rows 49 to 51", "row 50": what the window covers on one axis. */
function span(word: string, axis: AxisGeometry, position: number): string {
  const cells = taps(axis, position);
  const [low, high] = [formatIndex(cells[0] ?? 0), formatIndex(cells[cells.length - 1] ?? 0)];
  return low === high ? `${word}${NBSP}${low}` : `${word}s${NBSP}${low}${NBSP}to${NBSP}${high}`;
}

function padding(cells: number): string {
  if (cells === 0) return "";
  return cells === 1
    ? ` One cell is padding and counts as${NBSP}0.`
    : ` ${cells} cells are padding and count as${NBSP}0.`;
}

function paddingCells({ y, x }: Geometry, row: number, column: number): number {
  const inside = (axis: AxisGeometry, at: number): number =>
    taps(axis, at).filter((cell) => cell >= 0 && cell < axis.inputSize).length;
  return y.kernelSize * x.kernelSize - inside(y, row) * inside(x, column);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
