import type { Text } from "../text.ts";

export const camera: Text["camera"] = {
  live: "Lo que ve la cámara",
  take: "Tomar la foto",
  close: "Cerrar la cámara",
  file: "Cámara",
  refused: "El navegador no permitió la cámara. Puede elegir un archivo en su lugar.",
  none: "No se pudo usar ninguna cámara. Puede elegir un archivo en su lugar.",
};
