/** A weight edited where it is seen: a box on the loupe, over the half of its cell that shows it. */
import { planeInView } from "../actions/kernel.ts";
import { weightsOf } from "../kernels/bank.ts";
import { LOUPE_UNITS, boxUnder, gapsUnder, loupeLayout } from "../loupe-layout.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { liesTurned } from "../weights.ts";
import { query } from "./dom.ts";
import { weightBox } from "./weightGrid.ts";

/** WCAG's smallest target; what is lower is edited in the popup. */
const LEAST_HEIGHT = 24;

export function weightInPlace(): { edit(row: number, column: number): boolean } {
  const loupe = query<HTMLCanvasElement>("#loupe");
  let box: HTMLInputElement | null = null;
  const close = (): void => {
    const closing = box;
    box = null;
    closing?.remove();
  };
  /** The row and the column are those of the kernel, which may lie turned under the glass. False when the cells of the loupe are too small. */
  function edit(row: number, column: number): boolean {
    const plane = planeInView();
    const [rows, columns] = [plane.length, plane[0]?.length ?? 0];
    const geometry = shown.peek()?.geometry;
    const layout = loupeLayout(rows, columns, geometry && gapsUnder(geometry));
    const asked = state.asked.peek();
    const flipped = asked !== null && liesTurned(asked, state.stamping.peek());
    const seen = (at: number, length: number): number => (flipped ? length - 1 - at : at);
    const unit = loupe.clientWidth / LOUPE_UNITS;
    const side = layout.side * unit;
    const corner = boxUnder(layout, seen(row, rows), seen(column, columns));
    const value = plane[row]?.[column];
    if (value === undefined || side / 2 < LEAST_HEIGHT) return false;
    close();
    const opened = weightBox(
      { row, column, value },
      { largest: Math.max(...weightsOf(state.asked.peek()?.kernel ?? []).map(Math.abs)), rows, columns, dark: state.theme.peek() === "dark" },
      () => { if (box === opened) close(); },
    );
    opened.className = "weight-in-place";
    Object.assign(opened.style, {
      left: `${loupe.offsetLeft + corner.x * unit}px`,
      top: `${loupe.offsetTop + corner.y * unit + side / 2}px`,
      width: `${side}px`, height: `${side / 2}px`, fontSize: `${Math.min(side * 0.26, 30)}px`,
    });
    opened.addEventListener("keydown", (event) => {
      const by = flipped ? -1 : 1;
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!move) return;
      const [y, x] = [row + by * (move[0] ?? 0), column + by * (move[1] ?? 0)];
      if (plane[y]?.[x] === undefined) return;
      event.preventDefault();
      opened.blur();
      edit(y, x);
    });
    box = opened;
    loupe.after(opened);
    opened.focus();
    return true;
  }
  addEventListener("resize", close);
  return { edit };
}
