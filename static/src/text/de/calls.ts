import { TIMES } from "../parts.ts";
import type { Text } from "../text.ts";

export const calls: Text["calls"] = {
  taken: (call) => `Übernommen aus ${call}.`,
  refused: (reason) => `Der eingefügte Aufruf kann nicht übernommen werden. ${reason}`,
  kept: "Die Gewichte werden nicht aus dem Aufruf gelesen: Der Kernel bleibt.",
  inner: (call) => `${call} wird nicht gelesen: An seiner Stelle steht die Eingabe hier.`,
  resized: (rows, columns) => `Die Gewichte werden nicht aus dem Aufruf gelesen: Der Kernel ist der bisherige, mit ${rows} ${TIMES} ${columns}.`,
  inChannels: (call, picture) => `Der Aufruf liest ${call} Kanäle; die Eingabe hier hat ${picture}.`,
  outChannels: (count) => `Der Aufruf ergibt ${count} Ausgabekanäle, deren Gewichte er nicht nennt.`,
  multiplier: (count) => `Jeder Kanal hat im Aufruf ${count} Kernel, hier einen.`,
  groups: (groups, channels) => `Die ${channels} Kanäle der Eingabe lassen sich nicht in ${groups} Gruppen teilen.`,
  tooLarge: (name, value, most) => `${name} ist ${value}; höchstens ${most} lässt sich zeigen.`,
  outputShape: (shape) => `Eine Ausgabe von ${shape} lässt sich aus dieser Eingabe nicht machen.`,
};
