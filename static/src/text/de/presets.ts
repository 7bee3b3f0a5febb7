import type { Text } from "../text.ts";

export const presets: Text["presets"] = {
  filters: {
    identity: ["Identität", "Ändert nichts: jede Ausgabe ist die Zelle in der Mitte."],
    vertical_edge: ["Senkrechte Kante", "Links minus rechts: positiv, wo es nach rechts dunkler wird."],
    horizontal_edge: ["Waagerechte Kante", "Oben minus unten: positiv, wo es nach unten dunkler wird."],
    sobel_x: ["Sobel x", "Positiv, wo es nach rechts heller wird."],
    sobel_y: ["Sobel y", "Positiv, wo es nach unten heller wird."],
    prewitt_x: ["Prewitt x", "Positiv, wo es nach rechts heller wird; alle drei Zeilen zählen gleich."],
    prewitt_y: ["Prewitt y", "Positiv, wo es nach unten heller wird; alle drei Spalten zählen gleich."],
    scharr_x: ["Scharr x", "Positiv, wo es nach rechts heller wird; über alle Richtungen gleichmäßiger als Sobel."],
    scharr_y: ["Scharr y", "Positiv, wo es nach unten heller wird; über alle Richtungen gleichmäßiger als Sobel."],
    laplacian: ["Laplace", "Die vier Nachbarn weniger viermal die Mitte: null an Hängen, positiv neben hellen Zellen."],
    sharpen: ["Schärfen", "Die Zelle plus ihr Unterschied zu den vier Nachbarn, sodass Kanten hervortreten."],
    high_pass: ["Hochpass", "Was bleibt, wenn von der Mitte das Mittel der neun Zellen abgezogen wird."],
    emboss: ["Relief", "Ein Relief: heller, wo es rechts unten heller ist als links oben, unverändert auf gleichmäßigen Flächen."],
    corner: ["Ecke", "Null an geraden waagerechten und senkrechten Kanten; weit weg von null an Ecken und Punkten."],
    box_blur: ["Mittelwert", "Das Mittel von neun Zellen."],
    gaussian_3: ["Gauß 3 × 3", "Ein Mittel, in dem nahe Zellen mehr zählen."],
    gaussian_5: ["Gauß 5 × 5", "Ein breiteres Mittel, in dem nahe Zellen mehr zählen."],
    motion_blur: ["Bewegung", "Das Mittel von fünf Zellen einer Zeile, als hätte sich die Kamera zur Seite bewegt."],
    line_horizontal: ["Waagerechte Linie", "Am hellsten auf einer hellen waagerechten Linie von einer Zelle Dicke; null auf gleichmäßigen Flächen."],
    line_vertical: ["Senkrechte Linie", "Am hellsten auf einer hellen senkrechten Linie von einer Zelle Dicke; null auf gleichmäßigen Flächen."],
    line_diagonal: ["Fallende Linie", "Am hellsten auf einer hellen Linie von links oben nach rechts unten; null auf gleichmäßigen Flächen."],
    line_antidiagonal: ["Steigende Linie", "Am hellsten auf einer hellen Linie von links unten nach rechts oben; null auf gleichmäßigen Flächen."],
    random: ["Zufall", "Einmal gezogene Gewichte: womit ein Netz beginnt, bevor es etwas gelernt hat."],
  },
  sources: {
    harbour: "Hafen", parrot: "Papagei", tiles: "Kacheln", coins: "Münzen", star: "Stern", steps: "Stufen und Punkte",
    one_to_sixteen: "1 bis 16",
  },
};
