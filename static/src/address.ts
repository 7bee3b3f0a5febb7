/** The address bar: the page starts from its link, and the link follows the page. */
import { batch, effect } from "@preact/signals-core";
import { ApiError, OfflineError, type TraceInfo, fetchUploadShape } from "./api.ts";
import { planned } from "./asked.ts";
import { present } from "./present.ts";
import { type Shown, follow, placeOf, places, shown, walkOf, walksStamps } from "./session.ts";
import * as sights from "./stage/sights.ts";
import * as state from "./state.ts";
import { withLanguage, withoutLanguage } from "./text/choice.ts";
import { sourceTitle } from "./text/names.ts";
import { text } from "./text/text.ts";
import { type Known, type Page, decode, encode, split, unreadSentence, upload } from "./url.ts";

/** Browsers refuse, or warn of, more than about three changes of the address a second; playing makes thirty. */
const WRITE_EVERY_MS = 500;

/** What is asked and how it looks, as it is now; with what is on the stage, also where the playhead is. */
export function pageNow(asked: state.Asked, current: Shown | null = null): Page {
  const cadence = state.cadence.value;
  return {
    ...asked,
    framework: state.framework.value, palette: state.palette.value, outputSize: state.outputSize.value,
    at: current ? placeOf(current.walk, state.position.value) : [0, 0],
    outChannel: state.outChannel.value, channel: state.channel.value,
    cadence, tap: cadence === "tap" ? state.tap.value : 0, look: current && sights.look.value, stamping: walksStamps(asked, state.stamping.value), panel: state.panel.value, compared: state.compared.value,
    way: state.way.value, wayStep: state.way.value === null ? 0 : state.wayStep.value,
    predicting: state.predicting.value, presenting: state.presenting.value,
  };
}

/** Starts the session from the link; from the first visit where there is no link, or the server refuses what it asks for. */
export async function start(asked: state.Asked, info: TraceInfo, known: Known): Promise<void> {
  const first = pageNow(asked);
  const { page: read, unread } = decode(withoutLanguage(location.search), first, known);
  const { page, loss } = await measured(read, first);
  const linked = split(page);
  const same = encode({ ...first, ...linked.asked }, first) === "";
  const wanted = same ? asked : linked.asked;
  const troubles = [loss, unreadSentence([...unread, ...lookAs(linked.view, wanted)])];
  const visit = { asked, info, because: (refusal: string) => troubles.push(text().notices.linkRefused(refusal)) };
  if (same) follow(visit);
  else follow({ asked: wanted, info: null }, visit);
  tellOnceShown(troubles);
  keepUp(first);
}

/** Not before: what is said of a slow server would take its place. Until then the page hides the server's first visit. */
function tellOnceShown(troubles: readonly (string | null)[]): void {
  const stop = effect(() => {
    if (!shown.value) return;
    document.documentElement.classList.remove("linked");
    const said = troubles.filter((trouble) => trouble !== null).join(" ");
    if (said !== "") state.notice.value = { kind: "link", text: said };
    queueMicrotask(() => stop());
  });
}

/** With the height and width of an upload, which the link leaves to the server; without it where the server cannot say. */
async function measured(page: Page, first: Page): Promise<{ page: Page; loss: string | null }> {
  const { key, title, height } = page.source;
  if (height > 0) return { page, loss: null };
  try {
    const { kind, shape } = await fetchUploadShape(key);
    return { page: { ...page, source: upload(key, title, shape, kind), longest: kind === "array" ? "full" : page.longest }, loss: null };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof OfflineError)) throw error;
    const { noAnswer, imageGone } = text().notices;
    return {
      page: { ...page, source: first.source, longest: first.longest, at: [0, 0] },
      loss: error instanceof OfflineError ? noAnswer(sourceTitle(first.source)) : imageGone(title, sourceTitle(first.source)),
    };
  }
}

/** What of it cannot be: a position that the output does not have. */
function lookAs(view: ReturnType<typeof split>["view"], asked: state.Asked): string[] {
  batch(() => {
    state.framework.value = view.framework;
    state.palette.value = view.palette;
    state.outputSize.value = view.outputSize;
    state.outChannel.value = view.outChannel;
    state.channel.value = view.channel;
    state.cadence.value = view.cadence;
    state.tap.value = view.tap;
    state.panel.value = view.panel;
    state.compared.value = view.compared;
    state.way.value = view.way;
    state.wayStep.value = view.wayStep;
    state.stamping.value = view.stamping;
    state.predicting.value = view.predicting;
    present(view.presenting);
  });
  if (view.look) sights.lookAt(view.look);
  const geometry = planned(asked);
  const [row, column] = view.at;
  // What does not fit at all is the server's to refuse.
  if (geometry === null) return [];
  const walk = walkOf(geometry, walksStamps(asked, view.stamping));
  if (row >= walk.rows || column >= walk.columns) return [`at=${row},${column}`];
  places.set(asked, row * walk.columns + column);
  return [];
}

let spelled = (): string => location.href;

/** What opens this step on this server, without the panel that offers it. */
export const link = (): string => spelled();

/** Replaces, and never adds: to go back is to leave the page, and undo is the way to an earlier one. */
function keepUp(first: Page): void {
  let latest = first;
  let waiting = false;
  let due = 0;
  const queryOf = (page: Page): string => location.pathname + withLanguage(encode(page, first));
  // Where this is embedded, what is linked to is the page itself.
  spelled = () => location.origin + queryOf({ ...latest, panel: null }).replace(/^\/embed/, "/");
  const write = (): void => {
    waiting = false;
    due = performance.now() + WRITE_EVERY_MS;
    const query = queryOf(latest);
    if (query !== location.pathname + location.search) history.replaceState(history.state, "", query + location.hash);
  };
  effect(() => {
    const current = shown.value;
    if (!current) return;
    latest = pageNow(current.asked, current);
    if (waiting) return;
    waiting = true;
    setTimeout(write, Math.max(0, due - performance.now()));
  });
}
