import type { Text } from "../text.ts";

export const modes: Text["modes"] = {
  predict: "Vorhersagen",
  predictTitle: "Ergebnisse bleiben verborgen, bis Sie sagen, was herauskommt (G)",
  present: "Vorführen",
  presentTitle: "Größer und mit weniger ringsum, für den Projektor (F)",
  exit: "Beenden (Esc)",
  room: "Im Unterricht",
};
