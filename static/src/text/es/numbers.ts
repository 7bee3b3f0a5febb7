import type { Text } from "../text.ts";

export const numbers: Text["numbers"] = {
  size: "Tamaño",
  height: "Altura de la entrada",
  width: "Anchura de la entrada",
  channels: "Canales",
  channel: "Canal que se edita",
  hand: "Con el puntero",
  typing: "Escribir",
  painting: "Pintar",
  brush: "Valor para pintar",
  brushHint: "Arrastre sobre las celdas, o pulse Intro en una.",
  typingHint: "Las flechas mueven, escribir reemplaza, Intro aplica.",
  grid: "Números de la entrada",
  cell: (row, column) => `fila ${row}, columna ${column}`,
  noNumber: "Una celda es un número.",
  counting: "Contar",
  zeros: "Todo 0",
  random: "Al azar",
};
