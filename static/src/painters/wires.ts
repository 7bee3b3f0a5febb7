/** The wires: a zoom cone from the window to the loupe, a leader from the result to its output cell. */
import type { Wiring } from "../wiring.ts";
import type { Ink } from "./ink.ts";

export interface WiresScene {
  readonly ink: Ink;
  readonly wiring: Wiring;
  /** To be seen from the last row of a room. */
  readonly bold: boolean;
}

const WIRE = 1.4;
const BOLD_WIRE = 2.2;
const HALO = 4;

export function paintWires(context: CanvasRenderingContext2D, { ink, wiring, bold }: WiresScene): void {
  const cone = new Path2D();
  wiring.cone.forEach(([x, y], index) => (index === 0 ? cone.moveTo(x, y) : cone.lineTo(x, y)));
  cone.closePath();
  context.globalAlpha = 0.05;
  context.fillStyle = ink.ink;
  context.fill(cone);
  context.globalAlpha = 1;

  const wires = new Path2D();
  for (const path of wiring.tangents) path.forEach(([x, y], index) => (index === 0 ? wires.moveTo(x, y) : wires.lineTo(x, y)));
  wires.addPath(new Path2D(wiring.leader));
  context.lineCap = "round";
  context.strokeStyle = ink.paper;
  context.globalAlpha = 0.75;
  context.lineWidth = HALO;
  context.stroke(wires);
  context.globalAlpha = 1;
  context.strokeStyle = ink.ink;
  context.lineWidth = bold ? BOLD_WIRE : WIRE;
  context.stroke(wires);
}
