/** How a stamp is drawn: its cells on the output, and the wires that join it to the loupe and to the input cell it comes from. */
import { tapColour } from "../colour.ts";
import { formatNumber } from "../format.ts";
import { type Figure, IS_BOX, PRINTS_OUTPUT, boxOf, clipToArea } from "../painters/figure.ts";
import { doubleFrame, fillDisc, label } from "../painters/marks.ts";
import { paintExtent } from "../painters/rulers.ts";
import type { View } from "../stage/scenes.ts";
import type { Extent } from "../stage/viewport.ts";
import { type Point, type Rect, type Wiring, type WiringScene, rounded, wire } from "../wiring.ts";

const CORNER = 16;

/** Over the output: where every product of the channel under the loupe falls. `window` is the whole stamp. */
export function paintStamp(context: CanvasRenderingContext2D, view: View, figure: Figure, window: Extent): void {
  const { ink, detail, channel } = view;
  const { y, x } = view.shown.geometry;
  const { cell } = figure;
  const cells = detail.stamp?.stamp ?? [];
  const inChannel = view.tap === null ? -1 : view.tap - channel * cells.length;
  const width = Math.max(cell >= IS_BOX ? 4 : 1.2, cell * 0.055);
  const inset = width / 2 + (cell >= IS_BOX ? 2 : 0);
  context.save();
  clipToArea(context, figure, 3);
  cells.forEach(({ kernel_y, kernel_x, output_y, output_x, position, products }, index) => {
    if (position === null || cell < 4.5) return;
    const box = boxOf(figure, output_y, output_x);
    if (index === inChannel || index === view.lit) {
      context.fillStyle = ink.mark;
      context.globalAlpha = 0.75;
      context.fillRect(box.x, box.y, cell, cell);
      context.globalAlpha = 1;
    }
    context.strokeStyle = tapColour(kernel_y, kernel_x, y.kernelSize, x.kernelSize, ink.dark);
    context.lineWidth = width;
    context.strokeRect(box.x + inset, box.y + inset, cell - 2 * inset, cell - 2 * inset);
    if (cell < PRINTS_OUTPUT) return;
    const product = formatNumber(products[channel] ?? NaN);
    const text = product.startsWith("−") ? product : `+${product}`;
    const size = Math.min(cell * 0.3, (cell * 1.1) / text.length);
    const middle = [box.x + cell / 2, box.y + cell / 2] as const;
    fillDisc(context, ...middle, cell * 0.36, ink.sheet);
    label(context, text, middle[0], middle[1] + 1, ink.ink, `600 ${size}px ${ink.mono}`);
  });
  doubleFrame(context, boxOf(figure, window.top, window.left, window.rows, window.columns), cell >= IS_BOX ? 3 : 2, ink);
  context.restore();
  paintExtent(context, { ink, figure, height: y.outputSize, width: x.outputSize }, window.top, window.left, window.rows, window.columns);
}

/** The cone stands on the stamp, the leader comes from the input cell. `window` is the stamp on the output, `cell` the input cell. */
export function wireStamp(scene: WiringScene): Wiring {
  const { loupe, cell, narrow, face } = scene;
  const right = cell.x + cell.w;
  const bottom = cell.y + cell.h;
  // Between the cells, so that no number is crossed.
  const along = face ? bottom : cell.y + cell.h / 2;
  const edge = loupe.cx - loupe.r;
  const gap = edge - 20;
  const off = along - loupe.cy;
  const path: Point[] = narrow
    ? [[right, bottom + 2], [right, loupe.cy], [edge, loupe.cy]]
    : Math.abs(off) < CORNER
      ? [[right + 2, along], [loupe.cx - Math.sqrt(loupe.r ** 2 - off ** 2), along]]
      : [[right + 2, along], [gap, along], [gap, loupe.cy], [edge, loupe.cy]];
  return { ...coneOn(scene), leader: rounded(path, CORNER) };
}

/** The wires of a window, seen in a mirror: here the picture with the window is at the loupe's right. */
function coneOn(scene: WiringScene): Pick<Wiring, "cone" | "tangents"> {
  const flip = ({ x, w, ...rest }: Rect): Rect => ({ ...rest, w, x: -x - w });
  const { window, output, loupe, prints } = scene;
  const { cone, tangents } = wire({
    ...scene, window: flip(window), input: flip(output), loupe: { ...loupe, cx: -loupe.cx }, face: false, prints,
  });
  const back = (path: readonly Point[]): readonly Point[] => path.map(([x, y]): Point => [-x, y]);
  return { cone: back(cone), tangents: [back(tangents[0]), back(tangents[1])] };
}
