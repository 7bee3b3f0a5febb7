/** Everything the page says comes from here, in the language of the person. Imports nothing but the texts. */
import { signal } from "@preact/signals-core";
import { en } from "./en/index.ts";

/** Of every language: the same keys, the same parameters as English. */
export type Text = typeof en;

/** In the order of the menu, each in its own words. */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

const others: Readonly<Record<Exclude<Language, "en">, () => Promise<Text>>> = {
  de: async () => (await import("./de/index.ts")).de,
  es: async () => (await import("./es/index.ts")).es,
};

const said = signal<{ readonly language: Language; readonly text: Text }>({ language: "en", text: en });

/** Read inside of an effect, a widget is made anew when the language changes. */
export const text = (): Text => said.value.text;
export const language = (): Language => said.value.language;

export const isLanguage = (name: string | null): name is Language => name !== null && Object.hasOwn(LANGUAGES, name);

/** Resolves once everything is said in this language. */
export async function speak(wanted: Language): Promise<void> {
  if (wanted === said.peek().language) return;
  said.value = { language: wanted, text: wanted === "en" ? en : await others[wanted]() };
}

/** The link's, the one chosen before, or the first of the browser's that there is. */
export function preferred(linked: string | null, chosen: string | null, browsers: readonly string[]): Language {
  const names = [linked, chosen, ...browsers.map((name) => name.split("-")[0] ?? null)];
  return names.find(isLanguage) ?? "en";
}
