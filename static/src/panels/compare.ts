/** Compare: the same operation in two ways to pad, what it makes of the input, and where the two part. */
import { effect, signal } from "@preact/signals-core";
import { ApiError, type Compared, type ComparedSide, type Convention, compare } from "../api.ts";
import { isTransposed, traceRequest } from "../asked.ts";
import { TIMES, formatNumber } from "../format.ts";
import { type Scale, type PaletteName, fillOutputPixels } from "../palette.ts";
import { hidden } from "../predict.ts";
import { type Shown, placeOf, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make, refill } from "../widgets/dom.ts";
import { cellText } from "./compared.ts";
import { copyButton } from "./copying.ts";
import { showWays } from "./ways.ts";

/** Held arrows ask for an answer where they stop. */
const SETTLED_MS = 150;

type Names = readonly [first: string, second: string];
/** Kept while the panel is closed. */
const names = signal<Names>(["tensorflow_same", "pytorch_padding"]);
const conventions = signal<readonly Convention[]>([]);

interface Answered {
  readonly of: Shown;
  readonly names: Names;
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
  panel.append(choices, verdict, ...rest, ways);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();
  const stops = [
    showWays(ways),
    effect(() => {
      const words = later().compare;
      refill(choices, ...([0, 1] as const).map((side) => choiceOf(side, side === 0 ? words.first : words.second)));
    }),
    effect(() => {
      const current = shown.value;
      const [at, chosen, playing] = [state.position.value, names.value, state.playing.value];
      clearTimeout(waiting);
      asking.abort();
      if (!current || playing) return;
      asking = new AbortController();
      const { signal: life } = asking;
      waiting = setTimeout(() => {
        const keep = (answer: Compared | string): void => { answered.value = { of: current, names: chosen, answer }; };
        const position = current.walk.stamps ? null : placeOf(current.walk, at);
        compare(traceRequest(current.asked), chosen, position, current.outChannel, life).then((answer) => {
          conventions.value = answer.conventions;
          keep(answer);
        }, (error: unknown) => { if (!life.aborted) keep(error instanceof ApiError ? error.message : later().rest.offline); });
      }, SETTLED_MS);
    }),
    effect(() => {
      const [got, current] = [answered.value, shown.value];
      const dark = state.theme.value === "dark";
      const palette = state.palette.value;
      const words = later().compare;
      const answer = got && got.of === current && got.names === names.value && !hidden.value ? got.answer : null;
      if (answer === null || typeof answer === "string") {
        refill(verdict, make("p", { class: "note" }, hidden.value ? words.secret : state.playing.value ? words.waiting : answer ?? "…"));
        // What was there stays while the next one is computed, so that nothing jumps; not what gives a guess away.
        if (hidden.value || typeof answer === "string") for (const section of rest) section.replaceChildren();
        return;
      }
      refill(verdict, ...verdictOf(answer));
      refill(pictures, ...(current ? picturesOf(answer, current, palette, dark) : []));
      refill(table, ...tableOf(answer, current !== null && isTransposed(current.asked.operation)));
      refill(lines, ...linesOf(answer));
    }),
  ];
  return () => {
    clearTimeout(waiting);
    asking.abort();
    for (const stop of stops) stop();
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
    ...sides.map(({ convention: { title, sentence, library } }) => make("p", { class: "note", lang: "en" }, library ? `${title}: ${sentence}` : sentence)),
  ];
}

const sizeOf = ({ output_shape: shape }: ComparedSide): string => `${shape?.[1] ?? 0} ${TIMES} ${shape?.[2] ?? 0}`;

function picturesOf({ sides, difference }: Compared, current: Shown, palette: PaletteName, dark: boolean): Node[] {
  const words = later().compare;
  const figures = sides.flatMap((side) => {
    const title = titleOf(side.convention);
    return side.values ? [figureOf(title, words.output(title), side.values, palette, current.scale, dark)] : [];
  });
  const largest = difference?.largest ?? 0;
  if (!difference || largest === 0) return figures;
  const ends = words.ends(formatNumber(largest));
  const scale = { signed: largest, minimum: -largest, maximum: largest };
  return [...figures, figureOf(words.difference, `${words.difference}. ${ends}`, difference.values, "signed", scale, dark, ends)];
}

type Values = readonly (readonly (number | null)[])[];

/** One pixel a cell, made as large as there is room for. */
function figureOf(title: string, label: string, values: Values, palette: PaletteName, scale: Scale, dark: boolean, note = ""): HTMLElement {
  const [height, width] = [values.length, values[0]?.length ?? 0];
  const canvas = make("canvas", { width, height, role: "img", "aria-label": label });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const pixels = context.createImageData(width, height);
  const cells = Float32Array.from(values.flat(), (value) => value ?? NaN);
  fillOutputPixels(pixels.data, cells, 0, cells.length, palette, scale, dark);
  context.putImageData(pixels, 0, 0);
  return make("figure", {}, make("figcaption", {}, title), canvas, ...(note ? [make("p", { class: "note" }, note)] : []));
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
