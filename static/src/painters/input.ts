/** The input: the picture, its padding ring, what was read so far, and the window over it. */
import { textOn } from "../colour.ts";
import { type Box, type Figure, IS_BOX, PRINTS_INPUT, area, boxOf, clipToArea, visible } from "./figure.ts";
import type { Ink } from "./ink.ts";
import { dotPattern, doubleFrame, drawCells, fillDisc, gridLines, hatch, label, tapFrame } from "./marks.ts";
import { paintExtent, paintRulers } from "./rulers.ts";

export interface InputScene {
  readonly ink: Ink;
  readonly figure: Figure;
  readonly height: number;
  readonly width: number;
  /** One pixel a cell, or one for several cells. */
  readonly picture: HTMLCanvasElement;
  readonly hasPadding: boolean;
  /** The number and colour of a cell; asked only for visible cells that are large enough to print. */
  readonly print: (row: number, column: number) => { text: string; colour: string };
  /** Per row and per column: the first output row or column whose windows read it, -1 for never. */
  readonly rowReader: Int32Array;
  readonly columnReader: Int32Array;
  /** The first row and column behind the padding: what is drawn there a window overhangs. */
  readonly paddingEnd: { readonly row: number; readonly column: number };
  /** Rows and columns before that end which no window reads. */
  readonly leftover: { readonly rows: number; readonly columns: number };
  readonly highlightPadding: boolean;
  /** The number and colour of a cell of the padding; null where it has no number, no colour where it is not the input that it reads. */
  readonly beyond: (row: number, column: number) => { readonly text: string; readonly colour: string | null } | null;
  /** Whether the padding reads the input. */
  readonly paddingReads: boolean;
}

export interface WindowScene {
  readonly ink: Ink;
  readonly figure: Figure;
  readonly height: number;
  readonly width: number;
  readonly rowReader: Int32Array;
  readonly columnReader: Int32Array;
  /** The output cell of the playhead; null while nothing is computed. */
  readonly at: { readonly row: number; readonly column: number };
  /** A lesson's matrix keeps all its cells plain: there is nothing to discover in it. */
  readonly veilsUnread: boolean;
  /** First row and column of the window; fractional while it glides. */
  readonly top: number;
  readonly left: number;
  readonly spanRows: number;
  readonly spanColumns: number;
  /** By tap, from the window's first cell; null where a tap lies on no cell. */
  readonly rowOffsets: readonly (number | null)[];
  readonly columnOffsets: readonly (number | null)[];
  readonly tapColour: (kernelRow: number, kernelColumn: number) => string;
  /** The current tap of the Tap cadence, or null. */
  readonly tap: { readonly row: number; readonly column: number } | null;
  /** The tap that is pointed at, or null. */
  readonly lit: { readonly row: number; readonly column: number } | null;
  readonly highlightGaps: boolean;
  /** Strides, when the next windows are to light up. */
  readonly highlightNext: { readonly rows: number; readonly columns: number } | null;
}

/** From this size on, in CSS pixels, a frame in a cell leaves something of the cell. */
const FRAMES_TAPS = 4.5;

export function paintInput(context: CanvasRenderingContext2D, scene: InputScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  context.save();
  clipToArea(context, figure, 0.5);
  if (scene.hasPadding && showsPadding(scene)) paintPadding(context, scene);
  drawCells(context, figure, scene.picture, scene.height, scene.width);
  if (cell >= IS_BOX) gridLines(context, figure, ink.sheet, 0.8);
  paintNeverRead(context, scene);
  if (cell >= PRINTS_INPUT) printCells(context, scene);
  context.restore();
  paintRulers(context, scene);
}

const showsPadding = ({ figure: { top, left, rows, columns }, height, width }: InputScene): boolean =>
  top < 0 || left < 0 || top + rows > height || left + columns > width;

function paintPadding(context: CanvasRenderingContext2D, scene: InputScene): void {
  const { figure, ink, highlightPadding, paddingEnd } = scene;
  const all = area(figure);
  const end = boxOf(figure, paddingEnd.row, paddingEnd.column);
  const whole = { ...all, w: Math.min(all.w, end.x - all.x), h: Math.min(all.h, end.y - all.y) };
  if (whole.w < all.w || whole.h < all.h) paintOverhang(context, all, ink);
  context.fillStyle = highlightPadding ? ink.mark : ink.sheet;
  context.fillRect(whole.x, whole.y, whole.w, whole.h);
  if (scene.paddingReads && !highlightPadding) paintBeyond(context, scene);
  hatch(context, whole, figure.cell >= IS_BOX ? 7 : 4, highlightPadding ? ink.ink : ink.edge, 1);
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  context.strokeRect(whole.x + 0.5, whole.y + 0.5, whole.w - 1, whole.h - 1);
  paintLeftover(context, scene, whole);
}

