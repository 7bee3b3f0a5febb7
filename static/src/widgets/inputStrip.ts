/** The channels of an input that has more than the sum has terms for, each in small: they switch what lies under the loupe. */
import { effect } from "@preact/signals-core";
import { fillInputPixels } from "../palette.ts";
import { type Shown, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { checkRadio, make } from "./dom.ts";

export function inputStrip(): HTMLElement {
  const strip = make("span", { class: "strip", role: "radiogroup" });
  strip.classList.add("many", "channels");
  let input: Shown["input"] | null = null;
  effect(() => {
    const current = shown.value;
    if (!current) return;
    strip.setAttribute("aria-label", text().sum.inputChannel);
    const { firstChannel, info } = current;
    const known = input === current.input && strip.dataset.first === String(firstChannel) && strip.childElementCount === info.group_channels;
    if (known) return;
    input = current.input;
    strip.dataset.first = String(firstChannel);
    strip.replaceChildren(...Array.from({ length: info.group_channels }, (_, index) => frame(current, index)));
  });
  effect(() => {
    void shown.value;
    checkRadio(strip, String(state.channel.value));
    const chosen = strip.querySelector<HTMLElement>("[aria-checked=true]");
    if (chosen) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  });
  return strip;
}

function frame({ input, range, firstChannel }: Shown, index: number): HTMLElement {
  const channel = firstChannel + index;
  const { tag, word } = channelName(channel, input.channels);
  const canvas = make("canvas", { class: "thumb", width: input.width, height: input.height, "aria-hidden": "true" });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const pixels = context.createImageData(input.width, input.height);
  fillInputPixels(pixels.data, input.values, input.channels, range, channel);
  context.putImageData(pixels, 0, 0);
  return make("button", {
    class: "term", role: "radio", "data-action": "channel", "data-argument": index, "data-key": `in ${channel}`, "aria-label": word, title: word,
  }, canvas, make("i", { class: "ink-plain" }, tag));
}
