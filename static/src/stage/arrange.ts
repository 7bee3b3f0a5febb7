/** Measures the stage, fits the pictures into it and sets their sizes. The only part of the stage that lays out the DOM. */
import { reachOf } from "../geometry.ts";
import type { Shown } from "../session.ts";
import type { Elements } from "./elements.ts";
import { type Fit, type Measured, fit } from "./fit.ts";

export interface Arrangement {
  readonly fit: Fit;
  readonly kind: Measured["arrangement"];
}

/** The same conditions as static/css/narrow.css. */
function arrangementOf(): Measured["arrangement"] {
  if (innerWidth < 560) return "phone";
  return innerWidth < 760 || (innerWidth < 1000 && innerHeight > innerWidth) ? "narrow" : "wide";
}

const setSize = (element: HTMLElement, width: number, height: number): void => {
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
};

function measure(parts: Elements, kind: Measured["arrangement"]): Measured {
  for (const element of [parts.inputFigure, parts.outputFigure, parts.loupe]) setSize(element, 0, 0);
  for (const element of [parts.inputColumn, parts.outputColumn]) element.style.width = "";
  parts.sum.style.marginTop = "";
  const style = getComputedStyle(parts.stage);
  const heading = (column: HTMLElement): number => column.querySelector<HTMLElement>(".heading")?.offsetHeight ?? 0;
  return {
    width: parts.stage.clientWidth,
    height: parts.stage.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - heading(parts.inputColumn),
    sumHeight: parts.sum.offsetHeight,
    kernelHeadingHeight: heading(parts.kernelColumn),
    rem: parseFloat(getComputedStyle(document.documentElement).fontSize),
    devicePixelRatio: devicePixelRatio || 1,
    arrangement: kind,
    bare: getComputedStyle(parts.inputLegend).display === "none",
    crowded: document.body.classList.contains("drawer-open"),
  };
}

const MOST_SHRINKS = 5;
/** A narrow picture's column is as wide as what stands over and under it, in rem; `bare` without a legend. */
const LEAST_COLUMN = { whole: 14, bare: 10.5 };

export function arrange(parts: Elements, { geometry }: Shown, trueScale: boolean): Arrangement {
  const kind = arrangementOf();
  const measured = measure(parts, kind);
  const { y, x } = geometry;
  const padded = {
    rows: reachOf(y),
    columns: reachOf(x),
  };
  const output = { rows: y.outputSize, columns: x.outputSize };
  let fitted = fit(measured, padded, output, trueScale);
  place(parts, fitted, measured);
  for (let shrink = 1; kind === "wide" && shrink <= MOST_SHRINKS && overflows(parts); shrink++) {
    fitted = fit(measured, padded, output, trueScale, shrink);
    place(parts, fitted, measured);
  }
  return { fit: fitted, kind };
}

function place(parts: Elements, fitted: Fit, { arrangement: kind, rem, width: stageWidth, bare }: Measured): void {
  const { margin, inputCell, outputCell, inputView, outputView, diameter } = fitted;
  // 2 px beyond the last cell: the window's frame is drawn half outside it.
  const inputWidth = margin + inputView.columns * inputCell + 2;
  const outputWidth = margin + outputView.columns * outputCell + 2;
  setSize(parts.inputFigure, inputWidth, margin + inputView.rows * inputCell + 2);
  setSize(parts.outputFigure, outputWidth, margin + outputView.rows * outputCell + 2);
  setSize(parts.loupe, diameter, diameter);
  const least = Math.min((bare ? LEAST_COLUMN.bare : LEAST_COLUMN.whole) * rem, (stageWidth - diameter) / 2 - rem);
  const width = Math.max(inputWidth, outputWidth, least);
  // Beside a small loupe the kernel's heading would reach into the input's.
  parts.kernelColumn.classList.toggle("tight", kind === "wide" && diameter < rem * 13);
  for (const column of [parts.inputColumn, parts.outputColumn]) {
    column.style.width = kind === "wide" ? `${width}px` : "";
    column.classList.toggle("tight", width < rem * 18);
    for (const element of column.querySelectorAll<HTMLElement>(".heading, .legend")) element.style.paddingInlineStart = `${margin}px`;
  }
  parts.outputLegend.style.width = `${Math.max(outputWidth - 2, least)}px`;
  parts.sum.style.marginTop = "";
  const push = kind === "wide" ? sumPush(parts) : 0;
  if (push > 0) parts.sum.style.marginTop = `${push}px`;
}

/** How far the sum must move down so that it shares no row and column range with a legend or a picture. */
function sumPush(parts: Elements): number {
  // The numbers grow and shrink while it plays; the row must not jump with them.
  const slack = 3 * parseFloat(getComputedStyle(parts.sum.querySelector(".sign") ?? parts.sum).fontSize);
  const terms = [...parts.sum.children].filter((child) => child.checkVisibility()).map((child) => child.getBoundingClientRect());
  const box = parts.sum.getBoundingClientRect();
  // A row that scrolls is as wide as it is, whatever is in it.
  const scrolls = getComputedStyle(parts.sum).overflowX !== "visible";
  const left = scrolls ? box.left : Math.min(...terms.map((rect) => rect.left)) - slack;
  const right = scrolls ? box.right : Math.max(...terms.map((rect) => rect.right)) + slack;
  const { top } = box;
  const others = [...parts.inputLegend.children, ...parts.outputLegend.children, parts.inputFigure, parts.outputFigure];
  let push = 0;
  for (const rect of others.map((other) => other.getBoundingClientRect())) {
    if (rect.bottom > top && left < rect.right && right > rect.left) push = Math.max(push, rect.bottom - top);
  }
  return push;
}

function overflows(parts: Elements): boolean {
  const { bottom } = parts.stage.getBoundingClientRect();
  return [parts.inputColumn, parts.kernelColumn, parts.outputColumn].some((column) => column.getBoundingClientRect().bottom > bottom + 1);
}
