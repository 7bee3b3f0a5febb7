/** Everything the page says comes from here, in the language of the person. Imports nothing but the texts. */
import { signal } from "@preact/signals-core";
import { en } from "./en/index.ts";
import type { later } from "./en/later.ts";
import type { Language } from "./languages.ts";

export * from "./languages.ts";

/** What is there at first, and what comes with the chunk that says it: see later.ts. */
type First = typeof en;
export type Later = typeof later;
/** Of every language: the same keys, the same parameters as English. Other languages are chunks of their own, and whole. */
export type Text = First & Later;

const others: Readonly<Record<Exclude<Language, "en">, () => Promise<Text>>> = {
  de: async () => (await import("./de/index.ts")).de,
  es: async () => (await import("./es/index.ts")).es,
};

type Spoken = { readonly language: "en"; readonly text: First } | { readonly language: Exclude<Language, "en">; readonly text: Text };
const spoken = signal<Spoken>({ language: "en", text: en });

/** Read inside of an effect, a widget is made anew when the language changes. */
export const text = (): First => spoken.value.text;
export const language = (): Language => spoken.value.language;
/** Everything in another language; null for English. */
export const translated = (): Text | null => (spoken.value.language === "en" ? null : spoken.value.text);

/** Resolves once everything is said in this language. */
export async function speak(wanted: Language): Promise<void> {
  spoken.value = wanted === "en" ? { language: wanted, text: en } : { language: wanted, text: await others[wanted]() };
}
