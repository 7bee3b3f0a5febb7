/** In place of the result, while it is to be predicted: what it may be. */
import { act } from "../actions/index.ts";
import { parseNumber } from "../format.ts";
import { type Sign, asksNumber } from "../predict.ts";
import type { Shown } from "../session.ts";
import { text } from "../text/text.ts";
import { make } from "./dom.ts";

/** What takes the place of what has the focus takes the focus: the next question, or the result. */
export const GUESS_KEY = "guess";

const SIGNS: readonly Sign[] = ["negative", "zero", "positive"];

export function guessBox(current: Shown, products: number): HTMLElement {
  const words = text().predict;
  const group = make("span", { id: "result", class: "result guess", role: "group", "aria-label": words.guess });
  if (asksNumber(current, products)) group.append(...number());
  else {
    group.append(...SIGNS.map((sign) =>
      make("button", { type: "button", "data-action": "guess", "data-argument": sign, "data-key": GUESS_KEY }, words[sign])));
  }
  return group;
}

function number(): HTMLElement[] {
  const words = text().predict;
  const box = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "?", "aria-label": words.guess, "data-key": GUESS_KEY });
  const say = (): void => {
    const said = parseNumber(box.value);
    if (said !== null) {
      act("guess", String(said));
      return;
    }
    box.setCustomValidity(words.noNumber);
    box.reportValidity();
  };
  box.addEventListener("input", () => box.setCustomValidity(""));
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") say(); });
  const button = make("button", { type: "button" }, words.reveal);
  button.addEventListener("click", say);
  return [box, button];
}
