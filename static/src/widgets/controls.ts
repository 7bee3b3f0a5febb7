/** Plain controls: the parameters of the call in other words. The same state. */
import { effect } from "@preact/signals-core";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { query } from "./dom.ts";

export function controls(): void {
  const form = query<HTMLFormElement>("#controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  let filled: Promise<void> | null = null;
  effect(() => {
    const open = state.controlsOpen.value;
    form.hidden = !open;
    document.body.classList.toggle("controls-open", open);
    query("#controls-button").textContent = open ? text().controls.hide : text().controls.show;
    for (const button of document.querySelectorAll("[data-action=controls]")) button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    // On phones the controls are a sheet that stands on the transport, whatever its height is just now.
    form.style.setProperty("--transport", `${query(".transport").offsetHeight}px`);
    // Opened again after a server that did not answer, they ask again.
    filled ??= import("./controlsForm.ts").then(({ fillControls }) => fillControls(form), () => { filled = null; });
  });
}
