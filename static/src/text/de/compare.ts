import type { Later } from "../text.ts";

const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const compare: Later["compare"] = {
  first: "Erste Art zu füllen",
  second: "Zweite Art zu füllen",
  own: "Der Aufruf, wie er dasteht",
  same: "Gleiche Form, gleiche Zahlen.",
  differ: "Gleiche Form, andere Zahlen.",
  shapes: (first, second) => `Verschiedene Formen: ${first} und ${second}.`,
  refused: "Es gibt nichts zu vergleichen: eine von beiden lehnt es ab.",
  cells: (cells, all, most) => `${cells} von ${all} Ausgaben sind verschieden, um bis zu ${most}.`,
  moved: (down, across) => `Die zweite ist die erste, verschoben um ${[
    ...(down === 0 ? [] : [`${Math.abs(down)} ${times(Math.abs(down), "Zeile", "Zeilen")} nach ${down > 0 ? "unten" : "oben"}`]),
    ...(across === 0 ? [] : [`${Math.abs(across)} ${times(Math.abs(across), "Spalte", "Spalten")} nach ${across > 0 ? "rechts" : "links"}`]),
  ].join(" und ")}.`,
  difference: "Zweite minus erste",
  ends: (most) => `Blau ist weniger, Rot ist mehr, bis zu ${most}.`,
  output: (of) => `Ausgabe von ${of}.`,
  table: "Woher es kommt",
  rows: {
    pads_y: "Rand oben, unten", pads_x: "Rand links, rechts", fill: "der Rand liest", divisor: "geteilt durch",
    output_size: "Ausgabe", rows_read: "gelesene Zeilen", columns_read: "gelesene Spalten", turned: "Kernel",
    window_y: "Zeilen dieses Fensters", window_x: "Spalten dieses Fensters", value: "diese Zelle",
  },
  crops: { pads_y: "abgeschnitten oben, unten", pads_x: "abgeschnitten links, rechts", rows_read: "gestempelte Zeilen", columns_read: "gestempelte Spalten" },
  values: {
    zeros: "Nullen", reflect: "gespiegelt, ohne Kante", symmetric: "gespiegelt, mit Kante", replicate: "die Kante noch einmal",
    circular: "die andere Seite", all: "alle Zellen", inside: "Zellen innen", true: "gedreht", false: "wie er ist",
  },
  range: (first, last) => `${first} bis ${last}`,
  none: "keine",
  differs: "verschieden",
  agree: (title, other) => `${title}, mit den Zahlen von: ${other}`,
  checked: (libraries) => `Geprüft mit ${libraries}.`,
  waiting: "Der Vergleich folgt, wenn das Abspielen hält.",
  secret: "Der Vergleich wartet auf den Tipp.",
};
