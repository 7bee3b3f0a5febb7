/** Gathers the boxes that the wires join, in CSS pixels of the stage. */
import { type Box, type Figure, area, boxOf } from "../painters/figure.ts";
import { type Wiring, wire } from "../wiring.ts";
import type { Elements } from "./elements.ts";
import type { Extent } from "./viewport.ts";

interface Joined {
  readonly input: Figure;
  readonly output: Figure;
  readonly window: Extent;
  readonly cell: Extent;
  /** How a stamp is joined, the other way around. */
  readonly wireStamp: typeof wire | null;
  readonly diameter: number;
  readonly narrow: boolean;
  readonly face: boolean;
  /** The cells of the picture that the cone stands on are large enough for numbers. */
  readonly prints: boolean;
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
  const box = (figure: Figure, { top, left, rows, columns }: Extent): Box => seen(figure, boxOf(figure, top, left, rows, columns));
  const window = within(place(parts.inputFigure), box(joined.input, joined.window));
  const cell = within(output, box(joined.output, joined.cell));
  const scene = {
    loupe: { cx: loupe.x + loupe.w / 2, cy: loupe.y + loupe.h / 2, r: joined.diameter / 2 - 1 },
    chip: result ? place(result) : loupe,
    output,
    stageWidth: stage.width,
    narrow: joined.narrow,
    face: joined.face && !joined.narrow,
    input: place(parts.inputFigure),
    prints: joined.prints,
  };
  return joined.wireStamp?.({ ...scene, window: cell, cell: window }) ?? wire({ ...scene, window, cell });
}
