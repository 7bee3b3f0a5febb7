import type { Text } from "../text.ts";

export const output: Text["output"] = {
  heading: "Werte zeigen als",
  palettes: { signed: "Vorzeichen", min_max: "Min bis Max", clip: "Nur 0 bis 255" },
  colours: "",
  paletteNotes: { signed: "blau unter 0, orange darüber", min_max: "vom Dunkelsten zum Hellsten", clip: "wie ein Bild gespeichert würde" },
  size: "Größe",
  sizes: { fit: "Passend", true: "Maßstäblich" },
  sizeNotes: { fit: "so groß wie die Eingabe", true: "Zellen so groß wie die der Eingabe, damit eine Schrittweite zu sehen ist" },
};
