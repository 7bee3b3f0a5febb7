/** The loupe for those who do not see it: its label, and a table of the window under the chosen channel. */
import { effect } from "@preact/signals-core";
import { formatIndex, formatNumber } from "../format.ts";
import { coordinates, isCell, taps } from "../geometry.ts";
import type { StampedCell } from "../api.ts";
import { hidden } from "../predict.ts";
import { type Shown, detail, shown } from "../session.ts";
import { channelName } from "../stage/channels.ts";
import * as state from "../state.ts";
import { text } from "../text/text.ts";
import { weightsUnder } from "../weights.ts";
import { make, query } from "./dom.ts";

/** The products of a stamp, for the channel under the loupe. */
function stampTable({ geometry, info, firstChannel }: Shown, { values, stamp }: StampedCell): void {
  const words = text().operations;
  const channel = state.channel.value;
  const { tag, word } = channelName(firstChannel + channel, info.in_channels);
  const { cell: placeOf, loupe: { columns: names } } = text().stage;
  query("#loupe-table thead tr").replaceChildren(...[names.channel, words.outputCell, names.input, names.weight, names.product].map((name) => make("th", {}, name)));
  query("#loupe-table tbody").replaceChildren(...stamp.map(({ output_y, output_x, position, weights, products }) =>
    make("tr", {}, ...[
      tag, `${placeOf(formatIndex(output_y), formatIndex(output_x))}${position === null ? `, ${words.cropped1}` : ""}`,
      formatNumber(values[channel] ?? 0), formatNumber(weights[channel] ?? 0, 3), formatNumber(products[channel] ?? 0),
    ].map((cell) => make("td", {}, cell)))));
  query("#loupe").setAttribute("aria-label", words.stampUnderGlass(word, geometry.y.kernelSize, geometry.x.kernelSize));
}

export function loupeTable(): void {
  const head = query("#loupe-table thead tr");
  const body = query("#loupe-table tbody");
  const loupe = query("#loupe");
  effect(() => {
    const current = shown.value;
    const here = detail.value;
    // While it plays nobody can read the table; it is filled in when the play stops.
    if (!current || !here || state.playing.value) return;
    const { geometry, input, info, firstChannel } = current;
    if (here.stamp) {
      stampTable(current, here.stamp);
      return;
    }
    const [row, column] = coordinates(geometry, here.position);
    const rows = taps(geometry.y, row);
    const columns = taps(geometry.x, column);
    const channel = state.channel.value;
    const { tag, word } = channelName(firstChannel + channel, info.in_channels);
    const weights = weightsUnder(current, channel);
    const first = channel * rows.length * columns.length;
    const { cell, loupe: words } = text().stage;
    const names = words.columns;
    head.replaceChildren(...[names.channel, names.cell, names.input, ...(weights ? [names.weight, names.product] : [])].map((name) => make("th", {}, name)));
    body.replaceChildren(...Array.from(here.window.subarray(first, first + rows.length * columns.length), (value, index) => {
      const y = rows[Math.floor(index / columns.length)] ?? 0;
      const x = columns[index % columns.length] ?? 0;
      const wins = !hidden.value && here.argmax?.[0] === y && here.argmax[1] === x;
      const place = cell(formatIndex(y), formatIndex(x));
      if (geometry.y.crop !== null && !(isCell(geometry.y, y) && isCell(geometry.x, x))) {
        const { betweenCells, outside, nothing } = text().operations;
        const nowhere = Number.isInteger(y) && Number.isInteger(x) ? outside(place) : betweenCells;
        return make("tr", {}, ...[tag, nowhere, nothing, formatNumber(weights?.[index] ?? 0, 3), nothing].map((word) => make("td", {}, word)));
      }
      const outside = y < 0 || x < 0 || y >= input.height || x >= input.width;
      const cells = [
        tag, place + (outside ? words.padding : "") + (wins ? words.largest : ""), formatNumber(value),
        ...(weights ? [formatNumber(weights[index] ?? 0, 3), formatNumber(here.products[first + index] ?? 0)] : []),
      ];
      return make("tr", {}, ...cells.map((said) => make("td", {}, said)));
    }));
    const result = hidden.value ? text().predict.hidden : formatNumber(here.channelSums[channel] ?? here.output);
    loupe.setAttribute("aria-label", words.label(word, rows.length, columns.length, weights ? words.sum(result) : words.result(result)));
  });
}
