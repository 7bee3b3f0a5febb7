export const output = {
  heading: "Show values as",
  palettes: { signed: "Signed", min_max: "Min to max", clip: "Clip 0 to 255" },
  /** After "Signed", where there is room. */
  colours: " colours",
  paletteNotes: { signed: "blue below 0, orange above", min_max: "darkest to lightest", clip: "as an image would be saved" },
  size: "Size",
  sizes: { fit: "Fit", true: "True scale" },
  sizeNotes: { fit: "as large as the input", true: "cells as large as the input's, so that a stride shows" },
};
