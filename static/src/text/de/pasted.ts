import { TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const pasted: Text["pasted"] = {
  fromZero: "Zeilen und Spalten zählen ab 0.",
  noNumber: "In diesem Text steht keine Zahl.",
  leftOut: "Wo im Text „...“ steht, wurde etwas ausgelassen. Das Array ganz ausgeben.",
  notComputed: (call) => `„${call}“ wird hier nicht berechnet. Die Zahlen einfügen, die es ergibt.`,
  noBrackets: "Um die Zahlen wurden Klammern erwartet.",
  theEnd: "das Ende",
  unread: (rest) => `Was nach den Zahlen steht, ist nicht lesbar: „${rest}“.`,
  twoReadings: (row, column, written) =>
    `Zeile ${row}, Spalte ${column} ist „${written}“; das kann ${written.replace(",", ".")} oder ${written.replace(",", "")} heißen. Ohne das Komma schreiben.`,
  empty: (row, column) => `Zeile ${row}, Spalte ${column} ist leer.`,
  notANumber: (row, column, written) => `Zeile ${row}, Spalte ${column} ist „${written}“, das ist keine Zahl.`,
  notFinite: (row, column, written) => `Zeile ${row}, Spalte ${column} ist „${written}“; nötig ist eine endliche Zahl.`,
  oneChannel: (size) => `Dieses Array ist ${size}. Gewichte werden für einen Kanal auf einmal gelesen: Zeilen und Spalten.`,
  channels: (size) => `Dieses Array ist ${size}. Eine Eingabe hat einen Kanal oder drei, zuerst oder zuletzt.`,
  channelsTwice: (size) => `Dieses Array ist ${size}: die Kanäle können zuerst oder zuletzt kommen. Einen Kanal einfügen, Zeilen und Spalten.`,
  sideBySide: (item) => `Klammern und Zahlen stehen nebeneinander: Element ${item} hat keine Klammern, andere haben welche.`,
  uneven: (item) => `Die Klammern enthalten verschieden große Arrays: Element ${item} ist nicht so groß wie Element 0.`,
  ragged: (row, has, first) => `Zeile ${row} hat ${counted(has, "Zahl", "Zahlen")}; Zeile 0 hat ${first}.`,
  largeKernel: (rows, columns, most) => `Das sind ${rows} ${TIMES} ${columns}. Ein Kernel hat höchstens ${most} Zeilen und ${most} Spalten.`,
  largeInput: (rows, columns, most) => `Das sind ${rows} ${TIMES} ${columns}. Eine getippte Eingabe hat höchstens ${most} Zeilen und ${most} Spalten.`,
  deep: (depth, most) => `Die Klammern sind ${depth} tief; höchstens ${most} werden gelesen.`,
  closedBy: (opening, closing) => `Eine „${opening}“ wird mit „${closing}“ geschlossen.`,
  neverClosed: (opening) => `Eine „${opening}“ wird nie geschlossen.`,
  between: (loose) => `„${loose}“ steht zwischen den Klammern zweier Zeilen.`,
  commasAndSemicolons: "Kommas und Semikolons in einer Zeile lassen sich auf zwei Arten lesen. Klammern darum setzen, oder jede Zeile in eine eigene.",
  commasAndSpaces: (row) => `Zeile ${row} hat Kommas und Leerzeichen zwischen den Zahlen. Nur eines davon verwenden.`,
};
