import { NBSP, TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const caption: Text["caption"] = {
  tap: (tap, taps, channel) => `Tap${NBSP}${tap} de${NBSP}${taps}${channel ? `, ${channel}` : ""}`,
  tapCell: (row, column, value) => `la celda de la fila${NBSP}${row}, columna${NBSP}${column} es${NBSP}${value}`,
  padding: " (relleno)",
  empty: "vacía",
  largestSoFar: `El más grande hasta ahora es${NBSP}`,
  adds: (value, weight, product) => `${value}${NBSP}${TIMES}${NBSP}${weight} suma${NBSP}${product}. `,
  soFar: "Hasta ahora ",
  why: (height, width) => `¿Por qué ${height} ${TIMES} ${width}?`,
  height: "alto",
  width: "ancho",
  both: "alto, ancho",
  pads: (top, bottom, left, right) => `relleno arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}`,
  leftOver: (rows, columns) => `sobran ${counted(rows, "fila", "filas")}, ${counted(columns, "columna", "columnas")}`,
  hint: "{Espacio} reproduce. {←} {→} avanzan paso a paso. O se arrastra el cuadrado sobre la imagen.",
};
