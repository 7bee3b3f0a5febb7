/** Other ways to the same output: every stage drawn, with what the output cell under the playhead is made of. */
import { effect, signal } from "@preact/signals-core";
import { ApiError, type Equivalence, type StagePlane, equivalences } from "../api.ts";
import { isPool, traceRequest } from "../asked.ts";
import { TIMES, formatNumber } from "../format.ts";
import { type PaletteName, type Scale, fillOutputPixels } from "../palette.ts";
import { hidden } from "../predict.ts";
import { type Shown, placeOf, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";
import { type Mark, markOf } from "./way-marks.ts";

interface Answered {
  readonly of: Shown;
  readonly channel: number;
  /** A text: why there is none. */
  readonly ways: readonly Equivalence[] | string;
}
/** A plane's figure, drawn again with every step. */
interface Drawn {
  readonly way: string;
  readonly stage: string;
  readonly plane: number;
  readonly canvas: HTMLCanvasElement;
  readonly picture: HTMLCanvasElement;
}

/** The way that is open; it stays while the operation changes. */
const opened = signal<string | null>(null);
/** CSS pixels of a figure, at most, and of a cell. */
const FIGURE = 280;
const LARGEST_CELL = 24;
/** A matrix is far higher than it is wide: what is shown of it lies around the playhead. */
const MOST_ROWS = 64;

export function showWays(section: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const wanted = signal(false);
  const list = make("div");
  const all = make("details", { open: opened.peek() !== null }, make("summary", { "data-key": "ways" }), list);
  section.append(all);
  all.addEventListener("toggle", () => { wanted.value = all.open; });
  wanted.value = all.open;
  let drawn: Drawn[] = [];
  let asking = new AbortController();
  const stops = [
    effect(() => { all.firstElementChild?.replaceChildren(make("b", {}, later().ways.title)); }),
    effect(() => {
      const [current, channel] = [shown.value, state.channel.value];
      asking.abort();
      if (!current || !wanted.value || isPool(current.asked.operation)) return;
      asking = new AbortController();
      const { signal: life } = asking;
      const keep = (ways: readonly Equivalence[] | string): void => { answered.value = { of: current, channel, ways }; };
      equivalences(traceRequest(current.asked), current.outChannel, channel, life)
        .then(keep, (error: unknown) => { if (!life.aborted) keep(error instanceof ApiError ? error.message : later().rest.offline); });
    }),
    effect(() => {
      const [current, got, dark] = [shown.value, answered.value, state.theme.value === "dark"];
      const words = later().ways;
      drawn = [];
      if (!current || !wanted.value) return;
      const ways = got?.of === current && got.channel === state.channel.value ? got.ways : null;
      if (isPool(current.asked.operation) || hidden.value || ways === null || typeof ways === "string") {
        const why = isPool(current.asked.operation) ? words.pool : hidden.value ? later().compare.secret : typeof ways === "string" ? ways : "…";
        refill(list, make("p", { class: "note" }, why));
        return;
      }
      refill(list, ...ways.map((way) => wayOf(way, dark, drawn)));
    }),
    effect(() => {
      const [current, at] = [shown.value, state.position.value];
      void [answered.value, wanted.value, state.theme.value, state.channel.value, hidden.value, later()];
      if (!current || current.walk.stamps) return;
      const [row, column] = placeOf(current.walk, at);
      for (const one of drawn) paint(one, markOf({ ...one, columns: one.picture.width }, current.geometry, row, column));
    }),
  ];
  return () => {
    asking.abort();
    for (const stop of stops) stop();
  };
}

function wayOf({ name, title, refusal, holds, stages, counts }: Equivalence, dark: boolean, drawn: Drawn[]): HTMLElement {
  const words = later().ways;
  const details = make("details", { open: opened.peek() === name }, make("summary", { "data-key": `way ${name}` }, words.names[name] ?? title));
  details.addEventListener("toggle", () => {
    if (details.open) opened.value = name;
    else if (opened.peek() === name) opened.value = null;
  });
  // The server's reasons are in its language, English.
  if (refusal !== null) details.append(make("p", { class: "note", lang: "en" }, `${refusal}.`));
  else {
    details.append(
      make("p", { class: "note" }, holds ? words.holds : words.fails),
      ...(counts ? [
        make("p", { class: "note" }, words.parameters(formatNumber(counts.parameters), formatNumber(counts.parameters_direct))),
        make("p", { class: "note" }, words.multiplications(formatNumber(counts.multiplications), formatNumber(counts.multiplications_direct))),
      ] : []),
      ...stages.map(({ name: stage, kind, planes }) => make("figure", { class: "step" },
        make("figcaption", {}, words.stages[stage] ?? stage, ` ${planes[0]?.values.length ?? 0} ${TIMES} ${planes[0]?.values[0]?.length ?? 0}`),
        make("div", { class: "planes" }, ...planes.map((plane, index) => {
          const [palette, scale] = paletteOf(kind, planes);
          const picture = pictureOf(plane, palette, scale, dark);
          const label = [words.names[name] ?? title, words.stages[stage] ?? stage, plane.label].filter((part) => part !== "").join(", ");
          const canvas = make("canvas", { role: "img", "aria-label": label });
          const one = { way: name, stage, plane: index, canvas, picture };
          drawn.push(one);
          paint(one, null);
          return canvas;
        })))),
    );
  }
  return details;
}

/** One scale for all planes of a stage. */
function paletteOf(kind: "cells" | "weights" | "sums", planes: readonly StagePlane[]): [PaletteName, Scale] {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const { values } of planes) for (const row of values) for (const value of row) {
    if (value === null) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return [kind === "cells" ? "min_max" : "signed", { minimum, maximum, signed: Math.max(-minimum, maximum) || 1 }];
}

/** One pixel a cell. */
function pictureOf({ values }: StagePlane, palette: PaletteName, scale: Scale, dark: boolean): HTMLCanvasElement {
  const [height, width] = [values.length, values[0]?.length ?? 0];
  const picture = make("canvas", { width, height });
  const context = picture.getContext("2d") as CanvasRenderingContext2D;
  const pixels = context.createImageData(width, height);
  const cells = Float32Array.from(values.flat(), (value) => value ?? NaN);
  fillOutputPixels(pixels.data, cells, 0, cells.length, palette, scale, dark);
  context.putImageData(pixels, 0, 0);
  return picture;
}

function paint({ canvas, picture }: Drawn, mark: Mark | null): void {
  const rows = Math.min(picture.height, MOST_ROWS * Math.max(1, Math.ceil(picture.width / MOST_ROWS)));
  const first = Math.max(0, Math.min(picture.height - rows, Math.floor((mark?.top ?? 0) - rows / 2)));
  const size = Math.max(1, Math.min(LARGEST_CELL, Math.floor(FIGURE / Math.max(picture.width, rows))));
  canvas.width = picture.width * size;
  canvas.height = rows * size;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, first, picture.width, rows, 0, 0, canvas.width, canvas.height);
  if (!mark) return;
  // As on the stage: a frame that is seen on light and on dark cells.
  const box = [mark.left * size, (mark.top - first) * size, mark.width * size, mark.height * size] as const;
  for (const [colour, width] of [["#fff", 4], ["#1b1e22", 2]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(...box);
  }
}
