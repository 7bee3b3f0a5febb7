/** The choice of a language, in the list of keys and, where there are no keys, with the plain controls. */
import { act } from "../actions/index.ts";
import { LANGUAGES, language } from "../text/text.ts";
import { make } from "./dom.ts";

/** Each in its own words, for those who read no other. */
export function languageChoice(name: string): HTMLElement {
  const choice = make("select", { "data-key": "language", "aria-label": name },
    ...Object.entries(LANGUAGES).map(([code, own]) => make("option", { value: code, lang: code, selected: code === language() }, own)));
  choice.addEventListener("change", () => act("language", choice.value));
  return choice;
}
