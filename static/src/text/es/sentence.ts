import type { Activation } from "../../state.ts";
import type { Fill, Meaning } from "../en/sentence.ts";
import { NBSP, type Span, capital } from "../parts.ts";
import type { Text } from "../text.ts";

const meanings: Readonly<Record<Meaning, string>> = {
  rightBrighter: "La derecha es más clara que la izquierda",
  rightDarker: "La derecha es más oscura que la izquierda",
  acrossEqual: "Izquierda y derecha son casi igual de claras",
  downBrighter: "Hacia abajo se aclara",
  downDarker: "Hacia abajo se oscurece",
  downEqual: "Arriba y abajo hay casi la misma claridad",
  middleBrighter: "El centro es más claro que lo que lo rodea",
  middleDarker: "El centro es más oscuro que lo que lo rodea",
  middleEqual: "El centro es casi tan claro como lo que lo rodea",
};
const fills: Readonly<Record<Fill, readonly [one: string, several: string]>> = {
  zeros: [`cuenta como${NBSP}0`, `cuentan como${NBSP}0`],
  reflect: ["refleja la entrada", "reflejan la entrada"],
  replicate: ["repite el borde de la entrada", "repiten el borde de la entrada"],
  circular: ["viene del otro lado", "vienen del otro lado"],
  ignored: ["no cuenta", "no cuentan"],
};
const activations: Readonly<Record<Activation, string>> = { relu: "ReLU", sigmoid: "La sigmoide", tanh: "La tanh" };

const counted = (count: number, one: string, several: string): string => (count === 1 ? one : count + several);
const span = (word: string, [low, high]: Span): string =>
  low === high ? `${word}${NBSP}${low}` : `${word}s${NBSP}${low}${NBSP}a${NBSP}${high}`;
const withArticle = (word: string, [low, high]: Span): string => `${low === high ? "la" : "las"} ${span(word, [low, high])}`;

export const sentence: Text["sentence"] = {
  window: (rows, columns) => `La ventana cubre ${withArticle("fila", rows)} y ${withArticle("columna", columns)}.`,
  windowShort: (rows, columns) => `${capital(span("fila", rows))}, ${span("columna", columns)}.`,
  sum: (count, meaning) =>
    meaning
      ? `${meanings[meaning]}, así que ${count === 1 ? `el único producto es${NBSP}` : `los ${count}${NBSP}productos suman${NBSP}`}`
      : count === 1 ? `El único producto es${NBSP}` : `Los ${count}${NBSP}productos suman${NBSP}`,
  sumShort: (count, meaning) =>
    meaning ? `${meanings[meaning]}; la suma es${NBSP}` : counted(count, `Un producto es${NBSP}`, `${NBSP}productos suman${NBSP}`),
  withBias: " con el sesgo",
  activationKeeps: (activation) => ` ${activations[activation]} lo deja igual.`,
  activationMakes: (activation, output) => ` ${activations[activation]} lo convierte en${NBSP}${output}.`,
  largest: `El valor más grande es${NBSP}`,
  largestAt: (row, column) => `, en la fila${NBSP}${row} y la columna${NBSP}${column}`,
  mean: (count, sum) =>
    `${count === 1 ? `Su único valor es${NBSP}` : `Sus ${count}${NBSP}valores suman${NBSP}`}${sum}; dividido entre${NBSP}${count} da${NBSP}`,
  meanShort: (count, sum) => `${counted(count, `Un valor es${NBSP}`, `${NBSP}valores suman${NBSP}`)}${sum} ÷ ${count} =${NBSP}`,
  padding: (count, fill) => ` ${counted(count, `Una celda es relleno y ${fills[fill][0]}`, `${NBSP}celdas son relleno y ${fills[fill][1]}`)}.`,
  beyond: (count) =>
    ` ${counted(count, `Una celda queda más allá del relleno y ${fills.ignored[0]}`, `${NBSP}celdas quedan más allá del relleno y ${fills.ignored[1]}`)}.`,
  stamps: (cells, rows, columns, count) =>
    `${cells === 1 ? "La estampa de una celda alcanza" : `Las estampas de${NBSP}${cells} celdas alcanzan`} esta celda de salida, ` +
    `desde ${withArticle("fila", rows)} y ${withArticle("columna", columns)}. ` +
    (count === 1 ? `El único producto es${NBSP}` : `Los ${count}${NBSP}productos suman${NBSP}`),
  noStamp: `Ninguna estampa alcanza esta celda de salida. Es${NBSP}`,
  noStampBias: `Ninguna estampa alcanza esta celda de salida. Es el sesgo,${NBSP}`,
  stamp: (row, column, count, rows, columns) =>
    `La celda de la fila${NBSP}${row} y la columna${NBSP}${column} estampa ${counted(count, "una celda de salida", `${NBSP}celdas de salida`)}, ` +
    `en ${withArticle("fila", rows)} y ${withArticle("columna", columns)}.`,
  unread: (row, column) => `Ninguna ventana lee la celda de la fila${NBSP}${row} y la columna${NBSP}${column}.`,
  reads: (windows, row, column, rows, columns) =>
    `${counted(windows, "Una ventana lee", `${NBSP}ventanas leen`)} la celda de la fila${NBSP}${row} y la columna${NBSP}${column}: ` +
    `${windows === 1 ? "la" : "las"} de la salida en ${withArticle("fila", rows)} y ${withArticle("columna", columns)}.`,
  readsPadding: (count) => ` ${counted(count, "Una lectura pasa", `${NBSP}lecturas pasan`)} por el relleno.`,
  wins: (won, windows) => windows === 1
    ? ` Allí ${won === 0 ? "no " : ""}es el valor más grande.`
    : won === 0 ? " No es el valor más grande en ninguna de ellas." : ` Es el valor más grande en ${won === 1 ? "una" : won} de ellas.`,
  stampCropped: (count) => ` ${counted(count, "Una celda de su estampa se recorta", `${NBSP}celdas de su estampa se recortan`)}.`,
  stampGone: (row, column) => `Toda la estampa de la celda de la fila${NBSP}${row} y la columna${NBSP}${column} se recorta.`,
};
