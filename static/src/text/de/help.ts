import type { Text } from "../text.ts";

export const help: Text["help"] = {
  keys: { Space: "Leertaste", Home: "Pos1", End: "Ende", Shift: "Umschalt", $mod: "Strg" },
  heading: "Tasten",
  close: "Schließen (Esc)",
  paste: "Ein Bild, Zahlen oder einen Aufruf wie nn.Conv2d(3, 16, (4, 1)) einfügen",
  escape: "Schließen, was offen ist",
  letters: "Einzelne Buchstaben und Ziffern wirken",
  language: "Sprache",
};
