import type { Text } from "../text.ts";

export const help: Text["help"] = {
  keys: { Space: "Espacio", Home: "Inicio", End: "Fin", Shift: "Mayús", $mod: "Ctrl" },
  heading: "Teclas",
  close: "Cerrar (Esc)",
  paste: "Pegar una imagen, números o una llamada como nn.Conv2d(3, 16, (4, 1))",
  escape: "Cerrar lo que esté abierto",
  letters: "Las letras y cifras sueltas actúan",
  language: "Idioma",
};
