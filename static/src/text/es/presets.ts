import type { Text } from "../text.ts";

export const presets: Text["presets"] = {
  filters: {
    identity: ["Identidad", "No cambia nada: cada salida es la celda del centro."],
    vertical_edge: ["Borde vertical", "Izquierda menos derecha: positivo donde se oscurece hacia la derecha."],
    horizontal_edge: ["Borde horizontal", "Arriba menos abajo: positivo donde se oscurece hacia abajo."],
    sobel_x: ["Sobel x", "Positivo donde se aclara hacia la derecha."],
    sobel_y: ["Sobel y", "Positivo donde se aclara hacia abajo."],
    prewitt_x: ["Prewitt x", "Positivo donde se aclara hacia la derecha; las tres filas cuentan igual."],
    prewitt_y: ["Prewitt y", "Positivo donde se aclara hacia abajo; las tres columnas cuentan igual."],
    scharr_x: ["Scharr x", "Positivo donde se aclara hacia la derecha; más parejo en todas las direcciones que Sobel."],
    scharr_y: ["Scharr y", "Positivo donde se aclara hacia abajo; más parejo en todas las direcciones que Sobel."],
    laplacian: ["Laplaciano", "Las cuatro vecinas menos cuatro veces el centro: cero en las pendientes, positivo junto a celdas claras."],
    sharpen: ["Enfocar", "La celda más su diferencia con las cuatro vecinas, de modo que los bordes resaltan."],
    high_pass: ["Paso alto", "Lo que queda al quitarle al centro la media de las nueve celdas."],
    emboss: ["Relieve", "Un relieve: más claro donde abajo a la derecha es más claro que arriba a la izquierda, igual en las zonas lisas."],
    corner: ["Esquina", "Cero a lo largo de bordes rectos horizontales y verticales; lejos de cero en esquinas y puntos."],
    box_blur: ["Media", "La media de nueve celdas."],
    gaussian_3: ["Gauss 3 × 3", "Una media en la que las celdas cercanas cuentan más."],
    gaussian_5: ["Gauss 5 × 5", "Una media más ancha en la que las celdas cercanas cuentan más."],
    motion_blur: ["Movimiento", "La media de cinco celdas de una fila, como si la cámara se hubiera movido de lado."],
    line_horizontal: ["Línea horizontal", "Máximo sobre una línea clara horizontal de una celda de grosor; cero en las zonas lisas."],
    line_vertical: ["Línea vertical", "Máximo sobre una línea clara vertical de una celda de grosor; cero en las zonas lisas."],
    line_diagonal: ["Línea descendente", "Máximo sobre una línea clara de arriba a la izquierda a abajo a la derecha; cero en las zonas lisas."],
    line_antidiagonal: ["Línea ascendente", "Máximo sobre una línea clara de abajo a la izquierda a arriba a la derecha; cero en las zonas lisas."],
    random: ["Al azar", "Pesos sacados una vez al azar: con lo que empieza una red antes de aprender nada."],
  },
  sources: {
    harbour: "Puerto", parrot: "Loro", tiles: "Azulejos", coins: "Monedas", star: "Estrella", steps: "Escalones y puntos",
    one_to_sixteen: "1 a 16",
  },
};
