import type { Text } from "../text.ts";

export const actions: Text["actions"] = {
  play: "Abspielen oder anhalten",
  forward: "Einen Schritt vor",
  back: "Einen Schritt zurück",
  rowDown: "Eine Ausgabezeile nach unten",
  rowUp: "Eine Ausgabezeile nach oben",
  first: "Erste Position",
  last: "Letzte Position",
  undo: "Letzte Änderung zurücknehmen",
  redo: "Zurückgenommenes wiederholen",
  theme: "Hell oder dunkel",
  nextChannel: "Nächster Kanal",
  spellFor: (framework) => `Für ${framework} schreiben`,
  zoomIn: "Größere Zellen",
  zoomOut: "Kleinere Zellen",
  zoomWhole: "Das ganze Bild",
  panRight: "Ausschnitt nach rechts",
  panLeft: "Ausschnitt nach links",
  panDown: "Ausschnitt nach unten",
  panUp: "Ausschnitt nach oben",
  help: "Diese Liste",
};
