/** Which languages there are, and which of them a visit opens in. Imports nothing: it runs before the first paint too. */

/** In the order of the menu, each in its own words. */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

/** Where the browser keeps what was chosen, and the part of a link that names one. */
export const STORED = "convloupe.language";
export const LINKED = "lang";

export const isLanguage = (name: string | null): name is Language => name !== null && Object.hasOwn(LANGUAGES, name);

/** The link's, the one chosen before, or the first of the browser's that there is. */
export function preferred(linked: string | null, chosen: string | null, browsers: readonly string[]): Language {
  const names = [linked, chosen, ...browsers.map((name) => name.split("-")[0] ?? null)];
  return names.find(isLanguage) ?? "en";
}
