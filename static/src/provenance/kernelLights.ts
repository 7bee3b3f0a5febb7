/** In the kernel's editor the weight that is traced lights up. */
import { effect } from "@preact/signals-core";
import { lit } from "../provenance.ts";
import { shown } from "../session.ts";
import { liesTurned } from "../weights.ts";
import { query } from "../widgets/dom.ts";

export function kernelLights(): void {
  const popup = query("#kernel-picker");
  effect(() => {
    const [place, current] = [lit.value, shown.value];
    for (const box of popup.querySelectorAll(".lit")) box.classList.remove("lit");
    if (place === null || !current) return;
    const { y, x } = current.geometry;
    // The editor shows the kernel as it was given.
    const at = liesTurned(current.asked, current.walk.stamps) ? y.kernelSize * x.kernelSize - 1 - place : place;
    popup.querySelector(`[data-key="weight ${Math.floor(at / x.kernelSize)} ${at % x.kernelSize}"]`)?.classList.add("lit");
  });
}
