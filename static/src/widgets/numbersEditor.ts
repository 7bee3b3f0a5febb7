/** The input's numbers: typed into a grid, painted on it, counted up, or pasted. Fetched when it is first opened. */
import { computed, effect, signal, untracked } from "@preact/signals-core";
import { type Fill, fillNumbers, numbersNow, pasteNumbers, setCells, setChannels, setInputSize } from "../actions/numbers.ts";
import type { Channel } from "../colour.ts";
import { plate, textOn } from "../colour.ts";
import { TIMES, formatNumber, parseNumber } from "../format.ts";
import { printInput } from "../numbers/parse.ts";
import { type Cell, LARGEST_INPUT, numbersSource } from "../numbers/planes.ts";
import { inputRange } from "../palette.ts";
import { channelName } from "../stage/channels.ts";
import type { Plane } from "../state.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { make, refill } from "./dom.ts";
import { type Pointer, scrollAtEdges } from "./edgeScroll.ts";
import { matrixText } from "./matrixText.ts";
import { boxGrid, numberBox } from "./numberBox.ts";

/** From this many columns on the boxes are small. */
const DENSE = 7;

const hand = signal<"type" | "paint">("type");
const brush = signal(0);
const chosen = signal(0);
const planes = computed(numbersNow);
/** Which channel the grid shows; another input may have fewer. */
const channel = computed(() => Math.min(chosen.value, planes.value.length - 1));

/** Fills `editor`, which follows the numbers from now on while `open` says so. */
export function numbersEditor(editor: HTMLElement, open: () => boolean): void {
  const part = (attributes: Record<string, string>): HTMLElement => make("div", attributes);
  const [shape, how, grid, fills] = [part({ class: "row" }), part({ class: "row" }), part({ class: "weights-frame" }), part({ class: "row" })];
  const { refusal, details } = matrixText({
    editor, label: () => later().matrix.numbers, hint: () => later().matrix.hint, printed: computed(() => printInput(planes.value)), use: pasteNumbers,
  });
  editor.append(shape, how, grid, refusal, fills, details);
  effect(() => {
    if (!open()) return;
    refill(shape, ...shapeRow(planes.value));
    refill(how, ...handRow());
    refill(fills, ...fillRow());
  });
  // Not made anew when the server answers: somebody may be typing the next number.
  const seen = computed(() => JSON.stringify([planes.value, channel.value, hand.value]));
  effect(() => {
    if (!seen.value || !open()) return;
    void text();
    untracked(() => {
      editor.closest<HTMLElement>(".popup")?.style.setProperty("--columns", String(planes.value[0]?.[0]?.length ?? 0));
      refill(grid, numbersGrid(planes.value, channel.value));
    });
  });
}

function shapeRow(now: readonly Plane[]): (Node | string)[] {
  const words = later().numbers;
  const [height, width] = [now[0]?.length ?? 0, now[0]?.[0]?.length ?? 0];
  const size = (label: string, value: number, set: (next: number) => void): HTMLElement => {
    const select = make("select", { "aria-label": label, "data-key": label });
    for (let length = 1; length <= LARGEST_INPUT; length++) select.append(make("option", { value: length, selected: length === value }, String(length)));
    select.addEventListener("change", () => set(Number(select.value)));
    return select;
  };
  return [
    make("span", {}, words.size),
    size(words.height, height, (next) => setInputSize(next, width)), TIMES, size(words.width, width, (next) => setInputSize(height, next)),
    make("span", {}, words.channels),
    segments(words.channels, String(now.length), [["1", "1"], ["3", "3"]], (count) => setChannels(count === "3" ? 3 : 1, channel.peek())),
    ...(now.length > 1
      ? [segments(words.channel, String(channel.value), now.map((_, index) => [String(index), channelName(index, now.length).tag]),
        (index) => { chosen.value = Number(index); })]
      : []),
  ];
}

function handRow(): (Node | string)[] {
  const words = later().numbers;
  const value = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "brush", "aria-label": words.brush, "data-key": "brush" });
  value.value = value.defaultValue = formatNumber(brush.value, 6);
  value.addEventListener("change", () => {
    brush.value = parseNumber(value.value) ?? brush.peek();
    value.value = value.defaultValue = formatNumber(brush.peek(), 6);
  });
  return [
    segments(words.hand, hand.value, [["type", words.typing], ["paint", words.painting]], (name) => { hand.value = name === "paint" ? "paint" : "type"; }),
    ...(hand.value === "paint" ? [value] : []),
    make("span", { class: "aside" }, hand.value === "paint" ? words.brushHint : words.typingHint),
  ];
}

function fillRow(): Node[] {
  const words = later().numbers;
  return (["counting", "zeros", "random"] satisfies Fill[]).map((fill) => {
    const button = make("button", { type: "button", class: "button small", "data-key": fill }, words[fill]);
    button.addEventListener("click", () => fillNumbers(fill));
    return button;
  });
}

