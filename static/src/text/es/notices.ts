import type { Text } from "../text.ts";

export const notices: Text["notices"] = {
  close: "Cerrar",
  cancel: "Cancelar",
  computing: "El servidor está calculando.",
  undo: "Deshacer el último cambio",
  offline: (seconds) =>
    `El servidor dejó de responder. Lo que se ve sigue siendo correcto; los números nuevos tienen que esperar. Otro intento en ${seconds} segundo${seconds === 1 ? "" : "s"}.`,
  tryNow: "Intentar ahora",
  sending: (file) => `Enviando ${file} al servidor.`,
  notSent: "El servidor no respondió, así que la imagen no se envió. Lo que se ve no cambia.",
  linkRefused: (reason) => `Lo que pide este enlace no se puede mostrar. ${reason}`,
  unread: (count, quoted) =>
    `${count === 1 ? "Esta parte del enlace no se puede" : "Estas partes del enlace no se pueden"} leer: ${quoted}. La página muestra lo habitual en su lugar.`,
  noAnswer: (instead) => `El servidor no respondió; en su lugar se muestra ${instead}. Para seguir con ella hay que elegir el archivo otra vez.`,
  imageGone: (image, instead) =>
    `${image} ya no está en el servidor; en su lugar se muestra ${instead}. Para seguir con ella hay que elegir el archivo otra vez.`,
  imageLost: (image) => `${image} ya no está en el servidor. Lo que se ve sigue siendo correcto; para seguir con ella, elige el archivo otra vez.`,
};
