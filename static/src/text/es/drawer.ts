import type { Text } from "../text.ts";

export const drawer: Text["drawer"] = {
  tabs: { explain: "Explicar", code: "Código", compare: "Comparar", rest: "REST", export: "Exportar" },
  label: "Paneles",
  region: "Panel",
  close: "Cerrar el panel (Esc)",
  menu: "Explicar y más",
  toggle: "Abrir o cerrar el panel",
  next: "Panel siguiente",
  failed: "Esto no llegó del servidor. Llegará cuando el servidor vuelva, o al recargar la página.",
  copy: "Copiar",
  copied: "Copiado",
  notCopied: "El navegador no lo permitió",
};
