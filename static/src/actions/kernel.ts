/** What changes the weights: the plane in view, or what cannot be done to one plane alone, all of them. */
import { batch } from "@preact/signals-core";
import { bankOf, channelsOf, isBank, mapPlanes, outputsOf, planeOf } from "../kernels/bank.ts";
import * as transform from "../kernels/transform.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import type { Kernel, Plane } from "../state.ts";
import type { Actions } from "./action.ts";
import { change } from "./operation.ts";

/** Which plane of a bank is in view: that of the channel under the loupe. A bank counts inputs, and of a depthwise one outputs, by group. */
const inView = (kernel: Kernel): { input: number; output: number } => ({
  input: ((shown.value?.firstChannel ?? 0) + state.channel.value) % (channelsOf(kernel) ?? 1),
  output: state.outChannel.value % outputsOf(kernel),
});

/** The weights that the editor shows, as they are asked for. */
export function planeInView(): Plane {
  const kernel = state.asked.value?.kernel ?? [];
  const { input, output } = inView(kernel);
  return planeOf(kernel, input, output);
}

/** `filter` names the preset that the weights are. In a bank, the larger of two sizes is the size of all planes. */
export function setPlane(plane: Plane, filter: string | null = null): void {
  const kernel = state.asked.peek()?.kernel;
  if (!kernel || !isBank(kernel)) {
    change({ kernel: plane, filter });
    return;
  }
  const at = inView(kernel);
  const rows = Math.max(kernel.length, plane.length);
  const columns = Math.max(kernel[0]?.length ?? 0, plane[0]?.length ?? 0);
  const planes = mapPlanes(kernel, (old, input, output) =>
    transform.resized(input === at.input && output === at.output ? plane : old, rows, columns));
  change({ kernel: planes, filter: null });
}

export const setWeight = (row: number, column: number, weight: number): void =>
  setPlane(transform.replaced(planeInView(), row, column, weight));

function changeAll(how: (plane: Plane) => Plane): void {
  const kernel = state.asked.peek()?.kernel;
  if (kernel) change({ kernel: mapPlanes(kernel, how), filter: null });
}

export const setSize = (rows: number, columns: number): void => changeAll((plane) => transform.resized(plane, rows, columns));

function turn(): void {
  const plane = planeInView();
  // Turned alone, an oblong plane would no longer be as large as the others.
  if (plane.length === plane[0]?.length) setPlane(transform.turned(plane));
  else changeAll(transform.turned);
}

/** Weights for each input channel, all like the one in view; or the ones in view for all. */
function split(apart: boolean): void {
  const plane = planeInView();
  const current = shown.peek();
  if (!current) return;
  const { in_channels, group_channels, out_channels } = current.info;
  const [inputs, outputs] = current.asked.operation !== "depthwise_conv2d" ? [group_channels, out_channels] : [in_channels, 1];
  const bank = bankOf(Array.from({ length: inputs }, () => Array.from({ length: outputs }, () => plane)));
  change({ kernel: apart ? bank : plane, filter: null });
}

/** How many outputs of each group, or of each channel, there are, before the server has answered too. */
export function outputsOfEach({ operation, groups, kernel }: state.Asked): { readonly groups: number; readonly each: number } {
  const among = operation === "depthwise_conv2d" ? 1 : groups;
  return { groups: among, each: isBank(kernel) ? outputsOf(kernel) / among : 1 };
}

/** One output channel more in each group, a quarter turn of the last where that fits; or without the one that is shown. */
function changeOutputs(by: 1 | -1): void {
  const asked = state.asked.peek();
  if (!asked) return;
  const { kernel, source } = asked;
  const { groups, each } = outputsOfEach(asked);
  if (by === -1 && each === 1) return;
  const inputs = source.channels / groups;
  const here = state.outChannel.peek() % each;
  const square = kernel.length === kernel[0]?.length;
  const outputs = Array.from({ length: groups }, (_, group) => {
    const own = Array.from({ length: each }, (_, output) => (plane: number) => planeOf(kernel, plane, group * each + output));
    const last = own[each - 1];
    const next = (input: number): Plane => (square ? transform.turned(last?.(input) ?? []) : (last?.(input) ?? []));
    return by === 1 ? [...own, next] : own.filter((_, output) => output !== here);
  }).flat();
  batch(() => {
    state.outChannel.value = by === 1 ? each : Math.max(0, here - 1);
    change({ kernel: bankOf(Array.from({ length: inputs }, (_, input) => outputs.map((of) => of(input)))), filter: null });
  });
}

const onPlane = (how: (plane: Plane) => Plane | null) => ({
  label: null,
  run: () => {
    const plane = how(planeInView());
    if (plane) setPlane(plane);
  },
});

export const kernel: Actions = {
  turn: { label: null, run: turn },
  mirror: onPlane(transform.mirrored),
  upend: onPlane(transform.upended),
  "divide-by-sum": onPlane(transform.dividedBySum),
  normalise: onPlane(transform.normalised),
  randomise: onPlane(transform.randomised),
  "add-output": { label: null, run: () => changeOutputs(1) },
  "remove-output": { label: null, run: () => changeOutputs(-1) },
  "split-channels": { label: null, run: (apart) => split(apart === "true") },
};
