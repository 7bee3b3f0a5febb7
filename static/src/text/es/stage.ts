import { counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const stage: Text["stage"] = {
  red: "rojo",
  green: "verde",
  blue: "azul",
  onlyChannel: "suma",
  channel: (index) => `canal ${index}`,
  only: (channel) => `solo ${channel}`,
  kernel: "Kernel",
  window: "Ventana",
  custom: "Propio",
  cell: (row, column) => `fila ${row}, columna ${column}`,
  inputLabel: (height, width, channels, place) =>
    `Imagen de entrada, ${height} por ${width}, ${counted(channels, "canal", "canales")}. Ventana en ${place}. Se puede arrastrar.`,
  outputLabel: (height, width, count) => `Salida, ${height} por ${width}. ${count} celdas calculadas.`,
  legend: {
    padding: (does) => `relleno, ${does}`,
    ignored: "no cuenta",
    zeros: "cuenta como 0",
    reflect: "refleja la entrada",
    replicate: "repite el borde",
    circular: "viene del otro lado",
    unread: "aún no leídas",
    neverRead: (count) => `nunca leídas: ${count}`,
    notComputed: "sin calcular",
  },
  loupe: {
    columns: { channel: "canal", cell: "celda", input: "entrada", weight: "peso", product: "producto" },
    padding: ", relleno",
    largest: ", el más grande",
    sum: (sum) => `Suma ${sum}.`,
    result: (result) => `Resultado ${result}.`,
    label: (channel, rows, columns, result) =>
      `La ventana${channel ? ` sobre ${channel}` : ""}, ${rows} por ${columns} taps. ${result} La tabla siguiente tiene todos los números.`,
  },
};
