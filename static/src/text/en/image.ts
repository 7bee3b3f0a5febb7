import { TIMES } from "../parts.ts";

export const image = {
  heading: "Image",
  /** The name of an image that has none. */
  pasted: "pasted image",
  choose: "Choose file",
  drop: "Drop an image here",
  orPaste: "or paste one, or",
  samples: "Samples",
  size: "Size",
  sizeInCells: "Size in cells",
  full: (width: number, height: number) => `full, ${width} ${TIMES} ${height}`,
  values: "Values",
  scales: { "0..255": "0 to 255", "0..1": "0 to 1" },
  whole: "Shown cell by cell; the picture pans with the window, and with the wheel.",
  reduced: (width: number, height: number) =>
    `Your ${width} ${TIMES} ${height} picture is shown reduced; each cell is the mean of the pixels it stands for.`,
  numbers: "Numbers",
  typeNumbers: "Type numbers",
  editNumbers: "Edit the numbers",
  back: "Samples",
  numbersRefused: (refusal: string) => `The pasted text cannot be an input. ${refusal}`,
  useCamera: "Use camera",
};
