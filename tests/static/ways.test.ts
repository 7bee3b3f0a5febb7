import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Equivalence, StagePlane } from "../../static/src/api-types.ts";
import { tapColour } from "../../static/src/colour.ts";
import { outChannels, planned } from "../../static/src/asked.ts";
import { type Geometry, source, taps } from "../../static/src/geometry.ts";
import { planeOf } from "../../static/src/kernels/bank.ts";
import { type Asked, DEFAULTS, type Plane } from "../../static/src/state.ts";
import { type Reads, readsOf } from "../../static/src/ways/marks.ts";
import { gathered, openingOf } from "../../static/src/ways/openings.ts";
import { SHEET, SHEET_LINES, type View, arrange, closeCell, closeUp, figureOf, lookedAt } from "../../static/src/ways/scene.ts";

interface Case {
  readonly name: string;
  readonly request: {
    readonly input: { readonly values: readonly (readonly (number | readonly number[])[])[] };
    readonly operation: Readonly<Record<string, unknown>> & { readonly type: Asked["operation"]; readonly kernel: Plane };
  };
  readonly ways: readonly Equivalence[];
}
const CASES = JSON.parse(readFileSync(new URL("../golden/ways.json", import.meta.url), "utf8")) as Case[];

const channelsIn = ({ request: { input } }: Case): number => [input.values[0]?.[0]].flat().length;

function askedOf(of: Case): Asked {
  const { input, operation: spec } = of.request;
  return {
    ...DEFAULTS, operation: spec.type, filter: null, kernel: spec.kernel, longest: "full", scale: "0..255",
    ...(["strides", "dilations", "padding"] as const).reduce((all, name) => (name in spec ? { ...all, [name]: spec[name] } : all), {}),
    ...("padding_mode" in spec ? { paddingMode: spec.padding_mode as Asked["paddingMode"] } : {}),
    ...("output_padding" in spec ? { outputPadding: spec.output_padding as Asked["outputPadding"] } : {}),
    flipKernel: spec.flip_kernel === true,
    source: {
      key: "", title: "", kind: "numbers", height: input.values.length, width: input.values[0]?.length ?? 0, channels: channelsIn(of), reference: {},
    },
  };
}

const geometryOf = (asked: Asked): Geometry => planned(asked) ?? assert.fail("it does not fit");

/** What lies under the tap, over all lit cells that have one. */
const byTap = ({ lit }: Reads, { values }: StagePlane): Map<string, number> =>
  new Map(lit.map(({ row, column, tap }) => [String(tap), values[row]?.[column] ?? NaN]));

