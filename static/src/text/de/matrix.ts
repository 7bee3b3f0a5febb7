import type { Text } from "../text.ts";

export const matrix: Text["matrix"] = {
  asText: "Als Text",
  use: "Diesen Text verwenden",
  weights: "Gewichte als Text",
  numbers: "Zahlen als Text",
  hint: "Python, NumPy, MATLAB oder CSV. Der Text kann auch auf das Gitter eingefügt werden.",
};
