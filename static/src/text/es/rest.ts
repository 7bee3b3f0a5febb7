import type { Text } from "../text.ts";

export const rest: Text["rest"] = {
  lead: "Los mismos números, directamente del servidor.",
  trace: "Crear la traza",
  position: "Pedir esta posición",
  output: "La salida entera, para NumPy",
  answer: "La respuesta",
  waiting: "La respuesta llega cuando la reproducción se detiene.",
  offline: "El servidor no respondió.",
  upload: "El servidor guarda la imagen subida un tiempo. Después hay que subirla otra vez y poner aquí su nuevo id.",
  documentation: "Cada petición y cada campo",
};
