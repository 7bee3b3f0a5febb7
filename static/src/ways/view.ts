/** Another way to the output in the stage's place: what it is, its stages side by side, and a walk through them for the output cell under the playhead. */
import { computed, effect, signal } from "@preact/signals-core";
import { type Equivalence, equivalences } from "../api.ts";
import { inputSize, isPool, traceRequest } from "../asked.ts";
import { formatNumber } from "../format.ts";
import { readInk } from "../painters/ink.ts";
import { asking } from "../panels/asking.ts";
import { hidden } from "../predict.ts";
import { type Shown, placeOf, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { checkRadio, make, refill } from "../widgets/dom.ts";
import { openStage } from "./open-stage.ts";
import { type Opening, openingOf } from "./openings.ts";
import { type Place, type Room, SHEET, SHEET_LINES, arrange, closeCell, isLow } from "./scene.ts";
import { type Drawn, paintStage, stageOf } from "./stages.ts";

/** The longest side of a picture whose stages are always few enough numbers. */
const SMALLER = 64;

interface Answered {
  readonly of: Shown;
  readonly channel: number;
  /** A text: why there is none. */
  readonly ways: readonly Equivalence[] | string;
}

export function show(section: HTMLElement): () => void {
  const answered = signal<Answered | null>(null);
  const size = signal<Room>({ width: section.clientWidth, height: section.clientHeight });
  const printing = signal(false);
  const { heading, choices, closing, said, flow, steps, previous, next, telling, leading } = parts(section);
  const server = asking("ways");

  /** What there was stays while the next one is computed, so that nothing jumps; not what gives a guess away. */
  const waiting = computed(() => {
    const [current, got] = [shown.value, answered.value];
    return current !== null && !isPool(current.asked.operation) && !hidden.value && (got?.of !== current || got.channel !== state.channel.value);
  });
  const ways = computed(() => {
    const [current, got] = [shown.value, answered.value];
    return current && got && !waiting.value && !hidden.value && !isPool(current.asked.operation) && typeof got.ways !== "string" ? got.ways : null;
  });
  /** Where there is no such way to an operation, as after another one was chosen, the first that there is. */
  const open = computed(() => {
    const all = ways.value ?? [];
    return all.find(({ name }) => name === state.way.value) ?? all.find(({ refusal }) => refusal === null) ?? null;
  });
  const drawn = computed<readonly Drawn[]>(() => {
    const [way, current, dark] = [open.value, shown.value, state.theme.value === "dark"];
    void later();
    if (!way || !current) return [];
    const { range, firstChannel, info } = current;
    const channel = info.group_channels > 1 ? channelName(firstChannel + state.channel.value, info.in_channels).tag : "";
    return way.stages.map((stage, index) => stageOf(way, stage, index, { range, channel, dark }));
  });
  let opening: { readonly of: Opening; readonly current: Shown; readonly title: string } | null = null;
  leading.addEventListener("click", () => { if (opening) void openStage(opening.of, opening.current, opening.title); });

  const stops = [
    effect(() => {
      const words = later().ways;
      heading.textContent = words.title;
      choices.setAttribute("aria-label", words.title);
      steps.setAttribute("aria-label", words.stepping);
      leading.textContent = words.open;
      for (const [button, label] of [[previous, words.previous], [next, words.next], [closing, words.close]] as const) {
        button.setAttribute("aria-label", label);
        button.title = label;
      }
    }),
    effect(() => {
      const [current, channel] = [shown.value, state.channel.value];
      if (!current || isPool(current.asked.operation)) {
        server.stop();
        return;
      }
      server.ask((life) => equivalences(traceRequest(current.asked), current.outChannel, channel, life), (found) => { answered.value = { of: current, channel, ways: found }; }, 0);
    }),
    effect(() => {
      const [all, chosen, words] = [ways.value, open.value?.name ?? "", later().ways];
      if (waiting.value) return;
      refill(choices, ...(all ?? []).map(({ name, title, refusal }) => make("button", {
        role: "radio", class: refusal === null ? null : "refused", "data-action": "way", "data-argument": name, "data-key": name,
      }, words.names[name] ?? title)));
      checkRadio(choices, chosen);
    }),
    effect(() => {
      const [way, current] = [open.value, shown.value];
      if (waiting.value && answered.value !== null) return;
      if (!way) {
        const large = typeof answered.value?.ways === "string" && answered.value.of === current && current.asked.source.kind === "picture" && Math.max(...inputSize(current.asked)) > SMALLER;
        const words = later().ways;
        refill(said, ...(large ? [
          make("p", { class: "say" }, words.large),
          make("p", {}, make("button", { class: "button small", "data-action": "longest", "data-argument": SMALLER, "data-key": "smaller" }, words.smaller(SMALLER))),
        ] : []), make("p", { class: "note", lang: large ? "en" : null }, whyNone(current, answered.value, server.away.value)));
        return;
      }
      refill(said, ...saidOf(way));
    }),
    effect(() => {
      flow.setAttribute("aria-busy", String(waiting.value));
      if (waiting.value) return;
      refill(flow, ...drawn.value.map(({ figure }) => figure));
      state.waySteps.value = drawn.value.length;
      if (drawn.value.length > 0) state.wayStep.value = Math.min(state.wayStep.peek(), drawn.value.length - 1);
    }),
    effect(() => {
      const [current, way, all, at, step] = [shown.value, open.value, drawn.value, state.position.value, state.wayStep.value];
      const [channel, words] = [state.channel.value, later().ways];
      void [state.theme.value, state.presenting.value];
      const ink = readInk(document.documentElement);
      const view = printing.value ? SHEET : { ...size.value, rem: ink.rem };
      if (waiting.value) return;
      const here = all[step];
      steps.hidden = here === undefined;
      opening = null;
      if (!current || !way || !here || current.walk.stamps) return;
      const { geometry, asked, info } = current;
      const [row, column] = placeOf(current.walk, at);
      const [sizes, kernel] = [all.map((stage) => stage.size), [geometry.y.kernelSize, geometry.x.kernelSize] as const];
      const arranged = arrange(view, sizes, kernel, printing.value ? SHEET_LINES : null);
      flow.style.setProperty("--close", `${arranged.closer ? closeCell(view, ...kernel) * kernel[0] + 6 : 0}px`);
      flow.style.setProperty("--across", String(arranged.across));
      section.classList.toggle("two", !arranged.all);
      section.classList.toggle("lines", arranged.across < all.length);
      section.classList.toggle("low", isLow(view));
      const moment = {
        way: way.name, y: geometry.y, x: geometry.x, flip: asked.flipKernel, ink, rem: view.rem, view, row, column, channel,
        zeros: !geometry.y.crop && asked.paddingMode === "zeros", step: printing.value ? all.length - 1 : step, dark: state.theme.value === "dark",
      };
      all.forEach((stage, index) => paintStage(stage, index, arranged.places[index] as Place, arranged.across, moment));
      const found = openingOf(way, here.name, { asked, geometry, outChannels: info.out_channels, inChannels: info.in_channels, groupChannels: info.group_channels }, row, column);
      opening = found && { of: found, current, title: `${words.names[way.name] ?? way.title}, ${words.stages[here.name] ?? here.name}` };
      leading.hidden = opening === null;
      telling.setAttribute("aria-live", state.playing.peek() ? "off" : "polite");
      refill(telling, make("b", {}, words.step(step + 1, all.length)), " ", words.says[`${way.name}.${here.name}`] ?? "", " ", make("span", { class: "unseen" }, here.reads.textContent ?? ""));
      previous.setAttribute("aria-disabled", String(step === 0 && at === 0));
      next.setAttribute("aria-disabled", String(step === all.length - 1 && at === current.walk.positions - 1));
    }),
  ];
  const observer = new ResizeObserver(() => { size.value = { width: section.clientWidth, height: section.clientHeight }; });
  observer.observe(section);
  // A browser prints what is there when it has told so: what depends on it is painted at once.
  const closed = new AbortController();
  addEventListener("beforeprint", () => { printing.value = true; }, { signal: closed.signal });
  addEventListener("afterprint", () => { printing.value = false; }, { signal: closed.signal });
  return () => {
    observer.disconnect();
    closed.abort();
    for (const stop of stops) stop();
    server.stop();
  };
}

function parts(section: HTMLElement) {
  const icon = (action: string, path: string, kind = "button icon"): HTMLElement => {
    const button = make("button", { class: kind, "data-action": action });
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 20 20");
    drawing.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    line.setAttribute("class", "line");
    drawing.append(line);
    button.append(drawing);
    return button;
  };
  const found = {
    heading: make("h2"),
    choices: make("div", { class: "segments", role: "radiogroup" }),
    closing: icon("way-close", "M5 5l10 10M15 5L5 15", "button quiet icon"),
    said: make("div", { class: "said" }),
    flow: make("div", { class: "flow" }),
    steps: make("div", { class: "way-steps", role: "group", hidden: true }),
    previous: icon("way-previous", "M12.5 4.5L7 10l5.5 5.5"),
    next: icon("way-next", "M7.5 4.5L13 10l-5.5 5.5"),
    telling: make("p", { "aria-atomic": "true" }),
    leading: make("button", { class: "button small" }),
  };
  found.steps.append(found.previous, found.next, found.telling, found.leading);
  section.replaceChildren(make("header", {}, found.heading, found.choices, found.closing), found.said, found.flow, found.steps);
  return found;
}

function whyNone(current: Shown | null, answered: Answered | null, away: boolean): string {
  if (current && isPool(current.asked.operation)) return later().ways.pool;
  if (hidden.value) return later().compare.secret;
  return typeof answered?.ways === "string" && answered.of === current ? answered.ways : away ? later().rest.offline : "…";
}

function saidOf({ name, refusal, holds, counts, singular_values: values }: Equivalence): Node[] {
  const words = later().ways;
  const notes = [
    ...(counts ? [
      words.parameters(formatNumber(counts.parameters), formatNumber(counts.parameters_direct)),
      words.multiplications(formatNumber(counts.multiplications), formatNumber(counts.multiplications_direct)),
    ] : []),
    ...(values ? [words.singular(values.map((value) => formatNumber(value, 3)).join(" · "))] : []),
  ];
  return [
    make("p", { class: "say" }, words.sentences[name] ?? ""),
    // The server's reasons are in its language, English.
    ...(refusal === null ? [] : [make("p", {}, `${words.refused} `, make("span", { lang: "en" }, `${refusal}.`))]),
    make("p", { class: "note" }, ...(holds === null ? [] : [make("b", { class: "holds" }, holds ? words.holds : words.fails), " "]), notes.join(" ")),
  ];
}
