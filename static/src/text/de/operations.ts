import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const operations: Text["operations"] = {
  stampSteps: "Schritt zwischen Stempeln",
  crop: "Abschneiden",
  cropSide: (side) => `Abschneiden: ${side}`,
  cropSame: "Eingabe × Schrittweite",
  cropNothing: "Nichts",
  cropCustom: "Eigene Seiten",
  more: "Mehr am Ende",
  cropped: (top, bottom, left, right) => `abgeschnitten oben ${top}, unten ${bottom}, links ${left}, rechts ${right}`,
  betweenCells: "zwischen zwei Zellen",
  outside: (cell) => `${cell}, außerhalb`,
  nothing: "nichts",
  tapBetween: (which) => `${which}: liegt zwischen zwei Eingabezellen, von dort erreicht nichts diese Ausgabezelle. Bisher${NBSP}`,
  tapOutside: (which) => `${which}: liegt außerhalb der Eingabe, von dort erreicht nichts diese Ausgabezelle. Bisher${NBSP}`,
};
