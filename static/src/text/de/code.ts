import type { Text } from "../text.ts";

export const code: Text["code"] = {
  framework: "Bibliothek",
  checked: (title, version, layout) => `Geprüft mit ${title} ${version}; die Eingabe ist ${layout}.`,
  call: "Der Aufruf",
  instead: "Was stattdessen diese Zahlen ergibt",
  also: "In anderen Worten",
  model: "Als .onnx herunterladen",
  paste: "Aufruf einfügen",
  take: "Seine Parameter übernehmen",
  program: "Das Programm, mit allen Zahlen",
  none: "Diese Bibliothek hat keinen Weg zu dieser Operation.",
  predicting: "Das Programm enthält die Zahlen, die zu erraten sind. Es wartet, bis „Vorhersagen“ aus ist.",
  offline: "Der Server hat nicht geantwortet.",
};
