import type { Text } from "../text.ts";

const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const drawer: Text["drawer"] = {
  tabs: { explain: "Explicar", rest: "REST", export: "Exportar" },
  label: "Paneles",
  region: "Panel",
  close: "Cerrar el panel (Esc)",
  menu: "Explicar y más",
  toggle: "Abrir o cerrar el panel",
  next: "Panel siguiente",
  failed: "El panel no llegó del servidor. Recargar la página cuando el servidor vuelva.",
  copy: "Copiar",
  copied: "Copiado",
  notCopied: "El navegador no lo permitió",
};

export const explain: Text["explain"] = {
  sum: "La suma",
  largest: "El valor mayor",
  mean: "La media",
  bias: "sesgo",
  noWeights: "todos los pesos son 0",
  noCells: "ningún peso cae en una celda",
  noValues: "Aquí no cuenta ningún valor.",
  zeros: (zeros, all) => `${zeros} de ${all} pesos ${times(zeros, "es 0 y desaparece", "son 0 y desaparecen")}.`,
  missed: (missed, all) => `${missed} de ${all} pesos no ${times(missed, "cae", "caen")} en ninguna celda de la entrada.`,
  underlines: "Cada subrayado tiene el color de su celda del kernel.",
  darkEdges: "Los bordes oscuros vienen del relleno: fuera cuenta como 0.",
  shape: "La forma",
  height: "alto",
  width: "ancho",
  padding: (top, bottom, left, right) => `Relleno: arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}.`,
  crop: (top, bottom, left, right) => `Recortado: arriba ${top}, abajo ${bottom}, izquierda ${left}, derecha ${right}.`,
  noLeftover: "No sobra nada.",
  leftover: (rows, columns) =>
    `Sobra: ${rows} ${times(rows, "fila", "filas")} y ${columns} ${times(columns, "columna", "columnas")}.`,
  neverRead: (cells, shown) => `Nunca leídas: ${shown} ${times(cells, "celda", "celdas")}.`,
  steps: "Cada paso",
  field: "Lo que ve una celda de la salida",
  depends: (rows, columns) => `Una celda de la salida depende de ${rows} × ${columns} celdas de la entrada.`,
  jump: (down, across) => `De una celda de la salida a la siguiente avanzan ${down} hacia abajo o ${across} hacia la derecha.`,
};

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
