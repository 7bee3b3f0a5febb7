import { NBSP, TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

const lines = (rows: number, columns: number): string =>
  [...(rows > 0 ? [counted(rows, "Zeile", "Zeilen")] : []), ...(columns > 0 ? [counted(columns, "Spalte", "Spalten")] : [])].join(", ");

export const operations: Text["operations"] = {
  stampSteps: "Schritt zwischen Stempeln",
  crop: "Abschneiden",
  cropSide: (side) => `Abschneiden: ${side}`,
  cropSame: "Eingabe × Schrittweite",
  cropNothing: "Nichts",
  cropCustom: "Eigene Seiten",
  more: "Mehr am Ende",
  cropped: (top, bottom, left, right) => `abgeschnitten oben ${top}, unten ${bottom}, links ${left}, rechts ${right}`,
  betweenCells: "zwischen zwei Zellen",
  outside: (cell) => `${cell}, außerhalb`,
  nothing: "nichts",
  tapBetween: (which) => `${which}: liegt zwischen zwei Eingabezellen, von dort erreicht nichts diese Ausgabezelle. Bisher${NBSP}`,
  tapOutside: (which) => `${which}: liegt außerhalb der Eingabe, von dort erreicht nichts diese Ausgabezelle. Bisher${NBSP}`,
  seen: "Ansicht",
  gather: "Sammeln",
  gatherNote: "Eine Ausgabezelle und die Eingabewerte, die sie erreichen",
  scatter: "Stempeln",
  scatterNote: "Ein Eingabewert und was er auf der Ausgabe hinterlässt",
  toggle: "Sammeln oder stempeln, bei transponierter Faltung",
  weights: (count) => (count === 1 ? " Gewicht" : " Gewichte"),
  outputCell: "Ausgabezelle",
  cropped1: "abgeschnitten",
  valueOf: (channel, value) => `Kanal ${channel} ${value}, Wert der Zelle`,
  stampUnderGlass: (word, rows, columns) =>
    `Der Stempel${word ? ` von ${word}` : ""}, ${rows} mal ${columns} Produkte. Die Tabelle danach enthält jede Zahl.`,
  tapFalls: (which, value, weight, product, row, column) =>
    `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} ist${NBSP}${product}, addiert zur Ausgabezelle in Zeile${NBSP}${row}, Spalte${NBSP}${column}.`,
  tapCropped: (which, value, weight, product) => `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} ist${NBSP}${product} und wird abgeschnitten.`,
  inputStamps: (height, width, channels, place) =>
    `Eingabe, ${height} mal ${width}, ${channels} ${channels === 1 ? "Kanal" : "Kanäle"}. Die Zelle in ${place} wird gestempelt. Ziehen wählt eine andere.`,
  outputStamped: (height, width, count) => `Ausgabe, ${height} mal ${width}. ${count} Stempel gesetzt.`,
  leftOver: (rows, columns) => `übrig: ${lines(rows, columns)}`,
  overhang: (rows, columns) => `Überhang: ${lines(rows, columns)}`,
  outputReads: (channel, inputs) => `Ausgabekanal ${channel}, liest ${inputs}`,
  outputs: "Ausgabekanäle",
  addOutput: "Ein Ausgabekanal mehr",
  removeOutput: "Ohne diesen Ausgabekanal",
};
