import { NBSP, TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

const lines = (rows: number, columns: number): string =>
  [...(rows > 0 ? [counted(rows, "fila", "filas")] : []), ...(columns > 0 ? [counted(columns, "columna", "columnas")] : [])].join(", ");

export const operations: Text["operations"] = {
  stampSteps: "Paso entre estampas",
  crop: "Recorte",
  cropSide: (side) => `Recorte: ${side}`,
  cropSame: "Entrada × paso",
  cropNothing: "Nada",
  cropCustom: "Lados propios",
  more: "Más al final",
  cropped: (top, bottom, left, right) => `recortado arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}`,
  betweenCells: "entre dos celdas",
  outside: (cell) => `${cell}, fuera`,
  nothing: "nada",
  tapBetween: (which) => `${which}: queda entre dos celdas de entrada, desde donde nada alcanza esta celda de salida. Hasta ahora${NBSP}`,
  tapOutside: (which) => `${which}: queda fuera de la entrada, desde donde nada alcanza esta celda de salida. Hasta ahora${NBSP}`,
  seen: "Vista",
  gather: "Reunir",
  gatherNote: "Una celda de salida y los valores de entrada que la alcanzan",
  scatter: "Estampar",
  scatterNote: "Un valor de entrada y lo que deja en la salida",
  toggle: "Reunir o estampar, en una convolución transpuesta",
  weights: (count) => (count === 1 ? " peso" : " pesos"),
  outputCell: "celda de salida",
  cropped1: "recortada",
  valueOf: (channel, value) => `Canal ${channel} ${value}, valor de la celda`,
  stampUnderGlass: (word, rows, columns) =>
    `La estampa${word ? ` de ${word}` : ""}, ${rows} por ${columns} productos. La tabla que sigue tiene todos los números.`,
  tapFalls: (which, value, weight, product, row, column) =>
    `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} es${NBSP}${product}, sumado a la celda de salida de la fila${NBSP}${row}, columna${NBSP}${column}.`,
  tapCropped: (which, value, weight, product) => `${which}: ${value}${NBSP}${TIMES}${NBSP}${weight} es${NBSP}${product}, que se recorta.`,
  inputStamps: (height, width, channels, place) =>
    `Entrada, ${height} por ${width}, ${channels} ${channels === 1 ? "canal" : "canales"}. Se estampa la celda de ${place}. Arrastrar elige otra.`,
  outputStamped: (height, width, count) => `Salida, ${height} por ${width}. ${count} estampas puestas.`,
  leftOver: (rows, columns) => `sobra: ${lines(rows, columns)}`,
  overhang: (rows, columns) => `sobresale: ${lines(rows, columns)}`,
  outputReads: (channel, inputs) => `Canal de salida ${channel}, lee ${inputs}`,
  outputs: "Canales de salida",
  addOutput: "Un canal de salida más",
  removeOutput: "Sin este canal de salida",
};
