import type { Text } from "../text.ts";

export const drawer: Text["drawer"] = {
  tabs: { explain: "Explicar", code: "Código", compare: "Comparar", rest: "REST", export: "Exportar" },
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
