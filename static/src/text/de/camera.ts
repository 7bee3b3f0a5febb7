import type { Text } from "../text.ts";

export const camera: Text["camera"] = {
  live: "Was die Kamera sieht",
  take: "Bild aufnehmen",
  close: "Kamera schließen",
  file: "Kamera",
  refused: "Der Browser hat die Kamera nicht erlaubt. Stattdessen kann eine Datei gewählt werden.",
  none: "Keine Kamera konnte benutzt werden. Stattdessen kann eine Datei gewählt werden.",
};
