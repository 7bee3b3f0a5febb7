import type { Text } from "../text.ts";

const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const explain: Text["explain"] = {
  sum: "La suma",
  largest: "El valor mayor",
  mean: "La media",
  bias: "sesgo",
  noWeights: "todos los pesos son 0",
  noCells: "ningún peso cae en una celda",
  noValues: "Aquí no cuenta ningún valor.",
  zeros: (zeros, all) => `${zeros} de ${all} pesos ${times(zeros, "es 0 y desaparece", "son 0 y desaparecen")}.`,
  missed: (missed, all) => `${missed} de ${all} pesos no ${times(missed, "cae", "caen")} en ninguna celda de la entrada.`,
  underlines: "Cada subrayado tiene el color de su celda del kernel.",
  darkEdges: "Los bordes oscuros vienen del relleno: fuera cuenta como 0.",
  shape: "La forma",
  height: "alto",
  width: "ancho",
  padding: (top, bottom, left, right) => `Relleno: arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}.`,
  crop: (top, bottom, left, right) => `Recortado: arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}.`,
  noLeftover: "No sobra nada.",
  leftover: (rows, columns) =>
    `Sobra: ${rows} ${times(rows, "fila", "filas")} y ${columns} ${times(columns, "columna", "columnas")}.`,
  neverRead: (cells, shown) => `Nunca leídas: ${shown} ${times(cells, "celda", "celdas")}.`,
  steps: "Cada paso",
  field: "Lo que ve una celda de la salida",
  depends: (rows, columns) => `Una celda de la salida depende de ${rows} × ${columns} celdas de la entrada.`,
  jump: (down, across) => `De una celda de la salida a la siguiente avanzan ${down} hacia abajo o ${across} hacia la derecha.`,
};
