import type { Later } from "../text.ts";

const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const compare: Later["compare"] = {
  first: "Primera forma de rellenar",
  second: "Segunda forma de rellenar",
  own: "La llamada tal como está",
  same: "La misma forma, los mismos números.",
  differ: "La misma forma, otros números.",
  shapes: (first, second) => `Formas distintas: ${first} y ${second}.`,
  refused: "No hay nada que comparar: una de las dos lo rechaza.",
  cells: (cells, all, most) => `${cells} de ${all} salidas son distintas, hasta en ${most}.`,
  moved: (down, across) => `La segunda es la primera, movida ${[
    ...(down === 0 ? [] : [`${Math.abs(down)} ${times(Math.abs(down), "fila", "filas")} hacia ${down > 0 ? "abajo" : "arriba"}`]),
    ...(across === 0 ? [] : [`${Math.abs(across)} ${times(Math.abs(across), "columna", "columnas")} a la ${across > 0 ? "derecha" : "izquierda"}`]),
  ].join(" y ")}.`,
  difference: "Segunda menos primera",
  ends: (most) => `Azul es menos, rojo es más, hasta ${most}.`,
  output: (of) => `Salida de ${of}.`,
  table: "De dónde viene",
  rows: {
    pads_y: "relleno arriba, abajo", pads_x: "relleno izquierda, derecha", fill: "el relleno lee", divisor: "divide por",
    output_size: "salida", rows_read: "filas leídas", columns_read: "columnas leídas", turned: "kernel",
    window_y: "filas de esta ventana", window_x: "columnas de esta ventana", value: "esta celda",
  },
  crops: { pads_y: "recorte arriba, abajo", pads_x: "recorte izquierda, derecha", rows_read: "filas estampadas", columns_read: "columnas estampadas" },
  values: {
    zeros: "ceros", reflect: "reflejado, sin el borde", symmetric: "reflejado, con el borde", replicate: "el borde otra vez",
    circular: "el otro lado", all: "todas las celdas", inside: "celdas de dentro", true: "girado", false: "tal como es",
  },
  range: (first, last) => `de ${first} a ${last}`,
  none: "ninguno",
  differs: "distinto",
  agree: (title, other) => `${title}, con los números de: ${other}`,
  checked: (libraries) => `Comprobado con ${libraries}.`,
  waiting: "La comparación sigue cuando la reproducción se detiene.",
  secret: "La comparación espera la respuesta.",
};
