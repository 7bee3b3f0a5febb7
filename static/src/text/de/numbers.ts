import type { Text } from "../text.ts";

export const numbers: Text["numbers"] = {
  size: "Größe",
  height: "Höhe der Eingabe",
  width: "Breite der Eingabe",
  channels: "Kanäle",
  channel: "Kanal, der bearbeitet wird",
  hand: "Mit dem Zeiger",
  typing: "Tippen",
  painting: "Malen",
  brush: "Wert zum Malen",
  brushHint: "Über Zellen ziehen, oder Eingabetaste in einer Zelle.",
  typingHint: "Pfeile bewegen, Tippen ersetzt, Eingabetaste übernimmt.",
  grid: "Zahlen der Eingabe",
  cell: (row, column) => `Zeile ${row}, Spalte ${column}`,
  noNumber: "Eine Zelle ist eine Zahl.",
  counting: "Hochzählen",
  zeros: "Alle 0",
  random: "Zufall",
};
