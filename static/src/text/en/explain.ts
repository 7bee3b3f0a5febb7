const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const explain = {
  sum: "The sum",
  largest: "The largest value",
  mean: "The mean",
  bias: "bias",
  noWeights: "every weight is 0",
  noCells: "no weight lies on a cell",
  noValues: "No value counts here.",
  zeros: (zeros: number, all: number) => `${zeros} of ${all} weights ${times(zeros, "is 0 and drops", "are 0 and drop")} out.`,
  missed: (missed: number, all: number) => `${missed} of ${all} weights ${times(missed, "lies", "lie")} on no cell of the input.`,
  underlines: "Each underline is the colour of its kernel cell.",
  darkEdges: "The dark edges come from the padding: outside counts as 0.",
  shape: "The shape",
  height: "height",
  width: "width",
  padding: (top: number, bottom: number, left: number, right: number) =>
    `Padding: top ${top}, bottom ${bottom}, left ${left}, right ${right}.`,
  crop: (top: number, bottom: number, left: number, right: number) =>
    `Cropped: top ${top}, bottom ${bottom}, left ${left}, right ${right}.`,
  noLeftover: "Nothing is left over.",
  leftover: (rows: number, columns: number) =>
    `Left over: ${rows} ${times(rows, "row", "rows")} and ${columns} ${times(columns, "column", "columns")}.`,
  neverRead: (cells: number, shown: string) => `Never read: ${shown} ${times(cells, "cell", "cells")}.`,
  steps: "Every step",
  field: "What one output cell sees",
  depends: (rows: number, columns: number) => `One output cell depends on ${rows} × ${columns} cells of the input.`,
  jump: (down: string, across: string) => `From one output cell to the next they move ${down} down or ${across} across.`,
};
