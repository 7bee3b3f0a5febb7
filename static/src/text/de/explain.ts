import type { Text } from "../text.ts";

const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const explain: Text["explain"] = {
  sum: "Die Summe",
  largest: "Der größte Wert",
  mean: "Der Mittelwert",
  bias: "Bias",
  noWeights: "jedes Gewicht ist 0",
  noCells: "kein Gewicht liegt auf einer Zelle",
  noValues: "Hier zählt kein Wert.",
  zeros: (zeros, all) => `${zeros} von ${all} Gewichten ${times(zeros, "ist 0 und fällt", "sind 0 und fallen")} weg.`,
  missed: (missed, all) => `${missed} von ${all} Gewichten ${times(missed, "liegt", "liegen")} auf keiner Zelle der Eingabe.`,
  underlines: "Jeder Strich hat die Farbe seiner Kernelzelle.",
  darkEdges: "Die dunklen Ränder kommen vom Padding: außerhalb zählt als 0.",
  shape: "Die Form",
  height: "Höhe",
  width: "Breite",
  padding: (top, bottom, left, right) => `Padding: oben ${top}, unten ${bottom}, links ${left}, rechts ${right}.`,
  crop: (top, bottom, left, right) => `Abgeschnitten: oben ${top}, unten ${bottom}, links ${left}, rechts ${right}.`,
  noLeftover: "Nichts bleibt übrig.",
  leftover: (rows, columns) =>
    `Übrig: ${rows} ${times(rows, "Zeile", "Zeilen")} und ${columns} ${times(columns, "Spalte", "Spalten")}.`,
  neverRead: (cells, shown) => `Nie gelesen: ${shown} ${times(cells, "Zelle", "Zellen")}.`,
  steps: "Jeder Schritt",
  field: "Was eine Ausgabezelle sieht",
  depends: (rows, columns) => `Eine Ausgabezelle hängt von ${rows} × ${columns} Zellen der Eingabe ab.`,
  jump: (down, across) => `Von einer Ausgabezelle zur nächsten rücken sie ${down} nach unten oder ${across} nach rechts.`,
};
