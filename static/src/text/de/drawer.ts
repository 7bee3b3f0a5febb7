import type { Text } from "../text.ts";

export const drawer: Text["drawer"] = {
  tabs: { explain: "Erklären", code: "Code", compare: "Vergleich", rest: "REST", export: "Export" },
  label: "Tafeln",
  region: "Tafel",
  close: "Tafel schließen (Esc)",
  menu: "Erklären und mehr",
  toggle: "Tafel öffnen oder schließen",
  next: "Nächste Tafel",
  failed: "Das kam nicht vom Server. Es kommt, wenn er wieder da ist, oder mit der neu geladenen Seite.",
  copy: "Kopieren",
  copied: "Kopiert",
  notCopied: "Der Browser hat es nicht erlaubt",
};
