/**
 * The page as the query of a link, readable and strictly read: `?image=harbour&size=64&filter=sobel_x&stride=2,2&at=5,7`.
 * FIELDS has one line for each thing that a reload brings back; its words are what undo calls a change of it.
 */
import type { FilterPreset } from "./api.ts";
import { formatNumber } from "./format.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import { bankOf, channelsOf, isBank, outputsOf, planeOf, weightsOf } from "./kernels/bank.ts";
import { LARGEST_INPUT, OWN_KEY, numbersSource, planesOf } from "./numbers/planes.ts";
import type * as state from "./state.ts";
import { type Asked, DEFAULTS, LARGEST_KERNEL, LARGEST_STEP, type Pair, type Source } from "./state.ts";
import { filterTitle, sourceTitle } from "./text/names.ts";
import { text } from "./text/text.ts";
import { idNow } from "./uploads.ts";
import { type Form, choice, flag, kernel, look, names, number, oneOf, padding, pair, whole } from "./url-forms.ts";

/** How things look and where the playhead is. The theme is the person's own, and in no link. */
export interface View {
  readonly framework: state.Framework;
  readonly palette: state.PaletteChoice;
  readonly outputSize: "fit" | "true";
  /** Row and column of the output. */
  readonly at: Pair;
  readonly outChannel: number;
  readonly channel: number;
  readonly cadence: state.Cadence;
  readonly tap: number;
  readonly look: state.Look | null;
  readonly panel: state.Panel | null;
  readonly compared: state.Compared;
  readonly way: state.Way | null;
  readonly wayStep: number;
  /** A transposed convolution by its stamps: `at` is of the input then. */
  readonly stamping: boolean;
  readonly predicting: boolean;
  readonly presenting: boolean;
}

export interface Page extends Asked, View {}

/** What a link may name. */
export interface Known {
  /** The samples and the lessons. */
  readonly sources: readonly Source[];
  readonly filters: readonly FilterPreset[];
}

const VIEW = {
  framework: "tensorflow", palette: "signed", outputSize: "fit", at: [0, 0], outChannel: 0, channel: 0, cadence: "position", tap: 0, look: null,
  panel: null, compared: ["tensorflow_same", "pytorch_padding"], way: null, wayStep: 0, stamping: false, predicting: false, presenting: false,
} as const satisfies View;

interface Field {
  readonly name: string;
  /** Null leaves the field out. */
  write(page: Page): string | null;
  /** What it says of the page, or null when it cannot be read. */
  read(text: string, known: Known): Partial<Page> | null;
  /** Changed to `after`, as in "Undone: stride 2"; null where a change of it is not undone. */
  words(after: Page, before: Page, known: Known): string | null;
}

type Words<K extends keyof Page> = (value: Page[K], before: Page[K]) => string;

/** Left out while it is `usual`. */
function field<K extends keyof Page>(key: K, name: string, form: Form<Page[K]>, usual: Page[K] | undefined, words: Words<K> | null): Field {
  const left = usual === undefined ? null : form.write(usual);
  return {
    name,
    write(page) {
      const text = form.write(page[key]);
      return text === left ? null : text;
    },
    read(text) {
      const value = form.read(text);
      return value === undefined ? null : { [key]: value };
    },
    words: (after, before) => words?.(after[key], before[key]) ?? null,
  };
}

const asking = <K extends keyof typeof DEFAULTS>(key: K, name: string, form: Form<Asked[K]>, words: Words<K>): Field =>
  field(key, name, form as Form<Page[K]>, DEFAULTS[key] as Page[K], words);
const looking = <K extends keyof View>(key: K, name: string, form: Form<View[K]>, words: Words<K> | null = null): Field =>
  field(key, name, form as Form<Page[K]>, VIEW[key] as Page[K], words);

/** What is typed is called this. */
export const OWN_TITLE = "Numbers";
const UPLOAD = /^([0-9a-f]{32})\/(.*)$/s;
const numbers = kernel(LARGEST_INPUT);

const source: Field = {
  name: "image",
  write(page) {
    const { key, title, reference } = page.source;
    if (key === OWN_KEY) return numbers.write(numbersAsKernel(page.source));
    return "image_id" in reference ? `${idNow(key)}/${title}` : key;
  },
  read(text, { sources }) {
    const [, id, title] = UPLOAD.exec(text) ?? [];
    const named = sources.find(({ key }) => key === text);
    if (named) return { source: named };
    if (id !== undefined && title !== undefined) return { source: upload(id, title, [0, 0, 0]) };
    const typed = numbers.read(text);
    const channels = typed && (channelsOf(typed) ?? 1);
    if (typed === undefined || (channels !== 1 && channels !== 3) || outputsOf(typed) > 1) return null;
    return { source: numbersSource(Array.from({ length: channels }, (_, channel) => planeOf(typed, channel)), OWN_TITLE) };
  },
  words({ source: after }, { source: before }) {
    if (after.key !== OWN_KEY || before.kind !== "numbers") return text().history.image(sourceTitle(after));
    const value = onlyChange(numbersAsKernel(after), numbersAsKernel(before));
    return value === null ? text().history.inputNumbers : text().history.inputValue(formatNumber(value, 6));
  },
};

