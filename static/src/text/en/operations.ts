/** What single operations say of themselves. */
import { NBSP } from "../parts.ts";

export const operations = {
  stampSteps: "Step between stamps",
  crop: "Crop",
  cropSide: (side: string) => `Crop ${side}`,
  cropSame: "Input × stride",
  cropNothing: "Nothing",
  cropCustom: "Custom sides",
  more: "More at the end",
  cropped: (top: number, bottom: number, left: number, right: number) => `cropped top ${top}, bottom ${bottom}, left ${left}, right ${right}`,
  betweenCells: "between two cells",
  outside: (cell: string) => `${cell}, outside`,
  nothing: "none",
  /** `which` is the tap. Before what the sum is so far. */
  tapBetween: (which: string) => `${which}: it lies between two input cells, from where nothing reaches this output cell. So${NBSP}far `,
  tapOutside: (which: string) => `${which}: it lies outside of the input, from where nothing reaches this output cell. So${NBSP}far `,
};
