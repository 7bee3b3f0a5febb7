import type { Text } from "../text.ts";

export const transport: Text["transport"] = {
  play: "Reproducir (espacio)",
  pause: "Pausar (espacio)",
  place: (row, column) => `fila ${row}, columna ${column}`,
  count: (done, all) => `${done} de ${all}`,
  perSecond: (rate) => `${rate} por s`,
};
