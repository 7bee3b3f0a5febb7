const times = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const compare = {
  first: "First way to pad",
  second: "Second way to pad",
  own: "The call as it stands",
  same: "Same shape, same numbers.",
  differ: "Same shape, different numbers.",
  shapes: (first: string, second: string) => `Different shapes: ${first} and ${second}.`,
  refused: "There is nothing to compare: one of them refuses it.",
  cells: (cells: string, all: string, most: string) => `${cells} of ${all} outputs differ, by up to ${most}.`,
  moved: (down: number, across: number) => `The second is the first, moved ${[
    ...(down === 0 ? [] : [`${Math.abs(down)} ${times(Math.abs(down), "row", "rows")} ${down > 0 ? "down" : "up"}`]),
    ...(across === 0 ? [] : [`${Math.abs(across)} ${times(Math.abs(across), "column", "columns")} to the ${across > 0 ? "right" : "left"}`]),
  ].join(" and ")}.`,
  difference: "Second minus first",
  ends: (most: string) => `Blue is less, red is more, up to ${most}.`,
  output: (of: string) => `Output of ${of}.`,
  table: "Where it comes from",
  rows: {
    pads_y: "pads above, below", pads_x: "pads left, right", fill: "the padding reads", divisor: "divides by",
    output_size: "output", rows_read: "rows read", columns_read: "columns read", turned: "kernel",
    window_y: "rows of this window", window_x: "columns of this window", value: "this cell",
  } as Readonly<Record<string, string>>,
  crops: { pads_y: "crops above, below", pads_x: "crops left, right", rows_read: "rows stamped", columns_read: "columns stamped" } as Readonly<Record<string, string>>,
  values: {
    zeros: "zeros", reflect: "mirrored, without the edge", symmetric: "mirrored, with the edge", replicate: "the edge again",
    circular: "the other side", all: "all cells", inside: "cells inside", true: "turned", false: "as it is",
  } as Readonly<Record<string, string>>,
  range: (first: string, last: string) => `${first} to ${last}`,
  none: "none",
  differs: "differs",
  agree: (title: string, other: string) => `${title}, with the numbers of: ${other}`,
  checked: (libraries: string) => `Checked with ${libraries}.`,
  waiting: "The comparison follows when the play stops.",
  secret: "The comparison waits for your guess.",
};
