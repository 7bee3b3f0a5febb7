import type { Text } from "../text.ts";

export const spoken: Text["spoken"] = {
  output: (rows, columns) => `Salida ${rows} por ${columns}.`,
  padding: (sides) => `Relleno ${sides}.`,
  noPadding: "Sin relleno.",
  top: "arriba",
  bottom: "abajo",
  left: "izquierda",
  right: "derecha",
};
