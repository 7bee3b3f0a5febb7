import { NBSP, TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const caption: Text["caption"] = {
  tap: (tap, taps, channel) => `Tap${NBSP}${tap} von${NBSP}${taps}${channel ? `, ${channel}` : ""}`,
  tapCell: (row, column, value) => `die Zelle in Zeile${NBSP}${row}, Spalte${NBSP}${column} ist${NBSP}${value}`,
  padding: " (Padding)",
  empty: "leer",
  largestSoFar: `Der größte Wert bisher ist${NBSP}`,
  adds: (value, weight, product) => `${value}${NBSP}${TIMES}${NBSP}${weight} gibt${NBSP}${product} dazu. `,
  soFar: "Bisher ",
  why: (height, width) => `Warum ${height} ${TIMES} ${width}?`,
  height: "Höhe",
  width: "Breite",
  both: "Höhe, Breite",
  pads: (top, bottom, left, right) => `Padding oben ${top}, unten ${bottom}, links ${left}, rechts ${right}`,
  leftOver: (rows, columns) => `übrig ${counted(rows, "Zeile", "Zeilen")}, ${counted(columns, "Spalte", "Spalten")}`,
  hint: "{Leertaste} spielt ab. {←} {→} gehen schrittweise. Oder das Quadrat auf dem Bild ziehen.",
};
