import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const predict: Text["predict"] = {
  negative: "negativo",
  zero: "cerca de 0",
  positive: "positivo",
  guess: "Su predicción",
  reveal: "Mostrar",
  noNumber: "Una predicción es un número.",
  hidden: "oculto",
  unknown: "Lo que resulta de ello es todavía una pregunta.",
  sign: (products, bias) =>
    `¿Los${NBSP}${products} productos${bias ? ", con el sesgo," : ""} sumarán algo negativo, cercano a cero o positivo?`,
  sum: (products, bias) =>
    `${products === 1 ? "¿Cuál es el único producto" : `¿Cuánto suman los${NBSP}${products} productos`}${bias ? ", con el sesgo" : ""}?`,
  nothing: "¿Cuál es la salida donde no llega ningún sello?",
  largest: "¿Cuál es el valor mayor?",
  mean: (values) => (values === 1 ? "¿Cuál es la media del único valor?" : `¿Cuál es la media de los${NBSP}${values} valores?`),
  said: (guess) => `Dijo ${guess}. Es${NBSP}`,
};
