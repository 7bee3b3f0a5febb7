import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const tracing: Text["tracing"] = {
  output: (row, column) => `Ausgabe, Zeile${NBSP}${row}, Spalte${NBSP}${column}.`,
  weight: (weight) => `Das Gewicht ${weight}`,
  tap: "Dieses Feld des Fensters",
  lies: (name, padding, row, column, product) =>
    `${name} liegt auf ${padding ? "dem Padding" : "der Zelle"} in Zeile${NBSP}${row}, Spalte${NBSP}${column}${product}.`,
  nowhere: (name) => `${name} liegt hier auf keiner Zelle.`,
  meets: (rows, columns) => `Über die ganze Ausgabe trifft es auf ${rows} und ${columns}.`,
  rows: {
    none: "keine Zeile",
    one: (row) => `Zeile${NBSP}${row}`,
    all: (first, last) => `die Zeilen${NBSP}${first}${NBSP}bis${NBSP}${last}`,
    some: (step, first, last) => `jede ${step}. Zeile von${NBSP}${first}${NBSP}bis${NBSP}${last}`,
  },
  columns: {
    none: "keine Spalte",
    one: (column) => `Spalte${NBSP}${column}`,
    all: (first, last) => `die Spalten${NBSP}${first}${NBSP}bis${NBSP}${last}`,
    some: (step, first, last) => `jede ${step}. Spalte von${NBSP}${first}${NBSP}bis${NBSP}${last}`,
  },
  wins: "max",
  uses: "Wo das gebraucht wird",
  use: (row, column, weight) => `Ausgabe, Zeile ${row}, Spalte ${column}${weight === "" ? "" : `, ${weight}`}`,
  product: (channel, product) => `Kanal ${channel} ${product}`,
  more: (count) => `+${NBSP}${count} weitere`,
  stop: "Nicht mehr verfolgen (Esc)",
};
