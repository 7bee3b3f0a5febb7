import type { Text } from "../text.ts";

export const take: Text["take"] = {
  lead: "Diese Ansicht mitnehmen.",
  working: "Einen Moment …",
  step: (step, steps) => `Schritt ${step} von ${steps} …`,
  saved: (name) => `Gespeichert als ${name}.`,
  nothing: "Noch gibt es nichts zu speichern.",
  kinds: {
    png: { title: "Abbildung, PNG", note: "für ein Dokument oder eine Folie, mit Beschriftung und Formen" },
    svg: { title: "Abbildung, SVG", note: "dasselbe, in jeder Größe scharf" },
    gif: { title: "Bewegte Abbildung, GIF", note: "die Abbildung der nächsten Schritte, höchstens 60" },
    npy: { title: "Zahlen, NPY", note: "die ganze Ausgabe für NumPy, float32" },
    jsonl: { title: "Spur, JSON Lines", note: (positions) => `jedes Produkt aller ${positions} Positionen, je eine Zeile` },
    arrow: { title: "Spur, Arrow", note: "dasselbe für Datentabellen" },
    link: { title: "Link", note: "kopiert, was genau diesen Schritt auf diesem Server öffnet" },
  },
};
