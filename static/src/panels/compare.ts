/** Compare: the same operation in two ways to pad, what it makes of the input, and where the two part. */
import { effect, signal } from "@preact/signals-core";
import { type Compared, type ComparedSide, type Convention, compare } from "../api.ts";
import { isTransposed, traceRequest } from "../asked.ts";
import { TIMES, formatNumber } from "../format.ts";
import { readInk } from "../painters/ink.ts";
import { paintPlane } from "../painters/plane.ts";
import { type Scale, type PaletteName, outputColour } from "../palette.ts";
import { hidden } from "../predict.ts";
import { type Shown, placeOf, shown } from "../session.ts";
import { surface } from "../stage/elements.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { type Values, pictureOf } from "../ways/picture.ts";
import { figureOf as planeFigure } from "../ways/scene.ts";
import { make, refill } from "../widgets/dom.ts";
import { asking } from "./asking.ts";
import { cellText } from "./compared.ts";
import { copyButton } from "./copying.ts";
import { showWays } from "./ways.ts";

const names = state.compared;
const conventions = signal<readonly Convention[]>([]);

interface Answered {
  readonly of: Shown;
  readonly names: state.Compared;
  /** A text: why there is none. */
  readonly answer: Compared | string;
}

export function show(panel: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const choices = make("section", { class: "two" });
  const verdict = make("section", { role: "status" });
  const rest = ["pictures", "table", "lines"].map((kind) => make("section", { class: kind }));
  const [pictures, table, lines] = rest as [HTMLElement, HTMLElement, HTMLElement];
  const ways = make("section", { class: "ways" });
  panel.append(verdict, choices, ...rest, ways);
  /** The figures there are, whose frame goes with the playhead. */
  const drawn = signal<readonly Drawn[]>([]);
  const panelWidth = signal(panel.clientWidth);
  const observer = new ResizeObserver(() => { panelWidth.value = panel.clientWidth; });
  const server = asking("panel");
  const stops = [
    showWays(ways),
    effect(() => {
      const words = later().compare;
      refill(choices, ...([0, 1] as const).map((side) => choiceOf(side, side === 0 ? words.first : words.second)));
    }),
    effect(() => {
      const current = shown.value;
      const [at, chosen, playing] = [state.position.value, names.value, state.playing.value];
      if (!current || playing) {
        server.stop();
        return;
      }
      const position = current.walk.stamps ? null : placeOf(current.walk, at);
      server.ask((life) => compare(traceRequest(current.asked), chosen, position, current.outChannel, life), (answer) => {
        if (typeof answer !== "string") conventions.value = answer.conventions;
        answered.value = { of: current, names: chosen, answer };
      });
    }),
    effect(() => {
      const [got, current] = [answered.value, shown.value];
      const dark = state.theme.value === "dark";
      const palette = state.palette.value;
      const words = later().compare;
      const answer = got && got.of === current && got.names === names.value && !hidden.value ? got.answer : null;
      if (answer === null || typeof answer === "string") {
        refill(verdict, make("p", { class: "note" }, hidden.value ? words.secret : state.playing.value ? words.waiting : answer ?? (server.away.value ? later().rest.offline : "…")));
        // What was there stays while the next one is computed, so that nothing jumps; not what gives a guess away.
        if (hidden.value || typeof answer === "string") {
          for (const section of rest) section.replaceChildren();
          drawn.value = [];
        }
        return;
      }
      refill(verdict, ...verdictOf(answer));
      const figures = current ? picturesOf(answer, current, palette, dark) : [];
      refill(pictures, ...figures.map(({ figure }) => figure));
      drawn.value = figures;
      refill(table, ...tableOf(answer, current !== null && isTransposed(current.asked.operation)));
      refill(lines, ...linesOf(answer));
    }),
    effect(() => {
      const [current, at, width] = [shown.value, state.position.value, panelWidth.value];
      const place = current && !current.walk.stamps ? placeOf(current.walk, at) : null;
      for (const one of drawn.value) paint(one, place, width);
    }),
  ];
  observer.observe(panel);
  return () => {
    observer.disconnect();
    for (const stop of stops) stop();
    server.stop();
  };
}

const titleOf = ({ name, title }: Convention): string => (name === "call" ? later().compare.own : title);

function choiceOf(side: 0 | 1, label: string): HTMLElement {
  const chosen = names.value[side];
  const known = conventions.value;
  const options = known.map((one) => make("option", { value: one.name, selected: one.name === chosen }, titleOf(one)));
  const select = make("select", { "data-key": `side ${side}` }, ...options);
  select.addEventListener("change", () => {
    const other = names.peek()[1 - side] ?? "";
    names.value = side === 0 ? [select.value, other] : [other, select.value];
  });
  return make("label", {}, make("span", {}, label), select);
}

function verdictOf({ verdict, sides, difference, shift }: Compared): Node[] {
  const words = later().compare;
  const said = {
    same: words.same, numbers: words.differ, refused: words.refused,
    shapes: words.shapes(...(sides.map(sizeOf) as [string, string])),
  }[verdict];
  const cells = verdict === "numbers" && difference
    ? [words.cells(formatNumber(difference.cells), formatNumber(difference.total), formatNumber(difference.largest ?? Infinity))] : [];
  const details = [...cells, ...(shift ? [words.moved(...shift)] : [])];
  return [
    make("p", { class: "say" }, said),
    ...(details.length > 0 ? [make("p", {}, details.join(" "))] : []),
    // Reasons come from the server, whose language is English.
    ...sides.flatMap(({ convention, refusal }) => (refusal === null ? [] : [make("p", {}, `${titleOf(convention)}: `, make("span", { lang: "en" }, `${refusal}.`))])),
  ];
}

