import type { Text } from "../text.ts";

export const take: Text["take"] = {
  lead: "Llevarse esta vista.",
  working: "Un momento …",
  step: (step, steps) => `Paso ${step} de ${steps} …`,
  saved: (name) => `Guardado como ${name}.`,
  nothing: "Todavía no hay nada que guardar.",
  kinds: {
    png: { title: "Figura, PNG", note: "para un documento o una diapositiva, con rótulos y formas" },
    svg: { title: "Figura, SVG", note: "lo mismo, nítido a cualquier tamaño" },
    gif: { title: "Animación, GIF", note: "la figura de los pasos siguientes, 60 como máximo" },
    npy: { title: "Números, NPY", note: "la salida entera para NumPy, float32" },
    jsonl: { title: "Traza, JSON Lines", note: (positions) => `cada producto de las ${positions} posiciones, una línea cada una` },
    arrow: { title: "Traza, Arrow", note: "lo mismo para tablas de datos" },
    link: { title: "Enlace", note: "copia lo que abre este mismo paso en este servidor" },
  },
};
