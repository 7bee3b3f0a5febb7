import type { Text } from "../text.ts";

export const transport: Text["transport"] = {
  play: "Abspielen (Leertaste)",
  pause: "Anhalten (Leertaste)",
  place: (row, column) => `Zeile ${row}, Spalte ${column}`,
  count: (done, all) => `${done} von ${all}`,
  perSecond: (rate) => `${rate} pro s`,
};
