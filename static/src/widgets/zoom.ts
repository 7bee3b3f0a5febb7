/** The buttons over the input that zoom, dimmed where there is nothing more to see. */
import { effect } from "@preact/signals-core";
import { reach } from "../stage/sights.ts";
import { query } from "./dom.ts";

export function zoomButtons(): void {
  // aria-disabled keeps the focus where it is when the last step has been taken.
  const dim = (name: string, idle: boolean): void => query(`[data-action="${name}"]`).setAttribute("aria-disabled", String(idle));
  effect(() => {
    dim("zoom-in", !reach.value.in);
    dim("zoom-out", !reach.value.out);
    dim("zoom-whole", !reach.value.out);
  });
}
