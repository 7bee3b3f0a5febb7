import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type AxisGeometry,
  type AxisPadding,
  combine,
  coordinates,
  extent,
  firstReader,
  isCell,
  middleOf,
  outputAt,
  planAxis,
  planTransposedAxis,
  positionAt,
  stamped,
  taps,
  source,
} from "../../static/src/geometry.ts";
import type { PaddingMode } from "../../static/src/state.ts";

interface Asked {
  input_size: number;
  kernel_size: number;
  stride: number;
  dilation: number;
  padding: AxisPadding;
  span: number;
  padding_mode?: PaddingMode;
  ceil?: boolean;
}
interface Case extends Asked {
  pad_before: number;
  pad_after: number;
  output_size: number;
  leftover: number;
  overhang?: number;
  never_read: number[];
  taps: { first: number; stride: number; offsets: number[] };
}
type Refusal = Asked & { padded_size: number };

interface Stamps extends Asked {
  padding: "SAME" | "VALID" | [number, number];
  output_padding: number;
  output_size: number;
  crop_before: number;
  crop_after: number;
  never_read: number[];
  /** By output cell, the input cells that reach it and with which tap. */
  readers: [number, number][][];
}

const golden: { cases: Case[]; refusals: Refusal[]; modes: Case[]; ceilings: Case[]; stamps: Stamps[] } = JSON.parse(
  readFileSync(new URL("../golden/geometry.json", import.meta.url), "utf8"),
);

const plan = (asked: Asked): AxisGeometry =>
  planAxis({
    inputSize: asked.input_size,
    kernelSize: asked.kernel_size,
    stride: asked.stride,
    dilation: asked.dilation,
    padding: asked.padding,
    ...(asked.padding_mode ? { paddingMode: asked.padding_mode } : {}),
    ...(asked.ceil ? { ceil: true } : {}),
  });

test("every golden case", () => {
  assert.ok(golden.cases.length > 300);
  assert.ok(golden.modes.length > 60 && golden.ceilings.length > 60);
  for (const expected of [...golden.cases, ...golden.modes, ...golden.ceilings]) {
    assert.deepEqual(
      plan(expected),
      {
        inputSize: expected.input_size,
        kernelSize: expected.kernel_size,
        stride: expected.stride,
        dilation: expected.dilation,
        span: expected.span,
        padBefore: expected.pad_before,
        padAfter: expected.pad_after,
        outputSize: expected.output_size,
        leftover: expected.leftover,
        neverRead: expected.never_read,
        first: expected.taps.first,
        offsets: expected.taps.offsets,
        overhang: expected.overhang ?? 0,
        paddingMode: expected.padding_mode ?? "zeros",
        crop: null,
      },
      JSON.stringify(expected),
    );
  }
});

test("every golden refusal names the window and the padded input", () => {
  assert.ok(golden.refusals.length > 10);
  for (const refused of golden.refusals) {
    assert.throws(() => plan(refused), {
      name: "RangeError",
      message:
        `This kernel does not fit: a window of ${refused.span} cells is larger than the padded input of ` +
        `${refused.padded_size}.`,
    });
  }
});

test("arguments that are no counts are refused by name", () => {
  const good = { inputSize: 9, kernelSize: 3, stride: 2, dilation: 1, padding: "SAME" } as const;
  assert.throws(
    () => planAxis({ ...good, stride: 0 }),
    /^RangeError: stride must be .* at least 1, not 0\.$/,
  );
  assert.throws(() => planAxis({ ...good, stride: 1.5 }), /stride .* not 1\.5/);
  assert.throws(() => planAxis({ ...good, dilation: Number.NaN }), /dilation .* not NaN/);
  assert.throws(() => planAxis({ ...good, padding: [1, -2] }), /padding .* at least 0, not -2/);
});

test("taps of a position, padding included", () => {
  const axis = planAxis({ inputSize: 7, kernelSize: 3, stride: 3, dilation: 2, padding: [2, 4] });
  assert.deepEqual(
    [0, 1, 2].map((position) => taps(axis, position)),
    [
      [-2, 0, 2],
      [1, 3, 5],
      [4, 6, 8],
    ],
  );
});

test("what the padding reads, cell by cell", () => {
  const read = (paddingMode: PaddingMode): (number | null)[] => {
    const axis = planAxis({ inputSize: 5, kernelSize: 2, stride: 1, dilation: 1, padding: [3, 2], paddingMode });
    return [-3, -2, -1, 0, 4, 5, 6, 7].map((coordinate) => source(axis, coordinate));
  };
  assert.deepEqual(read("zeros"), [null, null, null, 0, 4, null, null, null]);
  assert.deepEqual(read("reflect"), [3, 2, 1, 0, 4, 3, 2, null]);
  assert.deepEqual(read("replicate"), [0, 0, 0, 0, 4, 4, 4, null]);
  assert.deepEqual(read("circular"), [2, 3, 4, 0, 4, 0, 1, null]);
});

test("a padding that the input is too small to fill is refused", () => {
  const asked = { inputSize: 4, kernelSize: 3, stride: 1, dilation: 1 };
  assert.throws(() => planAxis({ ...asked, padding: [4, 0], paddingMode: "reflect" }), /reflect can fill at most 3 cells .* of 4; 4 are needed/);
  assert.throws(() => planAxis({ ...asked, padding: [0, 5], paddingMode: "circular" }), /circular can fill at most 4 .*; 5 are/);
  assert.equal(planAxis({ ...asked, padding: [9, 9], paddingMode: "replicate" }).outputSize, 20);
});

