import type { Text } from "../text.ts";

export const notes: Text["notes"] = {
  named: {
    same_stride: ({ title }) => `${title === "Keras" ? "Keras auf TensorFlow" : title} nimmt hier für Zeilen und Spalten dieselbe Schrittweite.`,
    stride_or_dilation: ({ title, kind }) => (kind === "differs" ? `${title} nimmt hier Schrittweiten oder Dilatationen: mit beiden hat die Ausgabe eine andere Form.`
      : `${title} nimmt in einer Faltung Schrittweiten oder Dilatationen, nicht beides.`),
    no_padding_mode: ({ title, kind, mode }) => (kind === "takes" ? `${title} hat kein Padding „${mode}“: Zeilen und Spalten werden eingesammelt.`
      : `${title} hat auf TensorFlow kein Padding „${mode}“: Zeilen und Spalten werden entnommen.`),
    no_transposed: ({ title }) => `${title} hat keine transponierte Faltung: seine Filter sammeln nur ein.`,
    no_transposed_groups: ({ title, kind }) => (kind === "refuses" ? `${title} hat bei der transponierten Faltung keine Gruppen.`
      : `conv_transpose hat in ${title} keine Gruppen: Das hier ist die Faltung, die es daraus macht.`),
    no_transposed_dilation: ({ title }) => (title === "Keras" ? "Keras auf TensorFlow lehnt hier auf CPUs eine Dilatation ab, und überall eine mit Schrittweiten."
      : `${title} lehnt hier auf CPUs eine Dilatation ab.`),
    fewer_added: ({ title }) => `${title} fügt weniger Zellen an, als eine Schrittweite lang ist.`,
    no_ceil: ({ title }) => `${title} kennt kein Aufrunden: Worüber das letzte Fenster hinausragt, wird aufgefüllt.`,
    padded_pool: ({ title }) => `${title} füllt beim Pooling um weniger als ein Fenster auf, mit Dilatationen gar nicht.`,
    pool_stride_or_dilation: ({ title }) => `${title} nimmt beim Pooling Schrittweiten oder Dilatationen, nicht beides.`,
    no_pool_dilation: ({ title }) => `${title} hat beim Pooling keine Dilatation.`,
    no_average_dilation: ({ title }) => `${title} hat beim mittelnden Pooling keine Dilatation.`,
    no_average: ({ title }) => `${title} hat kein mittelndes Pooling: die Summe jedes Fensters, geteilt.`,
    no_average_sides: ({ title }) => `Das mittelnde Pooling von ${title} nimmt SAME oder VALID, keine Seiten.`,
    average_of_sides: ({ title }) => `${title} mittelt über diese Seiten, als wären sie Nullen der Eingabe.`,
    average_of_overhang: ({ title }) => `${title} mittelt über das, worüber das letzte Fenster hinausragt, wenn es vorher aufgefüllt wurde.`,
    flipped_weights: ({ title }) => `Schichten von ${title} drehen den Kernel nicht: Seine Gewichte werden gedreht gesetzt.`,
    negative_pads: () => "Auf CPUs liest JAX 0.10 außerhalb seines Speichers, wo ein solches Padding unter 0 ist: Der Rest wird abgeschnitten.",
    slice_strides: ({ title }) => `${title} hat keine Schrittweiten: Es berechnet jedes Fenster.`,
    stuffed_kernel: ({ title }) => `${title} hat keine Dilatation: Im Kernel stehen Nullen zwischen den Zellen.`,
    onnx_pads_first: () => "Das Padding ist ein eigener Knoten.",
    onnx_large_pads: () => "ONNX Runtime lehnt beim Pooling Pads ab, die so groß sind wie der Kernel.",
    onnx_output_padding: () => "ONNX Runtime fügt weniger Zellen an, als eine Schrittweite lang ist: Der Rest kommt von Nullen hinter der Eingabe.",
    onnx_turned: () => "Die Gewichte sind um 180 Grad gedreht gespeichert.",
  },
};
