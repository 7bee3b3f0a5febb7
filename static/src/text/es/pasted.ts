import { TIMES, counted } from "../parts.ts";
import type { Text } from "../text.ts";

export const pasted: Text["pasted"] = {
  fromZero: "Las filas y columnas se cuentan desde 0.",
  noNumber: "En este texto no hay ningún número.",
  leftOut: "Donde el texto dice «...» se omitió una parte. Hay que imprimir el array entero.",
  notComputed: (call) => `«${call}» no se calcula aquí. Hay que pegar los números que da.`,
  noBrackets: "Se esperaban corchetes alrededor de los números.",
  theEnd: "el final",
  unread: (rest) => `Lo que sigue a los números no se puede leer: «${rest}».`,
  twoReadings: (row, column, written) =>
    `La fila ${row}, columna ${column} es «${written}», que puede ser ${written.replace(",", ".")} o ${written.replace(",", "")}. Hay que escribirlo sin la coma.`,
  empty: (row, column) => `La fila ${row}, columna ${column} está vacía.`,
  notANumber: (row, column, written) => `La fila ${row}, columna ${column} es «${written}», que no es un número.`,
  notFinite: (row, column, written) => `La fila ${row}, columna ${column} es «${written}»; hace falta un número finito.`,
  oneChannel: (size) => `Este array es de ${size}. Los pesos se leen canal por canal: filas y columnas.`,
  channels: (size) => `Este array es de ${size}. Una entrada tiene un canal o tres, al principio o al final.`,
  channelsTwice: (size) => `Este array es de ${size}: los canales pueden ir al principio o al final. Hay que pegar un canal, filas y columnas.`,
  sideBySide: (item) => `Hay corchetes y números a la vez: el elemento ${item} no tiene corchetes, otros sí.`,
  uneven: (item) => `Los corchetes contienen arrays de distinto tamaño: el elemento ${item} no es tan grande como el elemento 0.`,
  ragged: (row, has, first) => `La fila ${row} tiene ${counted(has, "número", "números")}; la fila 0 tiene ${first}.`,
  largeKernel: (rows, columns, most) => `Esto es ${rows} ${TIMES} ${columns}. Un kernel tiene como mucho ${most} filas y ${most} columnas.`,
  largeInput: (rows, columns, most) => `Esto es ${rows} ${TIMES} ${columns}. Una entrada escrita tiene como mucho ${most} filas y ${most} columnas.`,
  deep: (depth, most) => `Los corchetes tienen ${depth} niveles; se leen como mucho ${most}.`,
  closedBy: (opening, closing) => `Un «${opening}» se cierra con «${closing}».`,
  neverClosed: (opening) => `Un «${opening}» no se cierra nunca.`,
  between: (loose) => `«${loose}» está entre los corchetes de dos filas.`,
  commasAndSemicolons: "Las comas y los puntos y coma en una línea se pueden leer de dos maneras. Hay que ponerle corchetes, o cada fila en su propia línea.",
  commasAndSpaces: (row) => `La fila ${row} tiene comas y espacios entre sus números. Hay que usar solo uno de los dos.`,
};
