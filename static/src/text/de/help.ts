import type { Text } from "../text.ts";

export const help: Text["help"] = {
  keys: { Space: "Leertaste", Home: "Pos1", End: "Ende", Shift: "Umschalt", $mod: "Strg" },
  heading: "Tasten",
  close: "Schließen (Esc)",
  escape: "Schließen, was offen ist",
  letters: "Einzelne Buchstaben und Ziffern wirken",
  language: "Sprache",
};
