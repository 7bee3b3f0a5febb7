/** Buttons that copy a text, and say that they did. */
import { text } from "../text/text.ts";
import { make } from "../widgets/dom.ts";

const SAID_MS = 2000;

export async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    // Only a secure context has a clipboard; a classroom's server is often http.
    const field = make("textarea", { readonly: true, class: "unseen" }, words);
    const active = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (active instanceof HTMLElement) active.focus();
    return done;
  }
}

/** `words` is called when it is pressed. `of` says to those who do not see it what is copied. */
export function copyButton(of: string, words: () => string, kind = "button small"): HTMLElement {
  const label = make("span", { role: "status" }, text().drawer.copy);
  const button = make("button", { type: "button", class: kind, "data-key": `copy ${of}`, "aria-label": `${text().drawer.copy}: ${of}` }, label);
  button.addEventListener("click", () => void copy(words()).then((done) => {
    label.textContent = done ? text().drawer.copied : text().drawer.notCopied;
    setTimeout(() => { label.textContent = text().drawer.copy; }, SAID_MS);
  }));
  return button;
}
