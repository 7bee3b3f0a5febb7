import type { Text } from "../text.ts";

export const notices: Text["notices"] = {
  close: "Schließen",
  cancel: "Abbrechen",
  computing: "Der Server rechnet.",
  undo: "Letzte Änderung zurücknehmen",
  offline: (seconds) =>
    `Der Server antwortet nicht mehr. Was zu sehen ist, stimmt weiterhin; neue Zahlen müssen warten. Neuer Versuch in ${seconds} Sekunde${seconds === 1 ? "" : "n"}.`,
  tryNow: "Jetzt versuchen",
  sending: (file) => `${file} wird zum Server geschickt.`,
  notSent: "Der Server hat nicht geantwortet, das Bild wurde nicht geschickt. Was zu sehen ist, bleibt.",
  linkRefused: (reason) => `Was dieser Link verlangt, lässt sich nicht zeigen. ${reason}`,
  unread: (count, quoted) =>
    `${count === 1 ? "Dieser Teil des Links ist" : "Diese Teile des Links sind"} nicht lesbar: ${quoted}. Die Seite zeigt dafür das Übliche.`,
  noAnswer: (instead) => `Der Server hat nicht geantwortet; stattdessen ist ${instead} zu sehen. Um damit weiterzuarbeiten, die Datei noch einmal wählen.`,
  imageGone: (image, instead) =>
    `${image} ist nicht mehr auf dem Server; stattdessen ist ${instead} zu sehen. Um damit weiterzuarbeiten, die Datei noch einmal wählen.`,
  imageLost: (image) => `${image} ist nicht mehr auf dem Server. Was zu sehen ist, stimmt weiterhin; um damit weiterzuarbeiten, die Datei noch einmal wählen.`,
};
