import { TIMES } from "../parts.ts";
import type { Text } from "../text.ts";

export const calls: Text["calls"] = {
  taken: (call) => `Tomado de ${call}.`,
  refused: (reason) => `La llamada pegada no se puede tomar. ${reason}`,
  kept: "Los pesos no se leen de la llamada: el kernel se queda como está.",
  inner: (call) => `${call} no se lee: en su lugar está la entrada de aquí.`,
  resized: (rows, columns) => `Los pesos no se leen de la llamada: el kernel es el que había, con ${rows} ${TIMES} ${columns}.`,
  inChannels: (call, picture) => `La llamada lee ${call} canales; la entrada de aquí tiene ${picture}.`,
  outChannels: (count) => `La llamada da ${count} canales de salida, cuyos pesos no dice.`,
  multiplier: (count) => `Cada canal tiene ${count} kernels en la llamada, y aquí uno.`,
  groups: (groups, channels) => `Los ${channels} canales de la entrada no se dividen en ${groups} grupos.`,
  tooLarge: (name, value, most) => `${name} es ${value}; se puede mostrar ${most} como máximo.`,
  outputShape: (shape) => `De esta entrada no se puede hacer una salida de ${shape}.`,
};
