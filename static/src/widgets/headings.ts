/** What stands over each picture: the name of what is shown, its shape, and its shape as the framework orders it. */
import { effect } from "@preact/signals-core";
import { isPool } from "../asked.ts";
import { tensorShape, weightShape } from "../frameworks.ts";
import { TIMES } from "../format.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import { filterTitle, sourceTitle } from "../text/names.ts";
import { text } from "../text/text.ts";
import { make, query } from "./dom.ts";
import type { FilterPreset } from "../api.ts";

const shape = (sizes: readonly number[], tensor: string): Node[] => [
  make("b", {}, sizes.join(` ${TIMES} `)), ...(tensor ? [make("span", {}, tensor)] : []),
];

export function headings(filters: readonly FilterPreset[]): void {
  effect(() => {
    const current = shown.value;
    if (!current) return;
    const { asked, geometry, info } = current;
    const framework = state.framework.value;
    const { height, width, channels } = info.input;
    query("#image-button").textContent = sourceTitle(asked.source);
    const filter = filters.find(({ name }) => name === asked.filter);
    query("#kernel-button").textContent = filter ? filterTitle(filter) : text().stage.custom;
    query("#input-shape").replaceChildren(...shape([height, width, channels], tensorShape(framework, height, width, channels)));
    const { y, x } = geometry;
    const pool = isPool(asked.operation);
    query("#kernel-heading").textContent = pool ? text().stage.window : text().stage.kernel;
    query("#kernel-button").hidden = pool;
    query("#kernel-shape").replaceChildren(...(pool ? shape([y.kernelSize, x.kernelSize], "")
      : shape([y.kernelSize, x.kernelSize, info.group_channels], weightShape(framework, y.kernelSize, x.kernelSize, info))));
    query("#output-shape").replaceChildren(
      ...shape([y.outputSize, x.outputSize, info.out_channels], tensorShape(framework, y.outputSize, x.outputSize, info.out_channels)));
  });
  effect(() => {
    const name = state.palette.value;
    const { palettes, colours } = text().output;
    query("#output-button").replaceChildren(palettes[name], ...(name === "signed" ? [make("span", { class: "wide" }, colours)] : []));
  });
}
