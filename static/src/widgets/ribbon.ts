/** One status line with one action; there only when there is something to say. */
import { effect } from "@preact/signals-core";
import { notice } from "../state.ts";
import { text } from "../text/text.ts";
import { make, query } from "./dom.ts";

export function ribbon(): void {
  const line = query("#ribbon");
  effect(() => {
    const said = notice.value;
    line.hidden = said === null;
    if (!said) return;
    line.className = `ribbon ${said.kind}`;
    line.setAttribute("role", said.kind === "error" ? "alert" : "status");
    const { action } = said;
    line.replaceChildren(make("span", {}, typeof said.text === "string" ? said.text : said.text()),
      ...(action ? [make("button", { class: "button small", "data-action": action.name }, action.label())]
        : ["error", "link", "taken"].includes(said.kind) ? [make("button", { class: "button small", "data-action": "dismiss" }, text().notices.close)] : []));
  });
}
