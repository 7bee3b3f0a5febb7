import type { Text } from "../text.ts";

export const output: Text["output"] = {
  heading: "Mostrar los valores",
  palettes: { signed: "Con signo", min_max: "Mín a máx", clip: "Solo 0 a 255" },
  colours: "",
  paletteNotes: { signed: "azul bajo 0, naranja sobre 0", min_max: "del más oscuro al más claro", clip: "como se guardaría una imagen" },
  size: "Tamaño",
  sizes: { fit: "Ajustado", true: "A escala" },
  sizeNotes: { fit: "tan grande como la entrada", true: "celdas como las de la entrada, para que se vea el paso" },
};
