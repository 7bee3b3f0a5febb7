import type { Text } from "../text.ts";

export const help: Text["help"] = {
  heading: "Tasten",
  close: "Schließen (Esc)",
  escape: "Schließen, was offen ist",
  letters: "Einzelne Buchstaben und Ziffern wirken",
  language: "Sprache",
};
