import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const tracing: Text["tracing"] = {
  output: (row, column) => `Salida, fila${NBSP}${row}, columna${NBSP}${column}.`,
  weight: (weight) => `El peso ${weight}`,
  tap: "Este lugar de la ventana",
  lies: (name, padding, row, column, product) =>
    `${name} cae en ${padding ? "el relleno" : "la celda"} de la fila${NBSP}${row}, columna${NBSP}${column}${product}.`,
  nowhere: (name) => `${name} no cae aquí en ninguna celda.`,
  meets: (rows, columns) => `En toda la salida pasa por ${rows} y ${columns}.`,
  rows: {
    none: "ninguna fila",
    one: (row) => `la fila${NBSP}${row}`,
    all: (first, last) => `las filas${NBSP}${first}${NBSP}a${NBSP}${last}`,
    some: (step, first, last) => `una de cada ${step} filas, de la${NBSP}${first} a la${NBSP}${last}`,
  },
  columns: {
    none: "ninguna columna",
    one: (column) => `la columna${NBSP}${column}`,
    all: (first, last) => `las columnas${NBSP}${first}${NBSP}a${NBSP}${last}`,
    some: (step, first, last) => `una de cada ${step} columnas, de la${NBSP}${first} a la${NBSP}${last}`,
  },
  wins: "máx.",
  uses: "Dónde se usa",
  use: (row, column, weight) => `Salida, fila ${row}, columna ${column}${weight === "" ? "" : `, ${weight}`}`,
  product: (channel, product) => `Canal ${channel} ${product}`,
  more: (count) => `+${NBSP}${count} más`,
  stop: "Dejar de seguir (Esc)",
};
