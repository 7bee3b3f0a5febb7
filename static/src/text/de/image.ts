import { TIMES } from "../parts.ts";
import type { Text } from "../text.ts";

export const image: Text["image"] = {
  heading: "Bild",
  pasted: "eingefügtes Bild",
  choose: "Datei wählen",
  drop: "Ein Bild hierher ziehen",
  orPaste: "oder eines einfügen oder",
  samples: "Beispiele",
  size: "Größe",
  sizeInCells: "Größe in Zellen",
  full: (width, height) => `voll, ${width} ${TIMES} ${height}`,
  values: "Werte",
  scales: { "0..255": "0 bis 255", "0..1": "0 bis 1" },
  whole: "Zelle für Zelle gezeigt; der Ausschnitt folgt dem Fenster und dem Mausrad.",
  reduced: (width, height) => `Das Bild mit ${width} ${TIMES} ${height} ist verkleinert; jede Zelle ist das Mittel der Pixel, für die sie steht.`,
  numbers: "Zahlen",
  typeNumbers: "Zahlen eintippen",
  editNumbers: "Zahlen bearbeiten",
  back: "Beispiele",
  numbersRefused: (refusal) => `Der eingefügte Text kann keine Eingabe sein. ${refusal}`,
  useCamera: "Kamera benutzen",
};
