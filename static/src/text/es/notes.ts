import type { Text } from "../text.ts";

export const notes: Text["notes"] = {
  named: {
    same_stride: ({ title }) => `${title === "Keras" ? "Keras con TensorFlow" : title} usa aquí el mismo paso para filas y columnas.`,
    stride_or_dilation: ({ title, kind }) => (kind === "differs" ? `${title} admite aquí pasos o dilataciones: con ambos, su salida tiene otra forma.`
      : `${title} admite en una convolución pasos o dilataciones, no ambos.`),
    no_padding_mode: ({ title, kind, mode }) => (kind === "takes" ? `${title} no tiene relleno «${mode}»: se reúnen sus filas y columnas.`
      : `${title} no tiene relleno «${mode}» con TensorFlow: se toman filas y columnas.`),
    no_transposed: ({ title }) => `${title} no tiene convolución transpuesta: sus filtros solo recogen.`,
    no_transposed_groups: ({ title, kind }) => (kind === "refuses" ? `${title} no tiene grupos en una convolución transpuesta.`
      : `conv_transpose no tiene grupos en ${title}: esta es la convolución que hace.`),
    no_transposed_dilation: ({ title }) => (title === "Keras" ? "Keras con TensorFlow rechaza aquí una dilatación en CPU, y en todas partes una con pasos."
      : `${title} rechaza aquí una dilatación en CPU.`),
    fewer_added: ({ title }) => `${title} añade menos celdas de las que mide un paso.`,
    no_ceil: ({ title }) => `${title} no redondea hacia arriba: se rellena lo que sobresale de la última ventana.`,
    padded_pool: ({ title }) => `${title} rellena un pooling con menos que su ventana, y uno con dilataciones, nada.`,
    pool_stride_or_dilation: ({ title }) => `${title} admite en un pooling pasos o dilataciones, no ambos.`,
    no_pool_dilation: ({ title }) => `${title} no tiene dilataciones en un pooling.`,
    no_average_dilation: ({ title }) => `${title} no tiene dilatación en el pooling de medias.`,
    no_average: ({ title }) => `${title} no tiene pooling de medias: la suma de cada ventana, dividida.`,
    no_average_sides: ({ title }) => `El pooling de medias de ${title} admite SAME o VALID, no lados.`,
    average_of_sides: ({ title }) => `${title} promedia estos lados como si fueran ceros de la entrada.`,
    average_of_overhang: ({ title }) => `${title} promedia lo que sobresale de la última ventana cuando se rellenó antes.`,
    flipped_weights: ({ title }) => `Las capas de ${title} no giran el kernel: sus pesos se ponen girados.`,
    negative_pads: () => "En CPU, JAX 0.10 lee fuera de su memoria cuando un relleno así es menor que 0: el resto se recorta.",
    slice_strides: ({ title }) => `${title} no tiene pasos: calcula todas las ventanas.`,
    stuffed_kernel: ({ title }) => `${title} no tiene dilatación: el kernel lleva ceros entre sus celdas.`,
    onnx_pads_first: () => "El relleno es un nodo aparte.",
    onnx_large_pads: () => "ONNX Runtime rechaza en un pooling rellenos tan grandes como su kernel.",
    onnx_output_padding: () => "ONNX Runtime añade menos celdas de las que mide un paso: el resto viene de ceros tras la entrada.",
    onnx_turned: () => "Los pesos se guardan girados 180 grados.",
  },
};