function segments(label: string, now: string, options: readonly (readonly [string, string])[], choose: (name: string) => void): HTMLElement {
  return make("div", { class: "segments", role: "radiogroup", "aria-label": label }, ...options.map(([name, title]) => {
    const radio = make("button", {
      type: "button", role: "radio", "aria-checked": name === now, tabindex: name === now ? 0 : -1, "data-key": `${label} ${name}`,
    }, title);
    radio.addEventListener("click", () => choose(name));
    return radio;
  }));
}

function numbersGrid(now: readonly Plane[], at: number): HTMLElement {
  const words = later().numbers;
  const plane = now[at] ?? [];
  const columns = plane[0]?.length ?? 0;
  const colour = colouring(now, channelName(at, now.length).plate);
  const painting = hand.value === "paint";
  const boxes = plane.map((line, row) => line.map((value, column) => {
    const box = numberBox({
      value, places: columns < DENSE ? 4 : 2, key: `number ${row} ${column}`, label: words.cell(row, column), empty: words.noNumber,
      apply: (next) => setCells(at, [[row, column]], next),
    });
    box.readOnly = painting;
    dye(box, colour(value));
    return box;
  }));
  const grid = boxGrid(boxes, {
    class: `weights numbers${columns >= DENSE ? " dense" : ""}${painting ? " painting" : ""}`, role: "group", "aria-label": words.grid,
  });
  if (painting) paintOn(grid, boxes, at, colour);
  return grid;
}

function dye(box: HTMLElement, colour: string): void {
  box.style.background = colour;
  box.style.color = textOn(colour);
}

/** As the stage draws it. */
function colouring(now: readonly Plane[], name: Channel): (value: number) => string {
  const values = now.flat(2);
  const bytes = numbersSource(now, "").reference.dtype === "uint8";
  const { low, high } = inputRange(bytes ? Uint8Array.from(values) : Float32Array.from(values), now.length);
  return (value) => plate(Math.min(1, Math.max(0, (value - low) / (high - low || 1))), name);
}

/** A stroke is one change, made when the pointer is lifted. A second finger takes it back: two of them scroll what is too wide. */
function paintOn(grid: HTMLElement, boxes: readonly (readonly HTMLInputElement[])[], at: number, colour: (value: number) => string): void {
  let stroke: { readonly cell: Cell; readonly before: string }[] | null = null;
  const fingers = new Map<number, PointerEvent>();
  const cellOf = (target: Element | null): Cell | null => {
    const row = boxes.findIndex((line) => line.includes(target as HTMLInputElement));
    return row < 0 ? null : [row, boxes[row]?.indexOf(target as HTMLInputElement) ?? 0];
  };
  const touch = (event: Pointer): void => {
    const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
    if (!cell || !stroke || stroke.some(({ cell: [row, column] }) => row === cell[0] && column === cell[1])) return;
    const box = boxes[cell[0]]?.[cell[1]];
    if (!box) return;
    stroke.push({ cell, before: box.value });
    // From its second cell on: a press on one at the edge is no wish to go further.
    if (stroke.length === 2) goOn(stroke);
    box.value = formatNumber(brush.peek(), 2);
    dye(box, colour(brush.peek()));
  };
  const goOn = (mine: typeof stroke): void => {
    const [frame, popup] = [grid.closest(".weights-frame"), grid.closest(".popup")];
    if (frame && popup) scrollAtEdges(frame, popup, () => (stroke === mine ? ([...fingers.values()][0] ?? null) : null), touch);
  };
  const takeBack = (): void => {
    for (const { cell: [row, column], before } of stroke ?? []) {
      const box = boxes[row]?.[column];
      if (!box) continue;
      box.value = before;
      dye(box, colour(parseNumber(before) ?? 0));
    }
    stroke = null;
  };
  const move = (event: PointerEvent): void => {
    const last = fingers.get(event.pointerId);
    if (last && fingers.size > 1) {
      // Each finger moves it by its share.
      grid.closest(".weights-frame")?.scrollBy((last.clientX - event.clientX) / fingers.size, 0);
      grid.closest(".popup")?.scrollBy(0, (last.clientY - event.clientY) / fingers.size);
    }
    if (last) fingers.set(event.pointerId, event);
    touch(event);
  };
  const end = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    const cells = stroke?.map(({ cell }) => cell);
    stroke = null;
    if (cells && cells.length > 0) setCells(at, cells, brush.peek());
  };
  grid.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grid.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    if (fingers.size > 1) {
      takeBack();
      return;
    }
    stroke = [];
    touch(event);
  });
  grid.addEventListener("pointermove", move);
  grid.addEventListener("pointerup", end);
  grid.addEventListener("pointercancel", end);
  grid.addEventListener("keydown", (event) => {
    const cell = event.key === "Enter" || event.key === " " ? cellOf(event.target as Element) : null;
    if (!cell) return;
    event.preventDefault();
    event.stopPropagation();
    setCells(at, [cell], brush.peek());
    // Before the box itself hears of it, which would take the key for the end of typing.
  }, { capture: true });
}