const sizeOf = ({ output_shape: shape }: ComparedSide): string => `${shape?.[1] ?? 0} ${TIMES} ${shape?.[2] ?? 0}`;

function picturesOf({ sides, difference }: Compared, current: Shown, palette: PaletteName, dark: boolean): Drawn[] {
  const words = later().compare;
  const figures = sides.flatMap((side) => {
    const title = titleOf(side.convention);
    // Its title is the choice above it.
    return side.values ? [figureOf(words.output(title), side.values, palette, current.scale, dark)] : [];
  });
  const largest = difference?.largest ?? 0;
  if (!difference || largest === 0) return figures;
  const ends = words.ends(formatNumber(largest));
  const scale = { signed: largest, minimum: -largest, maximum: largest };
  return [...figures, figureOf(`${words.difference}. ${ends}`, difference.values, "signed", scale, dark, words.difference, ends)];
}

interface Drawn {
  readonly figure: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly values: Values;
  /** One pixel a cell. */
  readonly picture: HTMLCanvasElement;
  readonly colour: (value: number) => string;
  /** Whether it has a row of its own. */
  readonly alone: boolean;
}

function figureOf(label: string, values: Values, palette: PaletteName, scale: Scale, dark: boolean, title = "", note = ""): Drawn {
  const picture = pictureOf(values, palette, scale, dark);
  const canvas = make("canvas", { role: "img", "aria-label": label });
  const figure = make("figure", {}, ...(title ? [make("figcaption", {}, title)] : []), canvas, ...(note ? [make("p", { class: "note" }, note)] : []));
  return { figure, canvas, values, picture, colour: (value) => outputColour(value, palette, scale, dark), alone: title !== "" };
}

/** CSS pixels of a cell where there are few. */
const LARGEST_CELL = 64;
/** Between the two pictures, and at both sides of the panel, in CSS pixels. */
const GAP = 10;
const SIDES = 48;

function paint({ canvas, values, picture, colour, alone }: Drawn, at: readonly [row: number, column: number] | null, panel: number): void {
  const [height, width] = [values.length, values[0]?.length ?? 0];
  const frame = at && at[0] < height && at[1] < width ? { top: at[0], left: at[1], height: 1, width: 1 } : null;
  const side = alone ? panel - SIDES : (panel - SIDES - GAP) / 2;
  const seen = planeFigure(height, width, frame, { width: side, height: side }, LARGEST_CELL);
  paintPlane(surface(canvas, seen.columns * seen.cell + 2 * seen.margin, seen.rows * seen.cell + 2 * seen.margin), {
    ink: readInk(document.documentElement), figure: seen, height, width, picture, frame, lit: [], cells: null, faint: false,
    print: (row, column) => {
      const value = values[row]?.[column] ?? null;
      return { text: value === null ? "" : formatNumber(value), colour: colour(value ?? NaN) };
    },
  });
}

function tableOf({ rows, sides }: Compared, transposed: boolean): Node[] {
  if (rows.length === 0) return [];
  const words = later().compare;
  const nameOf = (name: string): string => (transposed ? words.crops[name] : undefined) ?? words.rows[name] ?? name;
  const [first, second] = sides.map(({ convention }) => titleOf(convention));
  const libraries = [...new Set(sides.map(({ convention }) => convention.library).filter((library) => library !== ""))];
  return [
    make("h3", { id: "compare-table" }, words.table),
    make("table", { "aria-labelledby": "compare-table" },
      make("thead", {}, make("tr", {}, make("td"), make("th", { scope: "col" }, first ?? ""), make("td"), make("th", { scope: "col" }, second ?? ""))),
      make("tbody", {}, ...rows.map(({ name, first: one, second: other, differs }) => make("tr", { class: differs ? "differs" : null },
        make("th", { scope: "row" }, nameOf(name)), make("td", {}, cellText(name, one, words)),
        make("td", {}, ...(differs ? [make("span", { "aria-hidden": "true" }, "≠"), make("span", { class: "unseen" }, words.differs)] : [])),
        make("td", {}, cellText(name, other, words)))))),
    ...sides.map(({ convention: { title, sentence, library } }) => make("p", { class: "note", lang: "en" }, library ? `${title}: ${sentence}` : sentence)),
    ...(libraries.length > 0 ? [make("p", { class: "note" }, words.checked(libraries.join(", ")))] : []),
  ];
}

function linesOf({ sides }: Compared): Node[] {
  return sides.flatMap(({ convention, calls }, side) => {
    if (calls.length === 0) return [];
    const other = sides[1 - side] as ComparedSide;
    // The framework, without the convention that its lines are not in.
    const title = later().compare.agree(convention.title.split(",")[0] ?? "", titleOf(other.convention));
    const code = calls.join("\n");
    return [
      make("header", {}, make("h3", {}, title), copyButton(title, () => code)),
      make("pre", { tabindex: 0, role: "group", "aria-label": title, "data-key": title }, code),
    ];
  });
}