for (const one of CASES) {
  const asked = askedOf(one);
  const geometry = geometryOf(asked);
  const { y, x } = geometry;
  const places = Array.from({ length: geometry.positions }, (_, at) => [Math.floor(at / x.outputSize), at % x.outputSize] as const);
  for (const way of one.ways.filter(({ refusal }) => refusal === null)) {
    const planesOf = (stage: string): readonly StagePlane[] => way.stages.find(({ name }) => name === stage)?.planes ?? [];
    const reads = (stage: string, plane: number, [row, column]: readonly [number, number]): Reads | null => {
      const { values } = planesOf(stage)[plane] ?? assert.fail(stage);
      return readsOf({ way: way.name, stage, plane, rows: values.length, columns: values[0]?.length ?? 0 }, { y, x, flip: asked.flipKernel }, row, column);
    };
    /** The one plane of a stage that has a part in it, with its reads. */
    const part = (stage: string, at: readonly [number, number]): { read: Reads; plane: StagePlane } => {
      const parts = planesOf(stage).flatMap((plane, index) => { const read = reads(stage, index, at); return read ? [{ read, plane }] : []; });
      assert.equal(parts.length, 1, stage);
      return parts[0] ?? assert.fail();
    };
    const value = (stage: string, at: readonly [number, number]): number => {
      const { read, plane } = part(stage, at);
      assert.equal(read.lit.length, 1);
      const [cell] = read.lit;
      return (cell && plane.values[cell.row]?.[cell.column]) ?? NaN;
    };
    const folded = (cells: string, weights: string, at: readonly [number, number]): number => {
      const [under, over] = [part(cells, at), part(weights, at)].map(({ read, plane }) => byTap(read, plane)) as [Map<string, number>, Map<string, number>];
      assert.deepEqual([...under.keys()].sort(), [...over.keys()].sort());
      return [...under].reduce((sum, [tap, cell]) => sum + cell * (over.get(tap) ?? NaN), 0);
    };

    test(`${one.name}: ${way.name} adds up along the cells that are lit`, () => {
      assert.equal(way.holds, true);
      const single = channelsIn(one) === 1;
      for (const at of places) {
        const [row, column] = at;
        const output = value("output", at);
        assert.equal(output, planesOf("output")[0]?.values[row]?.[column]);
        const same: Readonly<Record<string, () => number[]>> = {
          zero_stuffed: () => [folded("padded", "kernel", at), folded("padded", "stuffed", at)],
          space_to_batch: () => [folded("padded", "kernel", at), folded("blocks", "kernel", at), value("convolved", at)],
          turned: () => [...(y.crop ? [] : [folded("padded", "kernel", at), folded("padded", "turned", at)])],
          separable: () => [folded("padded", "kernel", at)],
          transposed_as_convolution: () => [folded("padded", "turned", at)],
        };
        if (single) for (const sum of same[way.name]?.() ?? []) assert.equal(sum, output);
        if (way.name === "im2col") {
          const [row_, weights] = [part("matrix", at), part("weights", at)];
          const products = row_.read.lit.map((lit, tap) => (row_.plane.values[lit.row]?.[lit.column] ?? NaN) * (weights.plane.values[tap]?.[0] ?? NaN));
          assert.equal(products.reduce((sum, product) => sum + product, 0), output);
          assert.equal(value("product", at), output);
        }
        // A window on the padding alone reads nothing of the first pass.
        if (way.name === "separable" && single && !reads("between", 0, at)) assert.equal(output, 0);
        else if (way.name === "separable" && single) {
          const between = byTap(part("between", at).read, part("between", at).plane);
          const across = byTap(part("row", at).read, part("row", at).plane);
          assert.ok([...between.keys()].every((tap) => across.has(tap)));
          assert.equal([...between].reduce((sum, [tap, cell]) => sum + cell * (across.get(tap) ?? NaN), 0), output);
        }
        if (way.name === "depthwise_pointwise") {
          const mixing = planesOf("pointwise")[0]?.values[0] ?? [];
          const sums = planesOf("between").map(({ values }) => values[row]?.[column] ?? NaN);
          assert.ok(planesOf("between").every((_, plane) => reads("between", plane, at)?.lit.length === 1));
          assert.equal(sums.reduce((sum, cell, plane) => sum + cell * (mixing[plane] ?? NaN), 0), output);
          assert.equal(folded("padded", "depthwise", at), sums[0]);
        }
      }
    });

    for (const { name: stage } of way.stages) {
      const at = places[Math.min(places.length - 1, x.outputSize + 2)] ?? assert.fail();
      const channels = channelsIn(one);
      const opening = openingOf(way, stage, { asked, geometry, outChannels: outChannels(asked), inChannels: channels, groupChannels: channels }, ...at);
      if (!opening) continue;
      test(`${one.name}: ${way.name} opens its ${stage} as an operation`, () => {
        const input = { values: Float32Array.from(one.request.input.values.flat(2)), width: asked.source.width, channels };
        const cells = opening.cells ? gathered(opening.cells, input) : { shape: [asked.source.height, asked.source.width, channels] as const, values: input.values };
        const [height, width, deep] = cells.shape;
        const then: Asked = { ...asked, ...opening.part, source: { ...asked.source, height, width, channels: deep } };
        const planes = planesOf(stage);
        const drawn = stage === "convolved" ? planes.filter((_, index) => reads(stage, index, at)) : planes;
        const found = outputs(then, cells.values);
        assert.deepEqual(found.slice(0, drawn.length), drawn.map(({ values }) => values));
        const output = planesOf("output")[0]?.values[at[0]]?.[at[1]];
        if (opening.at && stage !== "other") assert.equal(found[0]?.[opening.at[0]]?.[opening.at[1]], output);
        assert.equal(opening.at === undefined, opening.cells === null);
      });
    }
  }
}

test("what can be opened is opened", () => {
  const opens = CASES.flatMap((one) => {
    const asked = askedOf(one);
    const channels = channelsIn(one);
    const of = { asked, geometry: geometryOf(asked), outChannels: 1, inChannels: channels, groupChannels: channels };
    return one.ways.flatMap((way) => way.stages.flatMap(({ name }) => (openingOf(way, name, of, 1, 2) ? [`${way.name}.${name}`] : [])));
  });
  assert.deepEqual([...new Set(opens)].sort(), [
    "depthwise_pointwise.between", "depthwise_pointwise.output", "separable.between", "separable.output", "space_to_batch.convolved",
    "transposed_as_convolution.output", "turned.other", "turned.output", "zero_stuffed.output",
  ]);
});

