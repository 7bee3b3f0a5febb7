/** Gathers the boxes that the wires join, in CSS pixels of the stage. */
import { type Box, type Figure, area, boxOf } from "../painters/figure.ts";
import { type Wiring, wire } from "../wiring.ts";
import type { Elements } from "./elements.ts";
import type { Extent } from "./viewport.ts";

interface Joined {
  readonly input: Figure;
  readonly output: Figure;
  readonly window: Extent;
  readonly cell: { readonly row: number; readonly column: number };
  readonly diameter: number;
  readonly narrow: boolean;
  readonly face: boolean;
}

export function wiringOf(parts: Elements, joined: Joined): Wiring {
  const stage = parts.stage.getBoundingClientRect();
  const place = (element: Element): Box => {
    const rect = element.getBoundingClientRect();
    return { x: rect.left - stage.left, y: rect.top - stage.top, w: rect.width, h: rect.height };
  };
  const within = (outer: Box, inner: Box): Box => ({ ...inner, x: outer.x + inner.x, y: outer.y + inner.y });
  /** What is panned out of sight is pointed at from the picture's edge. */
  const seen = (figure: Figure, { x, y, w, h }: Box): Box => {
    const { x: left, y: top, w: width, h: height } = area(figure);
    const hold = (value: number, low: number, size: number): number => Math.min(Math.max(value, low), low + size);
    const [from, to] = [hold(x, left, width), hold(x + w, left, width)];
    const [over, under] = [hold(y, top, height), hold(y + h, top, height)];
    return { x: from, y: over, w: to - from, h: under - over };
  };
  const loupe = place(parts.loupe);
  const result = document.querySelector("#result");
  const output = place(parts.outputFigure);
  return wire({
    window: within(
      place(parts.inputFigure),
      seen(joined.input, boxOf(joined.input, joined.window.top, joined.window.left, joined.window.rows, joined.window.columns)),
    ),
    loupe: { cx: loupe.x + loupe.w / 2, cy: loupe.y + loupe.h / 2, r: joined.diameter / 2 - 1 },
    cell: within(output, seen(joined.output, boxOf(joined.output, joined.cell.row, joined.cell.column))),
    chip: result ? place(result) : loupe,
    output,
    stageWidth: stage.width,
    narrow: joined.narrow,
    face: joined.face && !joined.narrow,
  });
}
