import type { Text } from "../text.ts";

export const matrix: Text["matrix"] = {
  asText: "Como texto",
  use: "Usar este texto",
  weights: "Pesos como texto",
  numbers: "Números como texto",
  hint: "Python, NumPy, MATLAB o CSV. También se puede pegar sobre la cuadrícula.",
};
