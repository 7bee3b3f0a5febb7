/** Where the wires run, in CSS pixels of the stage: window to loupe, and sum to output cell. */

export type Point = readonly [x: number, y: number];

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Circle {
  readonly cx: number;
  readonly cy: number;
  readonly r: number;
}

export interface WiringScene {
  readonly window: Rect;
  /** The picture that the window lies on. */
  readonly input: Rect;
  readonly loupe: Circle;
  /** The current output cell. */
  readonly cell: Rect;
  /** The result of the sum line. */
  readonly chip: Rect;
  /** The whole output figure with its rulers: the leader runs in the gap before it. */
  readonly output: Rect;
  readonly stageWidth: number;
  /** Loupe below the pictures instead of between them. */
  readonly narrow: boolean;
  /** Cells print numbers: leave the window by its facing side, and enter the cell below its number. */
  readonly face: boolean;
  /** The window's cells print numbers: the wires leave the picture between them, and turn to the loupe at its edge. */
  readonly prints: boolean;
}

export interface Wiring {
  /** The zoom cone: along one wire to the loupe, along the other back. */
  readonly cone: readonly Point[];
  /** Each from a corner of the window to where it touches the loupe. */
  readonly tangents: readonly [readonly Point[], readonly Point[]];
  /** SVG path data, for Path2D. */
  readonly leader: string;
}

const CORNER = 16;
const EDGE = 1;
const CELL_EDGE = 2;

export function wire(scene: WiringScene): Wiring {
  const { window, input, loupe, face, narrow, prints } = scene;
  const middle: Point = [window.x + window.w / 2, window.y + window.h / 2];
  const angle = Math.atan2(loupe.cy - middle[1], loupe.cx - middle[0]);
  const normal: Point = [-Math.sin(angle), Math.cos(angle)];
  const right = window.x + window.w;
  const bottom = window.y + window.h;
  const corners: Point[] = prints
    ? narrow
      ? [
          [window.x, bottom],
          [right, bottom],
        ]
      : [
          [right, window.y],
          [right, bottom],
        ]
    : face && !narrow
      ? [
          [right, window.y],
          [right, bottom],
        ]
      : [
          [window.x, window.y],
          [right, window.y],
          [right, bottom],
          [window.x, bottom],
        ];
  // Nearest first: where corners tie, both sides then take the facing one.
  const away = ([x, y]: Point): number => Math.hypot(x - loupe.cx, y - loupe.cy);
  corners.sort((a, b) => away(a) - away(b));
  /** Along the edges of cells to the picture's own. */
  const leave = ([x, y]: Point): Point => (narrow ? [x, Math.max(y, input.y + input.h)] : [Math.max(x, input.x + input.w), y]);
  const side = (sign: 1 | -1): readonly Point[] => {
    const from = farthest(corners, normal, sign);
    const turn = prints ? leave(from) : from;
    const touch = farthest(tangentPoints(turn, loupe), normal, sign);
    return prints ? [from, turn, touch] : [from, touch];
  };
  const [one, other] = [side(1), side(-1)];
  const path = narrow ? leaderAround(scene) : leaderThroughGap(scene);
  return {
    cone: [...one, ...other.toReversed()],
    tangents: [one, other],
    leader: rounded(path, CORNER),
  };
}

/** The point farthest along `direction`, or against it. */
function farthest(points: readonly Point[], direction: Point, sign: 1 | -1): Point {
  const reach = ([x, y]: Point): number => sign * (x * direction[0] + y * direction[1]);
  return points.reduce((best, point) => (reach(point) > reach(best) ? point : best));
}

/** Where the two tangents from a point touch the circle; from inside it, the nearest point of the circle. */
function tangentPoints([x, y]: Point, { cx, cy, r }: Circle): Point[] {
  const toPoint = Math.atan2(y - cy, x - cx);
  const half = Math.acos(Math.min(1, r / Math.hypot(x - cx, y - cy)));
  return [toPoint + half, toPoint - half].map((angle): Point => [
    cx + r * Math.cos(angle),
    cy + r * Math.sin(angle),
  ]);
}

/**
 * Right out of the chip, along the gap, into the cell's left. A chip that reaches the gap is left by its top.
 */
function leaderThroughGap({ loupe, cell, chip, output, face }: WiringScene): Point[] {
  const gap = (loupe.cx + loupe.r + output.x) / 2;
  const right = chip.x + chip.w;
  const entry: Point = [cell.x - CELL_EDGE, cell.y + cell.h * (face ? 0.76 : 0.5)];
  if (gap - right > 6) {
    const exit: Point = [right + EDGE, chip.y + chip.h / 2];
    return [exit, [gap, exit[1]], [gap, entry[1]], entry];
  }
  const across = Math.min(gap, right - 12);
  const below = entry[1] > chip.y + chip.h;
  return [[across, below ? chip.y + chip.h + EDGE : chip.y - EDGE], [across, entry[1]], entry];
}

/** Up from the chip, or right out of one that stands beside the loupe, past the loupe's right, between pictures and loupe to below the cell, and up into it. */
function leaderAround({ loupe, cell, chip, output, stageWidth }: WiringScene): Point[] {
  const past = Math.min(stageWidth - 5, Math.max(output.x + output.w - 2, loupe.cx + loupe.r + 12));
  const under = output.y + output.h;
  const between = under + (loupe.cy - loupe.r - under) / 2;
  const top = chip.y - EDGE;
  const beside = chip.x > loupe.cx + loupe.r;
  const entry: Point = [cell.x + cell.w / 2, cell.y + cell.h + CELL_EDGE];
  const rest: Point[] = [[past, between], [entry[0], between], entry];
  if (beside) {
    const aside = stageWidth - 5;
    const middle = chip.y + chip.h / 2;
    return [[chip.x + chip.w + EDGE, middle], [aside, middle], [aside, between], ...rest.slice(1)];
  }
  if (past < chip.x + chip.w - 8) return [[past, top], ...rest];
  const start = chip.x + chip.w / 2;
  const over = top - 5 - CORNER;
  return [[start, top], [start, over], [past, over], ...rest];
}

/**
 * Horizontal and vertical stretches with rounded corners, each taking at most half of its shorter stretch.
 */
export function rounded(points: readonly Point[], radius: number): string {
  const text = ([x, y]: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const parts = points.map((corner, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before) return `M${text(corner)}`;
    if (!after) return `L${text(corner)}`;
    const reach = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    return `L${text(towards(corner, before, reach))}Q${text(corner)} ${text(towards(corner, after, reach))}`;
  });
  return parts.join("");
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

function towards(from: Point, to: Point, reach: number): Point {
  const length = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) / length) * reach, from[1] + ((to[1] - from[1]) / length) * reach];
}