/** One plane, or one for each channel: written as weights are. */
function numbersAsKernel(of: Source): state.Kernel {
  const planes = planesOf(of) ?? [];
  return planes.length === 1 ? (planes[0] ?? []) : bankOf(planes.map((plane) => [plane]));
}

const filter: Field = {
  name: "filter",
  write: (page) => page.filter,
  read(text, { filters }) {
    const named = filters.find(({ name }) => name === text);
    return named ? { filter: named.name, kernel: named.kernel } : null;
  },
  words(after, _, { filters }) {
    const named = filters.find(({ name }) => name === after.filter);
    return named ? text().history.kernel(filterTitle(named)) : null;
  },
};

const weights = kernel(LARGEST_KERNEL);
const ownKernel: Field = {
  name: "kernel",
  write: (page) => (page.filter === null ? weights.write(page.kernel) : null),
  read(text) {
    const read = weights.read(text);
    return read ? { filter: null, kernel: read } : null;
  },
  words({ kernel: after }, { kernel: before }) {
    const weight = onlyChange(after, before);
    return weight === null ? text().history.weights : text().history.weight(formatNumber(weight, 6));
  },
};

/** The one number that is another, where it is one. */
function onlyChange(after: state.Kernel, before: state.Kernel): number | null {
  const values = weightsOf(after);
  const old = weightsOf(before);
  if (isBank(after) !== isBank(before) || values.length !== old.length || after.length !== before.length) return null;
  const [only, ...rest] = values.map((_, index) => index).filter((index) => values[index] !== old[index]);
  return only === undefined || rest.length > 0 ? null : (values[only] ?? 0);
}

/** "stride 2", "stride 2 by 1", or the one axis that was changed. */
const pairWords = (word: "window" | "stride" | "dilation" | "outputPadding") => ([rows, columns]: Pair, before: Pair): string => {
  const words = text().history;
  if (rows === before[0]) return words.columns(words[word], columns);
  if (columns === before[1]) return words.rows(words[word], rows);
  return words.pair(words[word], rows, columns);
};

const PALETTES = { signed: "", min_max: "", clip: "" };
const OUTPUT_SIZES = { fit: "", true: "" };
const SCALES = { "0..255": "", "0..1": "" };
const OPERATIONS = { conv2d: "conv2d", depthwise_conv2d: "depthwise_conv2d", conv2d_transpose: "conv2d_transpose", max_pool2d: "max_pool2d", avg_pool2d: "avg_pool2d" };
const PADDING_MODES = { zeros: "zeros", reflect: "reflect", replicate: "replicate", circular: "circular" };
const ACTIVATIONS = new Map<state.Activation | null, string>([[null, "none"], ["relu", "relu"], ["sigmoid", "sigmoid"], ["tanh", "tanh"]]);
const PANELS = new Map<state.Panel | null, string>([[null, ""], ["explain", "explain"], ["code", "code"], ["compare", "compare"], ["rest", "rest"], ["export", "export"]]);
const WAYS = new Map<state.Way | null, string>([null, "zero_stuffed", "space_to_batch", "im2col", "separable", "turned", "depthwise_pointwise", "transposed_as_convolution"]
  .map((way) => [way as state.Way | null, way ?? ""]));
const CADENCES = { tap: "", position: "", row: "", everything: "" };
const LONGEST_SIDE = 65_536;
const longest: Form<number | "full"> = {
  write: String,
  read: (text) => (text === "full" ? text : whole(1, LONGEST_SIDE).read(text)),
};

