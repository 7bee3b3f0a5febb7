import type { Later } from "../text.ts";

export const ways: Later["ways"] = {
  title: "Andere Wege zu denselben Zahlen",
  pool: "Ein Pooling hat hier keinen anderen Weg.",
  holds: "Auf diesem Weg gerechnet ist die Ausgabe dieselbe.",
  fails: "Auf diesem Weg gerechnet ist die Ausgabe eine andere.",
  parameters: (here, direct) => `${here} Gewichte statt ${direct}.`,
  multiplications: (here, direct) => `${here} Multiplikationen statt ${direct}.`,
  names: {
    zero_stuffed: "Nullen im Kern", space_to_batch: "Space to Batch", im2col: "Ein Produkt von Matrizen (im2col)",
    separable: "Zwei Durchgänge", turned: "Korrelation und Faltung", depthwise_pointwise: "Je Kanal, dann je Punkt",
    transposed_as_convolution: "Eine Faltung der aufgefüllten Eingabe",
  },
  stages: {
    kernel: "der Kern", stuffed: "mit Nullen dazwischen", padded: "die Eingabe mit Rand", blocks: "jede r-te Zeile und Spalte",
    convolved: "jede unter dem Kern ohne Lücken", matrix: "jedes Fenster als Zeile", weights: "der Kern als Spalte",
    column: "eine Spalte", row: "mal eine Zeile", between: "dazwischen", turned: "der Kern, gedreht", other: "mit dem Kern, wie er war: andere Zahlen",
    depthwise: "ein Kern für jeden Kanal", output: "die Ausgabe",
  },
};
