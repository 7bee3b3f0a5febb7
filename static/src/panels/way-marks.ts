/** Where the output cell under the playhead is in each stage of another way to it. Pure. */
import type { AxisGeometry, Geometry } from "../geometry.ts";

/** In cells of the plane. */
export interface Mark {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

interface Place {
  readonly way: string;
  readonly stage: string;
  /** Which of its planes. */
  readonly plane: number;
  /** The plane's columns. */
  readonly columns: number;
}

const cell = (top: number, left: number): Mark => ({ top, left, height: 1, width: 1 });

/** Null: the plane has no part in this output cell. */
export function markOf({ way, stage, plane, columns }: Place, { y, x }: Pick<Geometry, "y" | "x">, row: number, column: number): Mark | null {
  if (stage === "output" || stage === "other") return cell(row, column);
  switch (`${way}.${stage}`) {
    case "space_to_batch.padded":
      return { top: row, left: column, height: y.span, width: x.span };
    case "space_to_batch.blocks":
    case "space_to_batch.convolved": {
      const [down, across] = [y.dilation, x.dilation];
      if (plane !== (row % down) * across + (column % across)) return null;
      const [top, left] = [Math.floor(row / down), Math.floor(column / across)];
      return stage === "convolved" ? cell(top, left) : { top, left, height: y.kernelSize, width: x.kernelSize };
    }
    case "im2col.matrix":
      return { top: row * x.outputSize + column, left: 0, height: 1, width: columns };
    case "separable.between": {
      const [from, to] = within(x, column, columns);
      return to > from ? { top: row, left: from, height: 1, width: to - from } : null;
    }
    case "depthwise_pointwise.between":
      return cell(row, column);
    case "transposed_as_convolution.padded":
      return { top: row, left: column, height: y.span, width: x.span };
    default:
      return null;
  }
}

/** The columns of a window that are columns of the input. */
function within({ first, stride, span }: AxisGeometry, column: number, columns: number): [from: number, to: number] {
  const start = first + column * stride;
  return [Math.max(0, start), Math.min(columns, start + span)];
}