/** Where a window of ceil mode overhangs there is nothing, not even padding. */
function paintOverhang(context: CanvasRenderingContext2D, { x, y, w, h }: Box, ink: Ink): void {
  context.fillStyle = ink.paper;
  context.fillRect(x, y, w, h);
  context.save();
  context.setLineDash([4, 4]);
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  context.restore();
}

/** Padding that is too little for one more window: dotted, as the cells of the input that no window reads. */
function paintLeftover(context: CanvasRenderingContext2D, scene: InputScene, { x, y, w, h }: Box): void {
  const { figure, ink, leftover, paddingEnd, height, width } = scene;
  const rows = Math.min(leftover.rows, paddingEnd.row - height) * figure.cell;
  const columns = Math.min(leftover.columns, paddingEnd.column - width) * figure.cell;
  if (rows <= 0 && columns <= 0) return;
  const end = boxOf(figure, paddingEnd.row, paddingEnd.column);
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.beginPath();
  if (rows > 0) context.rect(x, end.y - rows, w, rows);
  if (columns > 0) context.rect(end.x - columns, y, columns, h - Math.max(0, rows));
  context.globalAlpha = 0.8;
  context.fillStyle = ink.sheet;
  context.fill();
  context.globalAlpha = 1;
  const boxed = figure.cell >= IS_BOX;
  const pitch = boxed ? figure.cell / 6 : Math.max(2, figure.cell);
  context.fillStyle = dotPattern(context, end.x, end.y, pitch, boxed ? 1.1 : Math.min(0.8, pitch / 4), ink.ink3);
  context.fill();
  context.restore();
}

/** What the padding reads of the input, in the input's colours under the hatching. */
function paintBeyond(context: CanvasRenderingContext2D, scene: InputScene): void {
  const { figure, height, width } = scene;
  for (let row = Math.floor(figure.top); row < figure.top + figure.rows; row++) {
    for (let column = Math.floor(figure.left); column < figure.left + figure.columns; column++) {
      if (row >= 0 && row < height && column >= 0 && column < width) {
        column = width - 1;
        continue;
      }
      const colour = scene.beyond(row, column)?.colour;
      if (!colour) continue;
      const box = boxOf(figure, row, column);
      context.fillStyle = colour;
      context.fillRect(box.x, box.y, box.w, box.h);
    }
  }
}

/** Cells no window reads: washed out, with dots. Counted in the legend. */
function paintNeverRead(context: CanvasRenderingContext2D, scene: InputScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  const [top, bottom] = visible(figure.top, figure.rows, scene.height);
  const [left, right] = visible(figure.left, figure.columns, scene.width);
  // Whole rows and whole columns, filled as one path: where they cross nothing is washed out twice.
  context.beginPath();
  const add = ({ x, y, w, h }: ReturnType<typeof boxOf>): void => context.rect(x, y, w, h);
  for (let row = top; row < bottom; row++) if (scene.rowReader[row] === -1) add(boxOf(figure, row, left, 1, right - left));
  for (let column = left; column < right; column++) if (scene.columnReader[column] === -1) add(boxOf(figure, top, column, bottom - top, 1));
  const boxed = cell >= IS_BOX;
  context.globalAlpha = boxed ? 0.66 : 0.8;
  context.fillStyle = ink.sheet;
  context.fill();
  context.globalAlpha = 1;
  if (cell < 2) return;
  const first = boxOf(figure, top, left);
  context.fillStyle = dotPattern(context, first.x, first.y, boxed ? cell / 6 : cell, boxed ? 1.1 : Math.min(0.8, cell / 4), ink.ink3);
  context.fill();
}

function printCells(context: CanvasRenderingContext2D, scene: InputScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  const font = (text: string): string => `500 ${Math.min(cell * 0.34, (cell * 1.3) / text.length)}px ${ink.mono}`;
  for (let row = Math.floor(figure.top); row < figure.top + figure.rows; row++) {
    for (let column = Math.floor(figure.left); column < figure.left + figure.columns; column++) {
      const box = boxOf(figure, row, column);
      const x = box.x + cell / 2;
      const y = box.y + cell / 2;
      if (row < 0 || column < 0 || row >= scene.height || column >= scene.width) {
        const outside = scene.beyond(row, column);
        if (!outside) continue;
        fillDisc(context, x, y, cell * (outside.text.length > 2 ? 0.34 : 0.23), ink.sheet);
        label(context, outside.text, x, y + 1, ink.ink2, font(outside.text));
        continue;
      }
      const { text, colour } = scene.print(row, column);
      const never = scene.rowReader[row] === -1 || scene.columnReader[column] === -1;
      if (never) fillDisc(context, x, y, cell * 0.27, ink.sheet);
      label(context, text, x, y + 1, never ? ink.ink3 : textOn(colour), font(text));
    }
  }
}

