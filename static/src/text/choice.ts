/** Which language the page opens in, and keeping it. A link names one with `lang`, and keeps naming it. */
import { effect } from "@preact/signals-core";
import { LINKED, type Language, STORED, isLanguage, language, preferred, speak } from "./text.ts";

const linked = (): string | null => new URLSearchParams(location.search).get(LINKED);

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    // A browser that blocks storage goes by its own languages.
    return null;
  }
}

export async function openIn(): Promise<void> {
  effect(() => { document.documentElement.lang = language(); });
  // Where its chunk does not come, English says it.
  await speak(preferred(linked(), stored(), navigator.languages)).catch(() => undefined);
}

/** Chosen by the person: for the next visits too, and in the link where that names one. */
export async function choose(name: Language): Promise<void> {
  await speak(name);
  try {
    localStorage.setItem(STORED, name);
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
  if (linked() !== null) history.replaceState(history.state, "", location.pathname + withLanguage(withoutLanguage(location.search)) + location.hash);
}

/** The query of a link without its language, which is not the session's. A language that there is not stays, to be refused. */
export function withoutLanguage(query: string): string {
  if (!isLanguage(new URLSearchParams(query).get(LINKED))) return query;
  const rest = query.replace(/^\?/, "").split("&").filter((part) => !part.startsWith(`${LINKED}=`));
  return rest.length > 0 ? `?${rest.join("&")}` : "";
}

export function withLanguage(query: string): string {
  if (!isLanguage(linked())) return query;
  return `${query === "" ? "?" : `${query}&`}${LINKED}=${language()}`;
}
