/**
 * The same operation in the words of each framework, as parts the call widget turns into text and tokens.
 * Spelling never changes the numbers: what a framework cannot say in one call is shown with what it takes.
 */
import type { Geometry } from "./geometry.ts";
import type { Asked, Framework, Pair } from "./state.ts";

/** A number of the call that can be changed. `field` and `axis` name what it changes; both sides at once for a symmetric pad. */
export interface NumberPart {
  readonly kind: "number";
  readonly field: "strides" | "dilations" | "padding";
  /** For padding, the sides: 0 top, 1 bottom, 2 left, 3 right. */
  readonly at: readonly number[];
  readonly value: number;
  readonly label: string;
}
export interface ChoicePart {
  readonly kind: "choice";
  readonly text: string;
  readonly label: string;
}
export interface NamePart {
  readonly kind: "name";
  readonly text: string;
}
export type Part = string | NamePart | NumberPart | ChoicePart;

const AXES = ["rows", "columns"] as const;
const SIDES = ["top", "bottom", "left", "right"] as const;

const pair = (field: "strides" | "dilations", word: string, values: Pair): Part[] => [
  { kind: "number", field, at: [0], value: values[0], label: `${word}, ${AXES[0]}` },
  ", ",
  { kind: "number", field, at: [1], value: values[1], label: `${word}, ${AXES[1]}` },
];
const side = (at: readonly number[], values: readonly number[]): NumberPart => ({
  kind: "number", field: "padding", at, value: values[at[0] ?? 0] ?? 0,
  label: `padding, ${at.map((index) => SIDES[index]).join(" and ")}`,
});

/** A Python literal that is a float whatever the value: torch refuses a bias of integers. */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.` : String(value));

/** Pads that follow from the operation: top, bottom, left, right. */
export function padsOf({ y, x }: Pick<Geometry, "y" | "x">): readonly [number, number, number, number] {
  return [y.padBefore, y.padAfter, x.padBefore, x.padAfter];
}

export function spellCall(framework: Framework, asked: Asked, geometry: Pick<Geometry, "y" | "x">): Part[] {
  return framework === "tensorflow" ? spellTensorFlow(asked) : spellPyTorch(asked, padsOf(geometry));
}

function spellTensorFlow({ strides, dilations, padding, bias }: Asked): Part[] {
  const pads = typeof padding === "string" ? null : padding.flat();
  const spelled: Part[] = pads
    ? ["[[0, 0], [", side([0], pads), ", ", side([1], pads), "], [", side([2], pads), ", ", side([3], pads), "], [0, 0]]",
       { kind: "choice", text: "", label: "padding: custom sides. Change." }]
    : [{ kind: "choice", text: `'${padding as string}'`, label: `padding: ${padding as string}. Change.` }];
  return [
    "tf.nn.", { kind: "name", text: "conv2d" }, "(input, filters, strides=[", ...pair("strides", "stride", strides), "], padding=", ...spelled,
    ", dilations=[", ...pair("dilations", "dilation", dilations), "])", ...(bias === 0 ? [] : [` + ${bias}`]),
  ];
}

function spellPyTorch({ strides, dilations, padding, bias }: Asked, pads: readonly [number, number, number, number]): Part[] {
  const [top, bottom, left, right] = pads;
  const custom = typeof padding !== "string";
  const lopsided = top !== bottom || left !== right;
  const sides: Part[] = custom
    ? [side([2], pads), ", ", side([3], pads), ", ", side([0], pads), ", ", side([1], pads)]
    : [`${left}, ${right}, ${top}, ${bottom}`];
  const choice = (text: string): ChoicePart => ({
    kind: "choice", text, label: `padding: ${custom ? "custom sides" : (padding as string)}. Change.`,
  });
  const spelled: Part[] =
    lopsided ? [choice("0")]
    : custom ? ["(", side([0, 1], pads), ", ", side([2, 3], pads), ")", choice("")]
    : [choice(`(${top}, ${left})`)];
  return [
    "F.", { kind: "name", text: "conv2d" },
    ...(lopsided ? ["(F.pad(input, (", ...sides, ")), weight, "] : ["(input, weight, "]),
    ...(bias === 0 ? [] : [`bias=torch.tensor([${float(bias)}]), `]),
    "stride=(", ...pair("strides", "stride", strides), "), padding=", ...spelled,
    ", dilation=(", ...pair("dilations", "dilation", dilations), "))",
  ];
}

/** Activations in the framework's own axis order, batch first. */
export function tensorShape(framework: Framework, height: number, width: number, channels: number): string {
  return framework === "pytorch" ? `[1, ${channels}, ${height}, ${width}]` : `[1, ${height}, ${width}, ${channels}]`;
}

/** Weights in the framework's own order: OIHW or HWIO. */
export function weightShape(framework: Framework, rows: number, columns: number, inChannels: number): string {
  return framework === "pytorch" ? `[1, ${inChannels}, ${rows}, ${columns}]` : `[${rows}, ${columns}, ${inChannels}, 1]`;
}
