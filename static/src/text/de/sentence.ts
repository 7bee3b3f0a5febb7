import type { Activation } from "../../state.ts";
import type { Fill, Meaning } from "../en/sentence.ts";
import { NBSP, type Span } from "../parts.ts";
import type { Text } from "../text.ts";

const meanings: Readonly<Record<Meaning, string>> = {
  rightBrighter: "Rechts ist es heller als links",
  rightDarker: "Rechts ist es dunkler als links",
  acrossEqual: "Links und rechts sind etwa gleich hell",
  downBrighter: "Nach unten wird es heller",
  downDarker: "Nach unten wird es dunkler",
  downEqual: "Oben und unten sind etwa gleich hell",
  middleBrighter: "Die Mitte ist heller als ihre Umgebung",
  middleDarker: "Die Mitte ist dunkler als ihre Umgebung",
  middleEqual: "Die Mitte ist etwa so hell wie ihre Umgebung",
};
const fills: Readonly<Record<Fill, readonly [one: string, several: string]>> = {
  zeros: [`zählt als${NBSP}0`, `zählen als${NBSP}0`],
  reflect: ["spiegelt die Eingabe", "spiegeln die Eingabe"],
  replicate: ["wiederholt den Rand der Eingabe", "wiederholen den Rand der Eingabe"],
  circular: ["kommt von der anderen Seite", "kommen von der anderen Seite"],
  ignored: ["zählt nicht", "zählen nicht"],
};
const activations: Readonly<Record<Activation, string>> = { relu: "ReLU", sigmoid: "Das Sigmoid", tanh: "Der Tanh" };

const counted = (count: number, one: string, several: string): string => (count === 1 ? one : count + several);
const span = (one: string, several: string, [low, high]: Span): string =>
  low === high ? `${one}${NBSP}${low}` : `${several}${NBSP}${low}${NBSP}bis${NBSP}${high}`;
const rowsOf = (rows: Span): string => span("Zeile", "Zeilen", rows);
const columnsOf = (columns: Span): string => span("Spalte", "Spalten", columns);

export const sentence: Text["sentence"] = {
  window: (rows, columns) => `Das Fenster umfasst ${rowsOf(rows)} und ${columnsOf(columns)}.`,
  windowShort: (rows, columns) => `${rowsOf(rows)}, ${columnsOf(columns)}.`,
  sum: (count, meaning) =>
    meaning
      ? `${meanings[meaning]}, also ${count === 1 ? `ist das eine Produkt${NBSP}` : `ergeben die ${count}${NBSP}Produkte zusammen${NBSP}`}`
      : counted(count, `Das eine Produkt ist${NBSP}`, `${NBSP}Produkte ergeben zusammen${NBSP}`),
  sumShort: (count, meaning) =>
    meaning ? `${meanings[meaning]}, die Summe ist${NBSP}` : counted(count, `Ein Produkt ist${NBSP}`, `${NBSP}Produkte ergeben${NBSP}`),
  withBias: ", mit dem Bias",
  activationKeeps: (activation) => ` ${activations[activation]} lässt es so.`,
  activationMakes: (activation, output) => ` ${activations[activation]} macht daraus${NBSP}${output}.`,
  largest: `Der größte Wert ist${NBSP}`,
  largestAt: (row, column) => `, in Zeile${NBSP}${row} und Spalte${NBSP}${column}`,
  mean: (count, sum) =>
    `${counted(count, `Der eine Wert ist${NBSP}`, `${NBSP}Werte ergeben zusammen${NBSP}`)}${sum}; geteilt durch${NBSP}${count} ist das${NBSP}`,
  meanShort: (count, sum) => `${counted(count, `Ein Wert ist${NBSP}`, `${NBSP}Werte ergeben${NBSP}`)}${sum} ÷ ${count} =${NBSP}`,
  padding: (count, fill) => ` ${counted(count, `Eine Zelle ist Padding und ${fills[fill][0]}`, `${NBSP}Zellen sind Padding und ${fills[fill][1]}`)}.`,
  beyond: (count) =>
    ` ${counted(count, `Eine Zelle liegt jenseits des Paddings und ${fills.ignored[0]}`, `${NBSP}Zellen liegen jenseits des Paddings und ${fills.ignored[1]}`)}.`,
  stamps: (cells, rows, columns, count) =>
    `${cells === 1 ? "Der Stempel einer Zelle erreicht" : `Die Stempel von${NBSP}${cells} Zellen erreichen`} diese Ausgabezelle, ` +
    `aus ${rowsOf(rows)} und ${columnsOf(columns)}. ` +
    (count === 1 ? `Das eine Produkt ist${NBSP}` : `Die ${count}${NBSP}Produkte ergeben zusammen${NBSP}`),
  noStamp: `Kein Stempel erreicht diese Ausgabezelle. Sie ist${NBSP}`,
  noStampBias: `Kein Stempel erreicht diese Ausgabezelle. Sie ist der Bias,${NBSP}`,
  stamp: (row, column, count, rows, columns) =>
    `Die Zelle in Zeile${NBSP}${row} und Spalte${NBSP}${column} stempelt ${counted(count, "eine Ausgabezelle", `${NBSP}Ausgabezellen`)}, ` +
    `in ${rowsOf(rows)} und ${columnsOf(columns)}.`,
  unread: (row, column) => `Kein Fenster liest die Zelle in Zeile${NBSP}${row} und Spalte${NBSP}${column}.`,
  reads: (windows, row, column, rows, columns) =>
    `${counted(windows, "Ein Fenster liest", `${NBSP}Fenster lesen`)} die Zelle in Zeile${NBSP}${row} und Spalte${NBSP}${column}: ` +
    `${windows === 1 ? "das" : "die"} der Ausgabe in ${rowsOf(rows)} und ${columnsOf(columns)}.`,
  readsPadding: (count) => ` ${counted(count, "Einmal", `${NBSP}Mal`)} wird sie durch das Padding gelesen.`,
  wins: (won, windows) => windows === 1
    ? ` Dort ist sie ${won === 0 ? "nicht " : ""}der größte Wert.`
    : ` In ${["keinem", "einem"][won] ?? won} davon ist sie der größte Wert.`,
  stampCropped: (count) => ` ${counted(count, "Eine Zelle ihres Stempels wird", `${NBSP}Zellen ihres Stempels werden`)} abgeschnitten.`,
  stampGone: (row, column) => `Der ganze Stempel der Zelle in Zeile${NBSP}${row} und Spalte${NBSP}${column} wird abgeschnitten.`,
};
