import type { Text } from "../text.ts";

export const rest: Text["rest"] = {
  lead: "Dieselben Zahlen, direkt vom Server.",
  trace: "Die Spur anlegen",
  position: "Nach dieser Position fragen",
  output: "Die ganze Ausgabe, für NumPy",
  answer: "Die Antwort",
  waiting: "Die Antwort folgt, wenn die Wiedergabe anhält.",
  offline: "Der Server hat nicht geantwortet.",
  upload: "Der Server behält das hochgeladene Bild eine Weile. Danach neu hochladen und hier die neue Id einsetzen.",
  documentation: "Jede Anfrage und jedes Feld",
};
