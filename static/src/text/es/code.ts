import type { Text } from "../text.ts";

export const code: Text["code"] = {
  framework: "Biblioteca",
  checked: (title, version, layout) => `Comprobado con ${title} ${version}; la entrada es ${layout}.`,
  call: "La llamada",
  instead: "Lo que da estos números en su lugar",
  also: "Con otras palabras",
  model: "Descargar como .onnx",
  paste: "Pegar una llamada",
  take: "Tomar sus parámetros",
  program: "El programa, con todos los números",
  none: "Esta biblioteca no tiene manera de hacer esta operación.",
  predicting: "El programa contiene los números que hay que adivinar. Espera hasta que se desactive «Predecir».",
  offline: "El servidor no respondió.",
};
