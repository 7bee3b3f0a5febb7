import type { Plane } from "../state.ts";

/** A kernel as Python and JSON read it, one row a line. */
export function printKernel(plane: Plane): string {
  return `[${plane.map((row) => `[${row.join(", ")}]`).join(",\n ")}]`;
}
