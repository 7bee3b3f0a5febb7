import type { Later } from "../text.ts";

export const ways: Later["ways"] = {
  title: "Otras vías a los mismos números",
  pool: "Un pooling no tiene aquí otra vía.",
  holds: "Calculada por esta vía, la salida es la misma.",
  fails: "Calculada por esta vía, la salida es otra.",
  parameters: (here, direct) => `${here} pesos en vez de ${direct}.`,
  multiplications: (here, direct) => `${here} multiplicaciones en vez de ${direct}.`,
  names: {
    zero_stuffed: "Ceros en el núcleo", space_to_batch: "Espacio a lote", im2col: "Un producto de matrices (im2col)",
    separable: "Dos pasadas", turned: "Correlación y convolución", depthwise_pointwise: "Por canal y luego por punto",
    transposed_as_convolution: "Una convolución de la entrada rellenada",
  },
  stages: {
    kernel: "el núcleo", stuffed: "con ceros en medio", padded: "la entrada con relleno", blocks: "cada r-ésima fila y columna",
    convolved: "cada una bajo el núcleo sin huecos", matrix: "cada ventana como fila", weights: "el núcleo como columna",
    column: "una columna", row: "por una fila", between: "en medio", turned: "el núcleo, girado", other: "con el núcleo como estaba: otros números",
    depthwise: "un núcleo por canal", output: "la salida",
  },
};
