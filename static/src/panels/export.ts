/** Export: what is shown, to take along: as a figure, as numbers, as a trace, as a link. */
import { effect } from "@preact/signals-core";
import { link } from "../address.ts";
import { ApiError, createTrace, fetchOutputFile } from "../api.ts";
import { traceRequest } from "../asked.ts";
import { formatNumber } from "../format.ts";
import { type Shown, shown } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { make, refill } from "../widgets/dom.ts";
import { copy } from "./copying.ts";
import { pngFile, svgFile } from "./figure.ts";
import { nameOf, save, saveFrom } from "./save.ts";

type Key = keyof ReturnType<typeof later>["take"]["kinds"];

/** What pressing does; what it answers is said instead of the note. */
const RUN: Readonly<Record<Key, (current: Shown, tell: (words: string) => void) => Promise<string>>> = {
  png: async (current) => kept(await pngFile(), `${nameOf(current)}.png`),
  svg: async (current) => kept(svgFile(), `${nameOf(current)}.svg`),
  gif: async (current, tell) => {
    const { gifFile } = await import("./animation.ts");
    return kept(await gifFile(current, (step, steps) => tell(later().take.step(step, steps))), `${nameOf(current)}.gif`);
  },
  npy: async (current) => kept(await fetchOutputFile(traceRequest(current.asked)), `${nameOf(current)}.npy`),
  jsonl: (current) => trace(current, "jsonl"),
  arrow: (current) => trace(current, "arrow"),
  link: async () => ((await copy(link())) ? text().drawer.copied : text().drawer.notCopied),
};

function kept(content: Blob | null, name: string): string {
  if (content) save(content, name);
  return content ? later().take.saved(name) : later().take.nothing;
}

/** Straight to the disk, a row at a time, however long it is. */
async function trace(current: Shown, format: "jsonl" | "arrow"): Promise<string> {
  // A server may have forgotten it.
  const { url } = await createTrace(traceRequest(current.asked));
  const name = `${nameOf(current)}.${format}`;
  const channel = current.outChannel === 0 ? "" : `&out_channel=${current.outChannel}`;
  saveFrom(`${url}/positions?format=${format}${channel}`, name);
  return later().take.saved(name);
}

export function show(panel: HTMLElement): () => void {
  const lead = make("p", { class: "say" });
  const list = make("section", { class: "takes" });
  panel.append(lead, list);
  const said = new Map<Key, string>();
  const fill = (): void => {
    const current = shown.value;
    if (!current) return;
    const words = later().take;
    lead.textContent = words.lead;
    refill(list, ...(Object.keys(RUN) as Key[]).map((key) => {
      const { title, note } = words.kinds[key];
      const told = said.get(key) ?? (typeof note === "function" ? note(formatNumber(current.geometry.positions)) : note);
      const button = make("button", { type: "button", class: "option", "data-key": key }, make("b", {}, title), make("span", { role: "status" }, told));
      button.addEventListener("click", () => void take(key, current));
      return button;
    }));
  };
  const take = async (key: Key, current: Shown): Promise<void> => {
    tell(key, later().take.working);
    tell(key, await RUN[key](current, (words) => tell(key, words)).catch((error: unknown) => (error instanceof ApiError ? error.message : later().rest.offline)));
  };
  /** In the note's place, without making the list anew: a screen reader hears it. */
  const tell = (key: Key, words: string): void => {
    said.set(key, words);
    const note = list.querySelector(`[data-key="${key}"] span`);
    if (note) note.textContent = words;
  };
  const stop = effect(() => {
    void [shown.value, state.palette.value];
    said.clear();
    fill();
  });
  return stop;
}
