/** The transport: play button, scrubber, readout, cadence and speed; and what the pictures say to those who do not see them. */
import { effect } from "@preact/signals-core";
import { act } from "../actions/index.ts";
import { formatNumber } from "../format.ts";
import { detail, placeOf, shown } from "../session.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { checkRadio, make, query } from "./dom.ts";

const PLAY = "M6 3.2v13.6L17 10z";
const PAUSE = "M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z";

export function transport(): void {
  const scrub = query<HTMLInputElement>("#scrub");
  const speed = query<HTMLInputElement>("#speed");
  const play = query("#play");
  effect(() => {
    const on = state.playing.value;
    play.setAttribute("aria-label", on ? text().transport.pause : text().transport.play);
    query("path", play).setAttribute("d", on ? PAUSE : PLAY);
  });
  effect(() => {
    const current = shown.value;
    const here = detail.value;
    if (!current || !here) return;
    const { geometry, info, walk } = current;
    const [row, column] = placeOf(walk, here.position);
    const words = text().transport;
    const place = words.place(row, column);
    const count = words.count(formatNumber(here.position + 1), formatNumber(walk.positions));
    scrub.max = String(walk.positions - 1);
    scrub.value = String(here.position);
    scrub.setAttribute("aria-valuetext", `${place}, ${count}`);
    query("#readout").replaceChildren(make("b", {}, place), make("span", {}, count));
    if (walk.stamps) {
      const { inputStamps, outputStamped } = text().operations;
      query("#input-live").setAttribute("aria-label", inputStamps(info.input.height, info.input.width, info.in_channels, place));
      query("#output-live").setAttribute("aria-label", outputStamped(geometry.y.outputSize, geometry.x.outputSize, count));
      return;
    }
    const { inputLabel, outputLabel } = text().stage;
    query("#input-live").setAttribute("aria-label", inputLabel(info.input.height, info.input.width, info.in_channels, place));
    query("#output-live").setAttribute("aria-label", outputLabel(geometry.y.outputSize, geometry.x.outputSize, count));
  });
  effect(() => checkRadio(query("#cadence"), state.cadence.value));
  effect(() => {
    speed.value = String(state.speed.value);
    query("#speed-output").textContent = text().transport.perSecond(state.speed.value);
  });
  scrub.addEventListener("input", () => act("go-to", scrub.value));
  speed.addEventListener("input", () => act("speed", speed.value));
}