/** In the order of the link. The compiler misses a line here for every field of `Asked` that has none. */
const FIELDS: { readonly [K in keyof Page]-?: Field } = {
  source,
  longest: field("longest", "size", longest, undefined, (size) => (size === "full" ? text().history.fullSize : text().history.size(size))),
  scale: field("scale", "values", oneOf(SCALES), "0..255", (scale) => text().history.values(text().image.scales[scale])),
  operation: asking("operation", "operation", oneOf(OPERATIONS), (operation) => operation),
  filter,
  kernel: ownKernel,
  bias: asking("bias", "bias", number, (bias) => text().history.bias(formatNumber(bias, 6))),
  kernelSize: asking("kernelSize", "window", pair(1, LARGEST_KERNEL), pairWords("window")),
  strides: asking("strides", "stride", pair(1, LARGEST_STEP), pairWords("stride")),
  dilations: asking("dilations", "dilation", pair(1, LARGEST_STEP), pairWords("dilation")),
  padding: asking("padding", "padding", padding(99), (sides) => text().history.padding(typeof sides === "string" ? sides : sides.flat().join(", "))),
  outputPadding: asking("outputPadding", "output_padding", pair(0, LARGEST_STEP - 1), pairWords("outputPadding")),
  paddingMode: asking("paddingMode", "padding_mode", oneOf(PADDING_MODES), (mode) => text().history.paddingMode(mode)),
  groups: asking("groups", "groups", whole(1, LONGEST_SIDE), (groups) => text().history.groups(groups)),
  flipKernel: asking("flipKernel", "flip", flag, (on) => (on ? text().history.flipped : text().history.notFlipped)),
  activation: asking("activation", "activation", choice(ACTIVATIONS), (activation) => activation ?? text().history.noActivation),
  ceilMode: asking("ceilMode", "ceil", flag, (on) => (on ? text().history.partialKept : text().history.partialLeftOut)),
  countIncludePad: asking("countIncludePad", "count_padding", flag, (on) => (on ? text().history.paddingCounted : text().history.paddingNotCounted)),
  framework: looking("framework", "framework", oneOf(FRAMEWORKS), (framework) => FRAMEWORKS[framework]),
  palette: looking("palette", "palette", oneOf(PALETTES), (palette) => text().history.colours(text().output.palettes[palette])),
  outputSize: looking("outputSize", "output", oneOf(OUTPUT_SIZES), (size) => text().output.sizes[size]),
  outChannel: looking("outChannel", "out_channel", whole(0, LONGEST_SIDE)),
  at: looking("at", "at", pair(0, LONGEST_SIDE)),
  channel: looking("channel", "channel", whole(0, LONGEST_SIDE)),
  cadence: looking("cadence", "step", oneOf(CADENCES)),
  stamping: looking("stamping", "view", choice(new Map([[false, "gather"], [true, "stamp"]]))),
  look: looking("look", "look", look),
  tap: looking("tap", "tap", whole(0, Number.MAX_SAFE_INTEGER)),
  panel: looking("panel", "panel", choice(PANELS)),
  compared: looking("compared", "compare", names),
  way: looking("way", "way", choice(WAYS)),
  wayStep: looking("wayStep", "way_step", whole(0, 9)),
  predicting: looking("predicting", "predict", flag),
  presenting: looking("presenting", "present", flag),
};
const ORDER: readonly Field[] = Object.values(FIELDS);
const NAMES = new Map(ORDER.map((one) => [one.name, one]));

export function upload(id: string, title: string, [height, width, channels]: readonly [number, number, number], kind: "picture" | "array" = "picture"): Source {
  return { key: id, title, kind, height, width, channels, reference: { image_id: id } };
}

/** With its question mark; empty for the first visit. */
export function encode(page: Page, first: Page): string {
  const query = queryOf(page);
  return query === queryOf(first) ? "" : `?${query}`;
}

const queryOf = (page: Page): string =>
  ORDER.flatMap((one) => {
    const text = one.write(page);
    return text === null ? [] : [`${one.name}=${escape(text)}`];
  }).join("&");

/** Only what would end the value, or not survive in a query. */
const escape = (text: string): string =>
  encodeURIComponent(text).replace(/%2C|%3B|%3A|%2F/g, decodeURIComponent).replaceAll("%20", "+");

export interface Read {
  readonly page: Page;
  /** The parts of the link that say nothing to this page, as they stand in it. */
  readonly unread: readonly string[];
}

/** What the link leaves out is as on the first visit, or usual. An upload's height and width are 0: only the server knows them. */
export function decode(query: string, first: Page, known: Known): Read {
  const parameters = new URLSearchParams(query);
  if (parameters.size === 0) return { page: first, unread: [] };
  let page: Page = { ...first, scale: "0..255", ...DEFAULTS, ...VIEW };
  const unread: string[] = [];
  for (const name of new Set(parameters.keys())) {
    const [text = "", ...again] = parameters.getAll(name);
    const read = again.length === 0 ? NAMES.get(name)?.read(text, known) : null;
    if (read) page = { ...page, ...read };
    else unread.push(`${name}=${text}`);
  }
  return { page, unread };
}

export function split(page: Page): { asked: Asked; view: View } {
  const { framework, palette, outputSize, at, outChannel, channel, cadence, tap, look, panel, compared, way, wayStep, stamping, predicting, presenting, ...asked } = page;
  return { asked, view: { framework, palette, outputSize, at, outChannel, channel, cadence, tap, look, panel, compared, way, wayStep, stamping, predicting, presenting } };
}

const FULL_TEXT = 40;

export function unreadSentence(unread: readonly string[]): string | null {
  if (unread.length === 0) return null;
  const quoted = unread.map((text) => (text.length > FULL_TEXT ? `${text.slice(0, FULL_TEXT)}…` : text)).join(" · ");
  return text().notices.unread(unread.length, quoted);
}

/** What a change is called, after the first field it changed; null when it changed none that is undone. */
export function nameOfChange(after: Page, before: Page, known: Known): string | null {
  for (const one of ORDER) {
    if (one.write(after) === one.write(before)) continue;
    const words = one.words(after, before, known);
    if (words !== null) return words;
  }
  return null;
}
