import type { Text } from "../text.ts";

export const modes: Text["modes"] = {
  predict: "Predecir",
  predictTitle: "Los resultados se ocultan hasta que diga cuáles serán (G)",
  present: "Presentar",
  presentTitle: "Más grande y con menos alrededor, para el proyector (F)",
  exit: "Salir (Esc)",
  room: "En clase",
};
