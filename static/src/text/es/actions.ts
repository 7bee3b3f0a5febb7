import type { Text } from "../text.ts";

export const actions: Text["actions"] = {
  play: "Reproducir o pausar",
  forward: "Un paso adelante",
  back: "Un paso atrás",
  rowDown: "Una fila de la salida hacia abajo",
  rowUp: "Una fila de la salida hacia arriba",
  first: "Primera posición",
  last: "Última posición",
  undo: "Deshacer el último cambio",
  redo: "Rehacer lo deshecho",
  theme: "Claro u oscuro",
  nextChannel: "Canal siguiente",
  spellFor: (framework) => `Escribir para ${framework}`,
  zoomIn: "Celdas más grandes",
  zoomOut: "Celdas más pequeñas",
  zoomWhole: "La imagen entera",
  panRight: "Desplazar a la derecha",
  panLeft: "Desplazar a la izquierda",
  panDown: "Desplazar hacia abajo",
  panUp: "Desplazar hacia arriba",
  help: "Esta lista",
};
