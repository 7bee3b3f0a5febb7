import { counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const stage: Text["stage"] = {
  red: "Rot",
  green: "Grün",
  blue: "Blau",
  onlyChannel: "Summe",
  channel: (index) => `Kanal ${index}`,
  only: (channel) => `nur ${channel}`,
  kernel: "Kernel",
  window: "Fenster",
  custom: "Eigener",
  cell: (row, column) => `Zeile ${row}, Spalte ${column}`,
  inputLabel: (height, width, channels, place) =>
    `Eingabebild, ${height} mal ${width}, ${counted(channels, "Kanal", "Kanäle")}. Fenster bei ${place}. Es lässt sich ziehen.`,
  outputLabel: (height, width, count) => `Ausgabe, ${height} mal ${width}. ${count} Zellen berechnet.`,
  legend: {
    padding: (does) => `Padding, ${does}`,
    ignored: "zählt nicht",
    zeros: "zählt als 0",
    reflect: "spiegelt die Eingabe",
    replicate: "wiederholt den Rand",
    circular: "von der anderen Seite",
    unread: "noch nicht gelesen",
    neverRead: (count) => `nie gelesen: ${count}`,
    notComputed: "nicht berechnet",
  },
  loupe: {
    columns: { channel: "Kanal", cell: "Zelle", input: "Eingabe", weight: "Gewicht", product: "Produkt" },
    padding: ", Padding",
    largest: ", der größte",
    sum: (sum) => `Summe ${sum}.`,
    result: (result) => `Ergebnis ${result}.`,
    label: (channel, rows, columns, result) =>
      `Das Fenster${channel ? ` über ${channel}` : ""}, ${rows} mal ${columns} Taps. ${result} Die Tabelle danach hat alle Zahlen.`,
  },
};
