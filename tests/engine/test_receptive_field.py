"""Receptive fields against brute force: indices followed through all layers, and outputs that change."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.geometry import plan
from engine.ops import run
from engine.receptive_field import LARGEST_PERIOD, ONE_CELL, ReceptiveField
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D

Spec = Conv2D | Conv2DTranspose | MaxPool2D | AvgPool2D


@dataclass(frozen=True)
class Layer:
    """One axis of a layer, as it is asked for."""

    transposed: bool
    kernel: int
    stride: int
    dilation: int
    pads: tuple[int, int]

    def spec(self) -> Conv2D | Conv2DTranspose:
        kind = Conv2DTranspose if self.transposed else Conv2D
        ones = np.ones((self.kernel, 1, 1, 1), np.float32)
        return kind(ones, None, (self.stride, 1), (self.dilation, 1), (self.pads, (0, 0)))

    def reads(self, output: int) -> set[int]:
        """The cells of this layer's input that an output cell reads, were there no edges."""
        if not self.transposed:
            return {output * self.stride - self.pads[0] + tap * self.dilation for tap in range(self.kernel)}
        return {
            cell
            for cell in range(-abs(output) - 200, abs(output) + 200)
            for tap in range(self.kernel)
            if cell * self.stride + tap * self.dilation - self.pads[0] == output
        }


def layers(*, transposed: bool) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer,
        st.booleans() if transposed else st.just(False),
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(1, 3),
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
    )


def fields(chain: list[Layer], input_size: int = 90) -> list[ReceptiveField]:
    """After each layer."""
    found, size = [ONE_CELL], input_size
    for layer in chain:
        axis = plan(layer.spec(), size, 1).y
        size = axis.output_size
        field = found[-1].through(axis)
        assert field is not None
        found.append(field)
    return found[1:]


def seen(chain: list[Layer], output: int) -> set[int]:
    """Every cell of the first input that an output cell of the last layer depends on."""
    cells = {output}
    for layer in reversed(chain):
        cells = set().union(*(layer.reads(cell) for cell in cells))
    return cells


@settings(max_examples=150, deadline=None)
@given(st.lists(layers(transposed=False), min_size=1, max_size=5))
def test_any_stack_of_windows(chain: list[Layer]) -> None:
    field = fields(chain, 2000)[-1]
    assert field.jump == np.prod([layer.stride for layer in chain])
    for output in (0, 1, 7):
        cells = seen(chain, output)
        assert field.start is not None
        assert min(cells) == field.start + output * field.jump
        assert max(cells) - min(cells) + 1 == field.size


@settings(max_examples=150, deadline=None)
@given(st.lists(layers(transposed=True), min_size=1, max_size=3))
def test_any_stack_with_transposed_layers(chain: list[Layer]) -> None:
    field = fields(chain)[-1]
    up = np.prod([layer.stride for layer in chain if layer.transposed], dtype=int)
    down = np.prod([layer.stride for layer in chain if not layer.transposed], dtype=int)
    assert field.jump == Fraction(int(down), int(up))
    pattern = [seen(chain, output) for output in range(field.period)]
    assert field.start == (min(pattern[0]) if pattern[0] else None)
    assert field.size == max(max(cells) - min(cells) + 1 if cells else 0 for cells in pattern)
    again = seen(chain, field.period)
    assert again == {cell + field.shift for cell in pattern[0]}


def test_a_known_stack() -> None:
    """The first layers of AlexNet: 11/4, pool 3/2, 5 padded by 2, pool 3/2."""
    chain = [
        Layer(False, 11, 4, 1, (2, 2)),
        Layer(False, 3, 2, 1, (0, 0)),
        Layer(False, 5, 1, 1, (2, 2)),
        Layer(False, 3, 2, 1, (0, 0)),
    ]
    told = [(field.size, field.jump, field.start) for field in fields(chain, 224)]
    assert told == [(11, 4, -2), (19, 8, -2), (51, 8, -18), (67, 16, -18)]


def test_a_transposed_layer() -> None:
    """Kernel 3, stride 2, crop 1: even cells see one input cell, odd ones two."""
    (field,) = fields([Layer(True, 3, 2, 1, (1, 1))], 5)
    assert (field.firsts.tolist(), field.lasts.tolist()) == ([0, 0], [0, 1])
    assert (field.size, field.jump, field.start, field.period) == (2, Fraction(1, 2), 0, 2)


def test_cells_that_no_stamp_reaches() -> None:
    (field,) = fields([Layer(True, 1, 3, 1, (1, 0))], 5)
    assert (field.start, field.size) == (None, 1)


def changed(chain: list[Spec], height: int, width: int, row: int, column: int) -> Any:
    """Indices of the outputs that change with one input cell, whatever the others are."""
    random = np.random.default_rng(5)
    cells = random.uniform(1, 2, (1, height, width, 1)).astype(np.float32)
    outputs = []
    for _ in range(2):
        values = cells
        for spec in chain:
            values = run(spec, values)
        outputs.append(values[0, :, :, 0])
        cells = cells.copy()
        cells[0, row, column, 0] += 100
    return np.argwhere(outputs[0] != outputs[1])


def test_what_the_engine_computes_depends_on_its_field_and_on_nothing_else() -> None:
    """Of both axes at once; a max pool depends on a cell that is far the largest."""
    chain: list[Spec] = [
        Conv2D(np.ones((3, 2, 1, 1), np.float32), None, (1, 2), (2, 1), "VALID"),
        MaxPool2D((2, 3), (2, 1), (1, 1), "VALID"),
        Conv2DTranspose(np.ones((3, 2, 1, 1), np.float32), None, (2, 1), (1, 1), "VALID"),
        AvgPool2D((2, 2), (1, 1), (1, 1), "VALID"),
    ]
    height, width = 27, 22
    y: ReceptiveField | None = ONE_CELL
    x: ReceptiveField | None = ONE_CELL
    size = height, width
    for spec in chain:
        geometry = plan(spec, *size)
        assert y is not None
        assert x is not None
        y, x = y.through(geometry.y), x.through(geometry.x)
        size = geometry.output_height, geometry.output_width
    assert y is not None
    assert x is not None

    def within(field: ReceptiveField, output: int, cell: int) -> bool:
        turn, place = divmod(output, field.period)
        first, last = (int(ends[place]) + turn * field.shift for ends in (field.firsts, field.lasts))
        return first <= cell <= last

    reached = 0
    for row, column in ((13, 9), (0, 0), (26, 21), (12, 10), (6, 15)):
        expected = [
            [i, j]
            for i in range(size[0])
            for j in range(size[1])
            if within(y, i, row) and within(x, j, column)
        ]
        found = changed(chain, height, width, row, column).tolist()
        # Dilation and strides leave gaps within a field, never anything beyond it.
        assert all(one in expected for one in found)
        reached += len(found)
    assert reached > 10


def test_what_is_too_large_is_not_told() -> None:
    step = plan(Layer(False, 1, 2, 1, (0, 1)).spec(), 1, 1).y
    field: ReceptiveField | None = ONE_CELL
    for _ in range(30):
        assert field is not None
        field = field.through(step)
    assert field is not None
    assert field.jump == 2**30
    assert field.through(step) is None

    wide = plan(Layer(True, 3, LARGEST_PERIOD, 1, (0, 0)).spec(), 2, 1).y
    known = ONE_CELL.through(wide)
    assert known is not None
    assert known.period == LARGEST_PERIOD
    assert known.through(plan(Layer(True, 1, 2, 1, (0, 0)).spec(), 2, 1).y) is None
