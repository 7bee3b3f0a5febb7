import type { Text } from "../text.ts";

export const sum: Text["sum"] = {
  bias: "sesgo",
  soFar: "hasta ahora",
  more: (count) => `${count} más`,
  separator: ";",
  of: "de",
  sumOf: (count) => `suma de ${count}`,
  outputChannel: "Canal de salida",
  thumbnails: "Cada canal con los colores y en la escala del que se muestra; debajo, qué canales de la entrada lee",
  inputChannel: "Canal de entrada",
  outputChannelOf: (tag) => `Canal de salida ${tag}`,
  term: (tag, sum) => `Canal ${tag} ${sum}, suma parcial`,
};
