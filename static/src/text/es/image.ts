import { TIMES } from "../parts.ts";
import type { Text } from "../text.ts";

export const image: Text["image"] = {
  heading: "Imagen",
  pasted: "imagen pegada",
  choose: "Elegir archivo",
  drop: "Soltar una imagen aquí",
  orPaste: "o pegar una, o",
  samples: "Ejemplos",
  size: "Tamaño",
  sizeInCells: "Tamaño en celdas",
  full: (width, height) => `entera, ${width} ${TIMES} ${height}`,
  values: "Valores",
  scales: { "0..255": "0 a 255", "0..1": "0 a 1" },
  whole: "Se muestra celda a celda; la vista sigue a la ventana y a la rueda.",
  reduced: (width, height) => `La imagen de ${width} ${TIMES} ${height} se muestra reducida; cada celda es la media de los píxeles que representa.`,
  numbers: "Números",
  typeNumbers: "Escribir números",
  editNumbers: "Editar los números",
  back: "Ejemplos",
  numbersRefused: (refusal) => `El texto pegado no puede ser una entrada. ${refusal}`,
  useCamera: "Usar la cámara",
};
