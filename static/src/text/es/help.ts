import type { Text } from "../text.ts";

export const help: Text["help"] = {
  heading: "Teclas",
  close: "Cerrar (Esc)",
  escape: "Cerrar lo que esté abierto",
  letters: "Las letras y cifras sueltas actúan",
  language: "Idioma",
};
