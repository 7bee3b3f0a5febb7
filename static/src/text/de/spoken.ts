import type { Text } from "../text.ts";

export const spoken: Text["spoken"] = {
  output: (rows, columns) => `Ausgabe ${rows} mal ${columns}.`,
  padding: (sides) => `Padding ${sides}.`,
  noPadding: "Kein Padding.",
  top: "oben",
  bottom: "unten",
  left: "links",
  right: "rechts",
};
