import type { Text } from "../text.ts";

export const weights: Text["weights"] = {
  grid: "Gewichte",
  weight: (row, column) => `Gewicht Zeile ${row}, Spalte ${column}`,
  empty: "Ein Gewicht ist eine Zahl.",
  noNumber: (typed) => `„${typed}“ ist keine Zahl.`,
};
