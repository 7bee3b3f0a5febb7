/**
 * The same operation in the words of each framework, as parts the call widget turns into text and tokens.
 * Spelling never changes the numbers: what a framework cannot say in one call is shown with what it takes, and what it
 * refuses is said in a note after the call.
 */
import type { TraceInfo } from "./api.ts";
import { isPool, isTransposed, outChannels } from "./asked.ts";
import type { AxisGeometry, Geometry } from "./geometry.ts";
import type { Asked, Framework, OperationType, PaddingMode, Pair } from "./state.ts";
import { text } from "./text/text.ts";

type PairField = "strides" | "dilations" | "kernelSize" | "outputPadding";
export type FlagField = "ceilMode" | "countIncludePad";

/** A number of the call that can be changed. `field` and `axis` name what it changes; both sides at once for a symmetric pad. */
export interface NumberPart {
  readonly kind: "number";
  readonly field: PairField | "padding" | "groups";
  /** For padding, the sides: 0 top, 1 bottom, 2 left, 3 right. */
  readonly at: readonly number[];
  readonly value: number;
  readonly label: string;
  /** It is shown with this added; default: 0. */
  readonly base?: number;
  /** More than this would be refused. */
  readonly most?: number;
}
export interface ChoicePart {
  readonly kind: "choice";
  readonly of: "operation" | "padding" | "activation";
  readonly text: string;
  readonly label: string;
}
export interface FlagPart {
  readonly kind: "flag";
  readonly field: FlagField;
  readonly value: boolean;
  readonly label: string;
}
/** Why the framework cannot do this in one call. */
export interface NotePart {
  readonly kind: "note";
  readonly text: string;
}
export type Part = string | NumberPart | ChoicePart | FlagPart | NotePart;
/** Pads that follow from the operation: top, bottom, left, right. */
type Pads = readonly [number, number, number, number];

const SIDES = ["top", "bottom", "left", "right"] as const;

const pair = (field: PairField, values: Pair): Part[] => {
  const words = text().call;
  return [
    { kind: "number", field, at: [0], value: values[0], label: words.rows(words[field]) },
    ", ",
    { kind: "number", field, at: [1], value: values[1], label: words.columns(words[field]) },
  ];
};
const side = (at: readonly number[], values: readonly number[]): NumberPart => ({
  kind: "number", field: "padding", at, value: values[at[0] ?? 0] ?? 0,
  label: sidesLabel(at),
});
function sidesLabel(at: readonly number[]): string {
  const { sides, paddingSides } = text().call;
  const [first = "", second = null] = at.flatMap((index) => SIDES[index] ?? []).map((name) => sides[name]);
  return paddingSides(first, second);
}
const padding = ({ padding: rule }: Asked, spelled: string): ChoicePart => ({
  kind: "choice", of: "padding", text: spelled, label: text().call.padding(typeof rule === "string" ? rule : text().call.customSides),
});
const named = (operation: OperationType, spelled: string): ChoicePart => ({
  kind: "choice", of: "operation", text: spelled, label: text().call.operation(operation),
});
const flag = (field: FlagField, label: string, value: boolean): FlagPart => ({ kind: "flag", field, label, value });

