/** Gathers the boxes that the wires join, in CSS pixels of the stage. */
import type { Geometry } from "../geometry.ts";
import { type Box, type Figure, boxOf } from "../painters/figure.ts";
import { type Wiring, wire } from "../wiring.ts";
import type { Elements } from "./elements.ts";

interface Joined {
  readonly input: Figure;
  readonly output: Figure;
  readonly window: { readonly top: number; readonly left: number };
  readonly cell: { readonly row: number; readonly column: number };
  readonly geometry: Geometry;
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
  const loupe = place(parts.loupe);
  const result = document.querySelector("#result");
  const output = place(parts.outputFigure);
  return wire({
    window: within(
      place(parts.inputFigure),
      boxOf(joined.input, joined.window.top, joined.window.left, joined.geometry.y.span, joined.geometry.x.span),
    ),
    loupe: { cx: loupe.x + loupe.w / 2, cy: loupe.y + loupe.h / 2, r: joined.diameter / 2 - 1 },
    cell: within(output, boxOf(joined.output, joined.cell.row, joined.cell.column)),
    chip: result ? place(result) : loupe,
    output,
    stageWidth: stage.width,
    narrow: joined.narrow,
    face: joined.face && !joined.narrow,
  });
}