/** Every output channel of a convolution, plainly. */
function outputs(asked: Asked, values: Uint8Array | Float32Array): number[][][] {
  const { y, x } = geometryOf(asked);
  const { width, channels } = asked.source;
  const depthwise = asked.operation === "depthwise_conv2d";
  if (asked.operation === "conv2d_transpose") return stampedOutputs(asked, values);
  return Array.from({ length: outChannels(asked) }, (_, out) => Array.from({ length: y.outputSize }, (__, row) => Array.from({ length: x.outputSize }, (___, column) => {
    let sum = 0;
    for (const channel of depthwise ? [out] : Array.from({ length: channels }, (____, index) => index)) {
      const plane = planeOf(asked.kernel, channel, depthwise ? 0 : out);
      taps(y, row).forEach((down, i) => taps(x, column).forEach((across, j) => {
        const [from, at] = [source(y, down), source(x, across)];
        const weight = asked.flipKernel ? plane[y.kernelSize - 1 - i]?.[x.kernelSize - 1 - j] : plane[i]?.[j];
        if (from !== null && at !== null) sum += (values[(from * width + at) * channels + channel] ?? NaN) * (weight ?? NaN);
      }));
    }
    return sum;
  })));
}

function stampedOutputs(asked: Asked, values: Uint8Array | Float32Array): number[][][] {
  const { y, x } = geometryOf(asked);
  const plane = Array.from({ length: y.outputSize }, () => Array.from({ length: x.outputSize }, () => 0));
  const weights = planeOf(asked.kernel, 0);
  for (let row = 0; row < y.inputSize; row++) for (let column = 0; column < x.inputSize; column++) {
    y.offsets.forEach((down, i) => x.offsets.forEach((across, j) => {
      const line = plane[y.first + row * y.stride + down];
      const at = x.first + column * x.stride + across;
      const weight = asked.flipKernel ? weights[y.kernelSize - 1 - i]?.[x.kernelSize - 1 - j] : weights[i]?.[j];
      if (line && at in line) line[at] = (line[at] ?? 0) + (values[row * x.inputSize + column] ?? NaN) * (weight ?? NaN);
    }));
  }
  return [plane];
}

test("a plane is drawn whole where it fits, and else around what is read", () => {
  assert.deepEqual(figureOf(66, 66, null, { width: 300, height: 300 }, 40), { cell: 4, margin: 3, top: 0, left: 0, rows: 66, columns: 66 });
  assert.equal(figureOf(3, 3, null, { width: 300, height: 300 }, 40).cell, 40);
  const row = { top: 2000, left: 0, height: 1, width: 27 };
  const { cell, top, rows, left, columns } = figureOf(4096, 27, row, { width: 300, height: 300 }, 40);
  assert.deepEqual([left, columns, cell], [0, 27, 10]);
  assert.ok(top <= 2000 && 2000 < top + rows && rows * cell <= 300);
  assert.equal(figureOf(4096, 1, { ...row, top: 0, width: 1 }, { width: 300, height: 300 }, 40).top, 0);
  const last = figureOf(4096, 1, { ...row, top: 4095, width: 1 }, { width: 300, height: 300 }, 40);
  assert.equal(last.top + last.rows, 4096);
});

const square = (...sides: number[]) => sides.map((side) => [side, side] as const);
const MIXED = square(66, 68, 3, 68, 64);
const KERNEL = [3, 3] as const;

/** Of the first stage's picture. */
function side(view: View, columns = MIXED, kernel: readonly [number, number] = KERNEL): number {
  const [one] = arrange(view, columns, kernel).places;
  return Math.min(one?.room.width ?? 0, one?.room.height ?? 0);
}

test("stages stand in one line while they are large enough, and two at a time where they are not", () => {
  const view = (width: number, height: number, rem = 16) => ({ width, height, rem });
  const wide = (width: number, columns = MIXED): number => arrange(view(width, 700), columns, KERNEL).places.reduce((sum, place) => sum + place.width + 36, 28);
  assert.ok(wide(1440, MIXED) <= 1440 && wide(1440, square(66, 3, 1, 192, 3, 64)) <= 1440 && wide(2560, MIXED) <= 2560);
  const [kernel, output] = arrange(view(1440, 700), square(3, 64), KERNEL).places;
  assert.ok((kernel?.width ?? 0) < (output?.width ?? 0));
  // What a larger kernel's close-up takes, the pictures give.
  assert.ok(side(view(1000, 620), square(66, 64), [5, 5]) < side(view(1000, 620), square(66, 64)) && closeCell(view(1440, 680), 5, 5) * 5 <= 160 && closeCell(view(1440, 680), 5, 5) >= 22);
  for (const [width, height, rem] of [[834, 800, 16], [390, 700, 16]] as const) {
    const { all, places: [one] } = arrange(view(width, height, rem), MIXED, KERNEL);
    assert.equal(all, false, `${width} ${height}`);
    assert.ok(2 * (one?.width ?? NaN) + 20 <= width - 32);
  }
});

