/** What the server names in English, in the language of the page where that has a name for it. */
import type { FilterPreset } from "../api.ts";
import { OWN_KEY } from "../numbers/planes.ts";
import type { Source } from "../state.ts";
import { text } from "./text.ts";

export const filterTitle = ({ name, title }: FilterPreset): string => text().presets.filters[name]?.[0] ?? title;
export const filterSentence = ({ name, sentence }: FilterPreset): string => text().presets.filters[name]?.[1] ?? sentence;
export const sourceTitle = ({ key, title }: Source): string => (key === OWN_KEY ? text().image.numbers : text().presets.sources[key] ?? title);
