import type { Text } from "../text.ts";

export const sum: Text["sum"] = {
  bias: "Bias",
  soFar: "bisher",
  more: (count) => `${count} weitere`,
  separator: ";",
  of: "von",
  sumOf: (count) => `Summe von ${count}`,
  outputChannel: "Ausgabekanal",
  thumbnails: "Jeder Kanal in den Farben und auf der Skala des gezeigten; darunter, welche Eingabekanäle er liest",
  inputChannel: "Eingabekanal",
  outputChannelOf: (tag) => `Ausgabekanal ${tag}`,
  term: (tag, sum) => `Kanal ${tag} ${sum}, Teilsumme`,
};
