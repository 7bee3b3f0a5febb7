import type { Text } from "../text.ts";

export const help: Text["help"] = {
  keys: { Space: "Espacio", Home: "Inicio", End: "Fin", Shift: "Mayús", $mod: "Ctrl" },
  heading: "Teclas",
  close: "Cerrar (Esc)",
  escape: "Cerrar lo que esté abierto",
  letters: "Las letras y cifras sueltas actúan",
  language: "Idioma",
};
