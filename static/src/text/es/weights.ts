import type { Text } from "../text.ts";

export const weights: Text["weights"] = {
  grid: "Pesos",
  weight: (row, column) => `peso fila ${row}, columna ${column}`,
  empty: "Un peso es un número.",
  noNumber: (typed) => `«${typed}» no es un número.`,
};
