/** A matrix as text, of a kernel or an input. */
export const matrix = {
  asText: "As text",
  use: "Use this text",
  weights: "Weights as text",
  numbers: "Numbers as text",
  hint: "Python, NumPy, MATLAB or CSV. It can be pasted onto the grid too.",
};