test("first reader: the lowest output index whose taps hold the cell", () => {
  for (const [inputSize, kernelSize, stride, dilation, padding] of [
    [11, 3, 2, 2, "SAME"],
    [13, 2, 4, 1, "VALID"],
    [10, 4, 1, 3, [5, 0]],
  ] as const) {
    const axis = planAxis({ inputSize, kernelSize, stride, dilation, padding });
    const positions = Array.from({ length: axis.outputSize }, (_, position) => position);
    const searched = Array.from({ length: inputSize }, (_, cell) =>
      positions.findIndex((p) => taps(axis, p).includes(cell)),
    );
    assert.deepEqual([...firstReader(axis)], searched);
    assert.deepEqual(
      axis.neverRead,
      searched.flatMap((reader, cell) => (reader < 0 ? [cell] : [])),
    );
  }
});

const planStamps = (asked: Stamps): AxisGeometry =>
  planTransposedAxis({
    inputSize: asked.input_size, kernelSize: asked.kernel_size, stride: asked.stride, dilation: asked.dilation,
    padding: asked.padding, outputPadding: asked.output_padding,
  });

test("a transposed convolution gathers from the cells whose stamps were laid there", () => {
  assert.ok(golden.stamps.length > 60);
  for (const one of golden.stamps) {
    const axis = planStamps(one);
    assert.deepEqual([axis.outputSize, ...(axis.crop ?? []), axis.neverRead], [one.output_size, one.crop_before, one.crop_after, one.never_read]);
    const first = Array.from({ length: one.input_size }, () => -1);
    one.readers.forEach((readers, position) => {
      const found = taps(axis, position).flatMap((cell, tap) => (isCell(axis, cell) ? [[cell, tap]] : []));
      assert.deepEqual(found.sort(), [...readers].sort());
      const cells = readers.map(([cell]) => cell);
      const { first: low, count } = extent(axis, position);
      assert.deepEqual(cells.length ? [low, count] : count, cells.length ? [Math.min(...cells), Math.max(...cells) - Math.min(...cells) + 1] : 0);
      for (const [cell, tap] of readers) {
        assert.equal(stamped(axis, cell)[tap], position);
        if (first[cell] === -1) first[cell] = position;
      }
    });
    assert.deepEqual([...firstReader(axis)], first);
  }
});

test("what a transposed convolution cannot be is refused with its numbers", () => {
  const rest = { inputSize: 2, kernelSize: 3, stride: 2, dilation: 1 };
  assert.throws(() => planTransposedAxis({ ...rest, padding: [3, 2] }), /3 \+ 2 of the 5/);
  assert.throws(() => planTransposedAxis({ ...rest, padding: "VALID", outputPadding: 2 }), /stride 2 and dilation 1; got 2/);
});

test("the middle of a stamp leads back to its cell", () => {
  for (const one of golden.stamps) {
    const axis = planStamps(one);
    const both = combine(axis, axis);
    for (let position = 0; position < axis.outputSize; position++) {
      const { row } = middleOf(both, position * axis.outputSize);
      assert.ok(Math.abs(outputAt(axis, row) - position) < 1e-9);
      assert.equal(positionAt(axis, axis, row, row), position * axis.outputSize + position);
    }
  }
});

test("cells that no window reads are counted over both axes", () => {
  // They read rows 0 1 3 4 6 7 of 8, and columns 0 1 2 4 5 6 of 10.
  const y = planAxis({ inputSize: 8, kernelSize: 2, stride: 3, dilation: 1, padding: "VALID" });
  const x = planAxis({ inputSize: 10, kernelSize: 3, stride: 4, dilation: 1, padding: "VALID" });
  const both = combine(y, x);
  assert.equal(both.positions, 3 * 2);
  assert.equal(both.cellsNeverRead, 80 - 6 * 6);
});

test("coordinates are row-major", () => {
  const y = planAxis({ inputSize: 5, kernelSize: 1, stride: 1, dilation: 1, padding: "VALID" });
  const x = planAxis({ inputSize: 7, kernelSize: 1, stride: 1, dilation: 1, padding: "VALID" });
  const both = combine(y, x);
  assert.deepEqual(
    [0, 6, 7, 34].map((position) => coordinates(both, position)),
    [
      [0, 0],
      [0, 6],
      [1, 0],
      [4, 6],
    ],
  );
});

test("the middle of a window leads back to its position", () => {
  const y = planAxis({ inputSize: 9, kernelSize: 4, stride: 2, dilation: 1, padding: "SAME" });
  const x = planAxis({ inputSize: 13, kernelSize: 3, stride: 3, dilation: 2, padding: [1, 2] });
  const both = combine(y, x);
  assert.deepEqual(middleOf(both, 0), { row: 0.5, column: 1 });
  for (let position = 0; position < both.positions; position++) {
    const { row, column } = middleOf(both, position);
    assert.equal(positionAt(y, x, row, column), position);
  }
});

test("dragging finds the position with the nearest middle, and is held to the output", () => {
  // Middles lie on rows 0 2 4 6 8 and columns 2 5 8.
  const y = planAxis({ inputSize: 9, kernelSize: 3, stride: 2, dilation: 1, padding: "SAME" });
  const x = planAxis({ inputSize: 12, kernelSize: 3, stride: 3, dilation: 2, padding: "VALID" });
  const at = (row: number, column: number): [number, number] =>
    coordinates(combine(y, x), positionAt(y, x, row, column));
  assert.deepEqual(at(4, 5), [2, 1]);
  assert.deepEqual(at(4.9, 6.4), [2, 1]);
  assert.deepEqual(at(5.1, 6.6), [3, 2]);
  assert.deepEqual(at(-40, 400), [0, 2]);
  assert.deepEqual(at(400, -40), [4, 0]);
  assert.ok(Object.is(positionAt(y, x, -0.2, -0.2), 0));
});