test("larger windows have larger pictures, whatever the size of their writing", () => {
  const sides = [[1280, 495, 16], [1440, 675, 16], [1920, 828, 18], [2560, 1134, 22]].map(([width = 0, height = 0, rem = 0]) => side({ width, height, rem }));
  assert.deepEqual(sides, [...sides].sort((one, other) => one - other));
  assert.ok((sides[3] ?? 0) > 2560 / 6, String(sides));
  // Cells that can be read need no close-ups, whose room is theirs.
  const small = arrange({ width: 1440, height: 675, rem: 16 }, square(8, 8, 3, 4), KERNEL);
  assert.deepEqual([small.closer, (small.places[0]?.room.height ?? 0) > (sides[1] ?? 0)], [false, true]);
  // On a projector with writing for the last row.
  assert.ok(side({ width: 1920, height: 864, rem: 25 }) > 1920 / 6);
});

test("where the place is high for its width all stages stand in two lines, and so they do on paper", () => {
  assert.equal(arrange({ width: 834, height: 840, rem: 16 }, square(68, 3, 7, 64), KERNEL).across, 2);
  assert.equal(arrange({ width: 1440, height: 675, rem: 16 }, square(68, 3, 7, 64), KERNEL).across, 4);
  for (const sizes of [MIXED, square(66, 3, 1, 192, 3, 64), square(64, 3, 64)]) {
    const { across, places } = arrange(SHEET, sizes, KERNEL, SHEET_LINES);
    assert.equal(across, Math.ceil(sizes.length / 2));
    for (const { room, width, beside } of places) {
      assert.ok(beside && width - room.width >= 114 && across * width + (across - 1) * 36 <= 976);
      assert.ok(2 * (room.height + 68) + 16 <= 500);
    }
  }
});

test("from close by the taps of a window stand without its gaps, and cells of several planes side by side", () => {
  const window = readsOf({ way: "zero_stuffed", stage: "padded", plane: 0, rows: 9, columns: 9 }, { ...geometryOf(askedOf(CASES[0] as Case)), flip: false }, 1, 1);
  const { rows, columns, cells } = closeUp([window], null);
  assert.deepEqual([rows, columns, cells.length], [2, 3, 6]);
  assert.deepEqual(cells[5]?.of, { row: 3, column: 7 });
  const single: Reads = { box: { top: 2, left: 3, height: 1, width: 1 }, lit: [{ row: 2, column: 3, tap: null }] };
  assert.deepEqual(closeUp([single, null, single], null).cells.map(({ column, plane }) => [column, plane]), [[0, 0], [2, 2]]);
});

test("what is painted of a plane: all of it faint until it is reached, then the cells that are read, in the colours of their taps", () => {
  const { y, x } = geometryOf(askedOf(CASES[0] as Case));
  const moment = { way: "space_to_batch", y, x, flip: false, row: 1, column: 1, zeros: true, dark: false, rem: 16 };
  const room = { width: 300, height: 300 };
  const [padded] = lookedAt("padded", [[7, 12]], true, room, moment);
  assert.deepEqual(padded?.frame, { top: 1, left: 1, height: 3, width: 7 });
  assert.deepEqual(padded.cells, { top: y.padBefore, left: x.padBefore, height: 5, width: 6 });
  assert.deepEqual(padded.lit.map(({ row, column }) => [row, column]), [[1, 1], [1, 4], [1, 7], [3, 1], [3, 4], [3, 7]]);
  const colours = padded.lit.map(({ colour }) => colour);
  assert.deepEqual(colours[4], tapColour(1, 1, 2, 3, false));
  // The block's cells have the colours that they have in the input.
  const blocks = lookedAt("blocks", Array.from({ length: 6 }, () => [4, 4] as const), true, room, moment);
  assert.deepEqual(blocks.map(({ faint }) => faint), [true, true, true, true, false, true]);
  assert.deepEqual(blocks[4]?.lit.map(({ colour }) => colour), colours);
  assert.deepEqual(lookedAt("kernel", [[2, 3]], true, room, moment)[0]?.lit.map(({ colour }) => colour), colours);
  // A kernel is read as a whole: no frame around it.
  assert.equal(lookedAt("kernel", [[2, 3]], true, room, moment)[0]?.frame, null);
  const later = lookedAt("padded", [[7, 12]], false, room, { ...moment, zeros: false })[0];
  assert.deepEqual([later?.faint, later?.lit, later?.frame, later?.cells], [true, [], null, null]);
});
