import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const operations: Text["operations"] = {
  stampSteps: "Paso entre estampas",
  crop: "Recorte",
  cropSide: (side) => `Recorte: ${side}`,
  cropSame: "Entrada × paso",
  cropNothing: "Nada",
  cropCustom: "Lados propios",
  more: "Más al final",
  cropped: (top, bottom, left, right) => `recortado arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}`,
  betweenCells: "entre dos celdas",
  outside: (cell) => `${cell}, fuera`,
  nothing: "nada",
  tapBetween: (which) => `${which}: queda entre dos celdas de entrada, desde donde nada alcanza esta celda de salida. Hasta ahora${NBSP}`,
  tapOutside: (which) => `${which}: queda fuera de la entrada, desde donde nada alcanza esta celda de salida. Hasta ahora${NBSP}`,
};