const SMALL_FRAME = 2.5;
const grown = ({ x, y, w, h }: Box, by: number): Box => ({ x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by });

export function paintWindow(context: CanvasRenderingContext2D, scene: WindowScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  context.save();
  clipToArea(context, figure, 3);
  if (scene.veilsUnread) veilUnread(context, scene);
  if (scene.highlightNext) {
    const { rows, columns } = scene.highlightNext;
    context.fillStyle = ink.mark;
    context.globalAlpha = 0.8;
    for (const [down, across] of [[0, columns], [rows, 0]] as const) {
      const next = boxOf(figure, scene.top + down, scene.left + across, scene.spanRows, scene.spanColumns);
      context.fillRect(next.x, next.y, next.w, next.h);
    }
    context.globalAlpha = 1;
  }
  veilGaps(context, scene);
  frameTaps(context, scene);
  const box = boxOf(figure, scene.top, scene.left, scene.spanRows, scene.spanColumns);
  // Around small cells it stands outside, so that it leaves the colours of the outer taps to be seen.
  if (box.w > 0 && box.h > 0) doubleFrame(context, cell >= IS_BOX ? box : grown(box, SMALL_FRAME), cell >= IS_BOX ? 3 : 2, ink);
  context.restore();
  paintExtent(context, scene, scene.top, scene.left, scene.spanRows, scene.spanColumns);
}

/** 30 % paper over everything the scan has not reached. Readers grow with the index, so the unread part is a few boxes. */
function veilUnread(context: CanvasRenderingContext2D, scene: WindowScene): void {
  const { figure } = scene;
  const [top, bottom] = visible(figure.top, figure.rows, scene.height);
  const [left, right] = visible(figure.left, figure.columns, scene.width);
  context.fillStyle = scene.ink.sheet;
  context.globalAlpha = 0.3;
  const veil = (row: number, column: number, columns: number): void => {
    const box = boxOf(figure, row, column, 1, columns);
    context.fillRect(box.x, box.y, box.w, box.h);
  };
  for (let row = top; row < bottom; row++) {
    const reader = scene.rowReader[row] ?? -1;
    if (reader === -1 || reader < scene.at.row) continue;
    if (reader > scene.at.row) {
      veil(row, left, right - left);
      continue;
    }
    let from = -1;
    for (let column = left; column <= right; column++) {
      const unread = column < right && (scene.columnReader[column] ?? -1) > scene.at.column;
      if (unread && from === -1) from = column;
      if (!unread && from !== -1) {
        veil(row, from, column - from);
        from = -1;
      }
    }
  }
  context.globalAlpha = 1;
}

/** With dilation, what lies between the taps is inside the window but not read. */
function veilGaps(context: CanvasRenderingContext2D, scene: WindowScene): void {
  if (scene.spanRows * scene.spanColumns === 1) return;
  const { figure, ink } = scene;
  const rows = new Set(scene.rowOffsets.filter((offset) => offset !== null));
  const columns = new Set(scene.columnOffsets.filter((offset) => offset !== null));
  if (rows.size === scene.spanRows && columns.size === scene.spanColumns) return;
  context.fillStyle = scene.highlightGaps ? ink.mark : ink.sheet;
  context.globalAlpha = scene.highlightGaps ? 0.85 : 0.6;
  for (let row = 0; row < scene.spanRows; row++) {
    for (let column = 0; column < scene.spanColumns; column++) {
      if (rows.has(row) && columns.has(column)) continue;
      const box = boxOf(figure, scene.top + row, scene.left + column);
      context.fillRect(box.x, box.y, box.w, box.h);
    }
  }
  context.globalAlpha = 1;
}

function frameTaps(context: CanvasRenderingContext2D, scene: WindowScene): void {
  const { figure, ink } = scene;
  const { cell } = figure;
  scene.rowOffsets.forEach((rowOffset, kernelRow) => {
    scene.columnOffsets.forEach((columnOffset, kernelColumn) => {
      if (rowOffset === null || columnOffset === null) return;
      const box = boxOf(figure, scene.top + rowOffset, scene.left + columnOffset);
      const marked = [scene.tap, scene.lit].some((tap) => tap?.row === kernelRow && tap.column === kernelColumn);
      if (cell < FRAMES_TAPS && !marked) return;
      if (marked) {
        context.fillStyle = ink.mark;
        context.globalAlpha = cell >= IS_BOX ? 0.75 : 1;
        context.fillRect(box.x, box.y, cell, cell);
        context.globalAlpha = 1;
      }
      tapFrame(context, box, scene.tapColour(kernelRow, kernelColumn), ink);
    });
  });
}