/** A Python literal that is a float whatever the value: torch refuses a bias of integers. */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.` : String(value));

/** Of a transposed convolution, what is cropped. */
export function padsOf({ y, x }: Pick<Geometry, "y" | "x">): Pads {
  const after = ({ crop, padAfter }: AxisGeometry): number => (crop === null ? padAfter : Math.max(0, crop[1]));
  return [y.crop?.[0] ?? y.padBefore, after(y), x.crop?.[0] ?? x.padBefore, after(x)];
}

export function spellCall(framework: Framework, asked: Asked, geometry: Pick<Geometry, "y" | "x">): Part[] {
  const pads = padsOf(geometry);
  if (isPool(asked.operation))
    return framework === "tensorflow" ? tensorFlowPool(asked, pads, geometry) : torchPool(asked, pads);
  if (isTransposed(asked.operation))
    return framework === "tensorflow" ? tensorFlowTransposed(asked, geometry) : torchTransposed(asked, pads, geometry);
  return framework === "tensorflow" ? spellTensorFlow(asked, pads) : spellPyTorch(asked, pads);
}

const isPlain = (pads: Pads): boolean => pads.every((pad) => pad === 0);
const isLopsided = ([top, bottom, left, right]: Pads): boolean => top !== bottom || left !== right;

/** The value of TensorFlow's argument `padding`: a name, or all sides. */
function tensorFlowPadding(asked: Asked): Part[] {
  if (typeof asked.padding === "string") return [padding(asked, `'${asked.padding}'`)];
  const pads = asked.padding.flat();
  return ["[[0, 0], [", side([0], pads), ", ", side([1], pads), "], [", side([2], pads), ", ", side([3], pads), "], [0, 0]]", padding(asked, "")];
}

/** The argument of torch's F.pad: the last axis first. */
function torchSides(asked: Asked, pads: Pads): Part[] {
  const [top, bottom, left, right] = pads;
  return typeof asked.padding === "string" ? [`${left}, ${right}, ${top}, ${bottom}`]
    : [side([2], pads), ", ", side([3], pads), ", ", side([0], pads), ", ", side([1], pads)];
}

/** The value of torch's argument `padding`, when both sides of an axis are the same. */
function torchPadding(asked: Asked, pads: Pads): Part[] {
  return typeof asked.padding === "string" ? [padding(asked, `(${pads[0]}, ${pads[2]})`)]
    : ["(", side([0, 1], pads), ", ", side([2, 3], pads), ")", padding(asked, "")];
}

/** One number for each output channel; spelled out where they are few. */
function torchBias(asked: Asked): string {
  const count = outChannels(asked);
  const one = float(asked.bias);
  return count > 4 ? `bias=torch.full((${count},), ${one}), ` : `bias=torch.tensor([${Array.from({ length: count }, () => one).join(", ")}]), `;
}

/** The call inside of its activation, where there is one. */
function activated({ activation }: Asked, module: string, call: readonly Part[]): Part[] {
  if (activation === null) return [...call];
  return [module, { kind: "choice", of: "activation", text: activation, label: text().call.activation(activation) }, "(", ...call, ")"];
}

const TF_MODES: Readonly<Partial<Record<PaddingMode, string>>> = { reflect: "REFLECT" };

function spellTensorFlow(asked: Asked, pads: Pads): Part[] {
  const { operation, strides, dilations, paddingMode, flipKernel } = asked;
  const { bias } = asked;
  const beforehand = paddingMode !== "zeros" && !isPlain(pads);
  const depthwise = operation === "depthwise_conv2d";
  const mode = TF_MODES[paddingMode];
  const [top, bottom, left, right] = pads;
  const sides: Part[] = typeof asked.padding === "string" ? [`[[0, 0], [${top}, ${bottom}], [${left}, ${right}], [0, 0]]`] : tensorFlowPadding(asked);
  const call: Part[] = [
    "tf.nn.", named(operation, operation), ...(beforehand && mode ? ["(tf.pad(input, ", ...sides, `, mode='${mode}'), `] : ["(input, "]),
    flipKernel ? "tf.reverse(filters, [0, 1])" : "filters", depthwise ? ", strides=[1, " : ", strides=[", ...pair("strides", strides),
    depthwise ? ", 1], padding=" : "], padding=", ...(!beforehand || !mode ? tensorFlowPadding(asked) : [typeof asked.padding === "string" ? padding(asked, "'VALID'") : "'VALID'"]),
    ", dilations=[", ...pair("dilations", dilations), "])", ...(bias === 0 ? [] : [` + ${bias}`]),
  ];
  return [
    ...activated(asked, "tf.nn.", call),
    ...[
      beforehand && !mode ? text().call.noMode(paddingMode) : "",
      depthwise && strides[0] !== strides[1] ? text().call.sameStride : "",
      depthwise && strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1)
        ? text().call.strideOrDilation : "",
    ].filter((note) => note !== "").map((note): NotePart => ({ kind: "note", text: note })),
  ];
}

function spellPyTorch(asked: Asked, pads: Pads): Part[] {
  const { operation, strides, dilations, paddingMode, flipKernel, groups } = asked;
  const { bias } = asked;
  const depthwise = operation === "depthwise_conv2d";
  const grouped: Part[] = depthwise ? [", groups=channels"]
    : groups === 1 ? [] : [", groups=", { kind: "number", field: "groups", at: [], value: groups, label: text().call.groups }];
  const reads = paddingMode !== "zeros" && !isPlain(pads);
  const beforehand = isLopsided(pads) || reads;
  return activated(asked, "torch.", [
    "F.", named(operation, "conv2d"),
    ...(beforehand ? ["(F.pad(input, (", ...torchSides(asked, pads), reads ? `), mode='${paddingMode}'), ` : ")), "] : ["(input, "]),
    flipKernel ? "weight.flip(2, 3), " : "weight, ",
    ...(bias === 0 ? [] : [torchBias(asked)]),
    "stride=(", ...pair("strides", strides), "), padding=", ...(beforehand ? [padding(asked, "0")] : torchPadding(asked, pads)),
    ", dilation=(", ...pair("dilations", dilations), ")", ...grouped, ")",
  ]);
}

/** How many cells there are more at the end of each axis; with SAME they follow from the stride. */
const added = ({ y, x }: Pick<Geometry, "y" | "x">): Pair => [Math.max(0, -(y.crop?.[1] ?? 0)), Math.max(0, -(x.crop?.[1] ?? 0))];

/** `base` is what it is shown on top of. */
function outputPadding({ outputPadding: cells, strides, dilations }: Asked, at: 0 | 1, base = 0): NumberPart {
  const most = Math.max(strides[at], dilations[at]) - 1;
  const words = text().call;
  return { kind: "number", field: "outputPadding", at: [at], value: cells[at], label: base === 0 ? words[AXES[at]](words.outputPadding) : words[LENGTHS[at]], base, most };
}
const LENGTHS = ["outputHeight", "outputWidth"] as const;
const AXES = ["rows", "columns"] as const;

function tensorFlowTransposed(asked: Asked, { y, x }: Pick<Geometry, "y" | "x">): Part[] {
  const { strides, dilations, flipKernel, groups } = asked;
  const { bias } = asked;
  const size = (at: 0 | 1): Part => {
    const { outputSize } = at === 0 ? y : x;
    return asked.padding === "SAME" ? String(outputSize) : outputPadding(asked, at, outputSize - asked.outputPadding[at]);
  };
  const beyond = asked.padding !== "SAME" && asked.outputPadding.some((cells, at) => cells >= (strides[at] ?? 1));
  const notes = [
    groups === 1 ? "" : text().call.noTransposedGroups,
    dilations.some((dilation) => dilation > 1) ? text().call.noTransposedDilation : "",
    beyond ? text().call.fewerAdded : "",
  ].filter((note) => note !== "");
  return [
    ...activated(asked, "tf.nn.", [
      "tf.nn.", named(asked.operation, "conv2d_transpose"), "(input, ", flipKernel ? "tf.reverse(filters, [0, 1])" : "filters",
      ", output_shape=[1, ", size(0), ", ", size(1), `, ${outChannels(asked)}], strides=[`, ...pair("strides", strides),
      "], padding=", ...tensorFlowPadding(asked), ", dilations=[", ...pair("dilations", dilations), "])", ...(bias === 0 ? [] : [` + ${bias}`]),
    ]),
    ...notes.map((note): NotePart => ({ kind: "note", text: note })),
  ];
}

/** Torch crops both sides of an axis alike; a pad of less than nothing crops them apart. */
function torchTransposed(asked: Asked, planned: Pads, geometry: Pick<Geometry, "y" | "x">): Part[] {
  const { strides, dilations, flipKernel, groups } = asked;
  const { bias } = asked;
  // What is added at the end is cropped less there, which the planned ones have in them.
  const pads = typeof asked.padding === "string" ? planned : (asked.padding.flat() as unknown as Pads);
  const lopsided = isLopsided(pads);
  const more = added(geometry);
  const less = (value: number): string => (value === 0 ? "0" : `-${value}`);
  const [top, bottom, left, right] = pads;
  const sides: Part[] = typeof asked.padding === "string" ? [[left, right, top, bottom].map(less).join(", ")]
    : ["-", side([2], pads), ", -", side([3], pads), ", -", side([0], pads), ", -", side([1], pads)];
  const extra: Part[] = asked.padding !== "SAME" ? [", output_padding=(", outputPadding(asked, 0), ", ", outputPadding(asked, 1), ")"]
    : more.some((cells) => cells > 0) ? [`, output_padding=(${more.join(", ")})`] : [];
  return activated(asked, "torch.", [
    ...(lopsided ? ["F.pad("] : []), "F.", named(asked.operation, "conv_transpose2d"), "(input, ", flipKernel ? "weight.flip(2, 3), " : "weight, ",
    ...(bias === 0 ? [] : [torchBias(asked)]),
    "stride=(", ...pair("strides", strides), "), padding=", ...(lopsided ? [padding(asked, "0")] : torchPadding(asked, pads)), ...extra,
    ...(groups === 1 ? [] : [", groups=", { kind: "number", field: "groups", at: [], value: groups, label: text().call.groups } as const]),
    ", dilation=(", ...pair("dilations", dilations), ")", ")", ...(lopsided ? [", (", ...sides, "))"] : []),
  ]);
}

function tensorFlowPool(asked: Asked, pads: Pads, { y, x }: Pick<Geometry, "y" | "x">): Part[] {
  const { operation, kernelSize, strides, dilations, countIncludePad } = asked;
  const dilated = dilations.some((dilation) => dilation > 1);
  const average = operation === "avg_pool2d";
  const counts = average && countIncludePad && !isPlain(pads);
  const notes = [
    y.overhang + x.overhang > 0 ? text().call.noCeil : "",
    dilated && strides.some((stride) => stride > 1) ? text().call.poolStrideOrDilation : "",
    average && !counts && typeof asked.padding !== "string" && !isPlain(pads) ? text().call.tensorFlowAverages : "",
  ].filter((note) => note !== "");
  const [top, bottom, left, right] = pads;
  const input: Part[] = counts && typeof asked.padding === "string" ? [`tf.pad(input, [[0, 0], [${top}, ${bottom}], [${left}, ${right}], [0, 0]])`]
    : counts ? ["tf.pad(input, ", ...tensorFlowPadding(asked), ")"] : ["input"];
  const rule: Part[] = !counts ? tensorFlowPadding(asked) : typeof asked.padding === "string" ? [padding(asked, "'VALID'")] : ["'VALID'"];
  const size = (name: string): Part[] => [`${name}=[`, ...pair("kernelSize", kernelSize), "], "];
  return [
    "tf.nn.", named(operation, dilated ? "pool" : operation), "(", ...input, ", ",
    ...(dilated ? [...size("window_shape"), `pooling_type='${average ? "AVG" : "MAX"}', `] : size("ksize")),
    "strides=[", ...pair("strides", strides), "], padding=", ...rule,
    ...(dilated ? [", dilations=[", ...pair("dilations", dilations), "]"] : []), ")",
    ...notes.map((note): NotePart => ({ kind: "note", text: note })),
  ];
}

function torchPool(asked: Asked, pads: Pads): Part[] {
  const { operation, kernelSize, strides, dilations, ceilMode, countIncludePad } = asked;
  const average = operation === "avg_pool2d";
  // torch pads a pool by half its window at most, and both sides of an axis alike.
  const lopsided = isLopsided(pads) || pads.some((pad, index) => 2 * pad > kernelSize[index < 2 ? 0 : 1]);
  const notes = [
    average && dilations.some((dilation) => dilation > 1) ? text().call.noAverageDilation : "",
    average && lopsided && !countIncludePad ? text().call.torchAverages : "",
  ].filter((note) => note !== "");
  return [
    "F.", named(operation, operation), "(",
    ...(lopsided ? ["F.pad(input, (", ...torchSides(asked, pads), average ? "))" : "), value=-torch.inf)"] : ["input"]),
    ", kernel_size=(", ...pair("kernelSize", kernelSize), "), stride=(", ...pair("strides", strides),
    "), padding=", ...(lopsided ? [padding(asked, "0")] : torchPadding(asked, pads)),
    ...(average ? [] : [", dilation=(", ...pair("dilations", dilations), ")"]),
    ", ceil_mode=", flag("ceilMode", text().call.ceilMode, ceilMode),
    ...(average ? [", count_include_pad=", flag("countIncludePad", text().call.countPadding, countIncludePad)] : []), ")",
    ...notes.map((note): NotePart => ({ kind: "note", text: note })),
  ];
}

/** Activations in the framework's own axis order, batch first. */
export function tensorShape(framework: Framework, height: number, width: number, channels: number): string {
  return framework === "pytorch" ? `[1, ${channels}, ${height}, ${width}]` : `[1, ${height}, ${width}, ${channels}]`;
}

/** Weights in the framework's own order: OIHW, or HWIO and HWIM; of a transposed convolution IOHW and HWOI. */
export function weightShape(framework: Framework, rows: number, columns: number, { operation, in_channels, group_channels, out_channels }: Channels): string {
  if (isTransposed(operation)) {
    const each = (out_channels * group_channels) / in_channels;
    return framework === "pytorch" ? `[${in_channels}, ${each}, ${rows}, ${columns}]` : `[${rows}, ${columns}, ${each}, ${in_channels}]`;
  }
  if (framework === "pytorch") return `[${out_channels}, ${group_channels}, ${rows}, ${columns}]`;
  return operation === "depthwise_conv2d" ? `[${rows}, ${columns}, ${in_channels}, ${out_channels / in_channels}]`
    : `[${rows}, ${columns}, ${group_channels}, ${out_channels}]`;
}

type Channels = Pick<TraceInfo, "operation" | "in_channels" | "group_channels" | "out_channels">;
