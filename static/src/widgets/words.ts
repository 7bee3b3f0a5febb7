/** The words that stand in the page's HTML, said in the language of the page. */
import { effect } from "@preact/signals-core";
import { text } from "../text/text.ts";

export function words(): void {
  const named = (name: string | undefined): string => {
    const said = (text().page as Readonly<Record<string, string>>)[name ?? ""];
    if (said === undefined) throw new Error(`The page has no text named ${name}.`);
    return said;
  };
  effect(() => {
    for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) element.textContent = named(element.dataset.text);
    for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) element.setAttribute("aria-label", named(element.dataset.label));
  });
}
