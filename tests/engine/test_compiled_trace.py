"""The compiled trace against its definition in NumPy, on hand-made lines: to the last bit, nothing beside."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiled.build import Plan
from engine.compiled.trace import Filler

Array = np.ndarray[Any, np.dtype[Any]]

GUARD = 64
COLUMNS = ("window", "products", "channel_sums", "sums")


@dataclass(frozen=True)
class Axis:
    """What a window reads along one axis: sources[position * step + origin + tap * tap_step], -1 being 0."""

    sources: list[int]
    run_start: int
    run_length: int
    kernel_size: int
    step: int
    tap_step: int

    @property
    def span(self) -> int:
        return (self.kernel_size - 1) * abs(self.tap_step) + 1

    @property
    def origin(self) -> int:
        return self.span - 1 if self.tap_step < 0 else 0

    @property
    def output_size(self) -> int:
        return (len(self.sources) - self.span) // self.step + 1

    @property
    def places(self) -> Array:
        """[position, tap]"""
        return np.add.outer(
            np.arange(self.output_size) * self.step + self.origin, np.arange(self.kernel_size) * self.tap_step
        )


def zeros(size: int, kernel_size: int, before: int, after: int, step: int = 1, tap_step: int = 1) -> Axis:
    return Axis([-1] * before + [*range(size)] + [-1] * after, before, size, kernel_size, step, tap_step)


def stuffed(size: int, kernel_size: int, gap: int, pads: int, tap_step: int = -1) -> Axis:
    """A transposed convolution's: `gap` zeros after each cell, taps that run backwards."""
    inside = [cell if k == 0 else -1 for cell in range(size) for k in range(gap + 1)]
    return Axis([-1] * pads + inside + [-1] * pads, 0, 0, kernel_size, 1, tap_step)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """Any line at all, its run any part of its neighbours, long enough for one window."""
    size = draw(st.integers(1, 9))
    kernel_size = draw(st.integers(1, 9))
    tap_step = draw(st.sampled_from([1, 1, 1, 2, 3]))
    span = (kernel_size - 1) * tap_step + 1
    if draw(st.integers(0, 3)) == 0:
        return stuffed(size, kernel_size, draw(st.integers(0, 3)), span - 1, -tap_step)
    edge = st.lists(st.integers(-1, size - 1), max_size=5)
    before, after = draw(edge), draw(edge)
    after += [-1] * (span - len(before) - size - len(after))
    line = [*before, *range(size), *after]
    return Axis(line, len(before), size, kernel_size, draw(st.sampled_from([1, 1, 2, 3])), tap_step)


def plan_of(y: Axis, x: Axis) -> Plan:
    return Plan(
        *(y.kernel_size, x.kernel_size, y.step, x.step, y.origin, x.origin, y.tap_step, x.tap_step),
        *(y.span, x.span, x.run_start, x.run_length, 0, x.output_size),
    )


def definition(y: Axis, x: Axis, cells: Array, weights: Array, bias: float) -> dict[str, Array]:
    """Every column of every position; `cells` has the channels that the weights are for, and no others."""
    channels = cells.shape[2]
    rows, columns = np.array(y.sources), np.array(x.sources)
    laid = cells[rows][:, columns]
    laid[rows < 0] = 0
    laid[:, columns < 0] = 0
    windows = laid[y.places[:, np.newaxis, :, np.newaxis], x.places[np.newaxis, :, np.newaxis, :]]
    window = windows.transpose(0, 1, 4, 2, 3).reshape(-1, weights.size)
    with np.errstate(invalid="ignore", over="ignore"):
        products = window.astype(np.float32) * weights
        parts = products.reshape(len(products), channels, -1)
        channel_sums, sums = np.zeros(parts.shape[:2]), np.zeros(len(products))
        for tap in range(parts.shape[2]):
            channel_sums += parts[:, :, tap]
        for tap in range(weights.size):
            sums += products[:, tap]
        return {
            "window": window,
            "products": products,
            "channel_sums": channel_sums.astype(np.float32),
            "sums": (sums + bias).astype(np.float32),
        }


KEPT = 1 << 16


def filler(
    y: Axis, x: Axis, cells: Array, first_channel: int, weights: Array, bias: float, most_kept: int = KEPT
) -> Filler:
    lines = [np.array(axis.sources, np.int64) for axis in (y, x)]
    for array in (cells, weights, *lines):
        array.setflags(write=False)
    return Filler(cells, first_channel, weights, bias, plan_of(y, x), *lines, most_kept)


def traced(
    fills: Filler,
    dtype: np.dtype[Any],
    taps: int,
    channels: int,
    first: int,
    count: int,
    wanted: tuple[str, ...] = COLUMNS,
) -> dict[str, Array]:
    """The wanted columns, filled in the midst of larger arrays whose other numbers must stay as they are."""
    shapes = {"window": taps, "products": taps, "channel_sums": channels, "sums": 1}
    whole = {}
    arrays: dict[str, Array | None] = dict.fromkeys(shapes)
    for name, width in shapes.items():
        if name in wanted:
            of_column = dtype if name == "window" else np.dtype(np.float32)
            whole[name] = np.full(count * width + 2 * GUARD, 77, of_column)
            middle = whole[name][GUARD:-GUARD]
            arrays[name] = middle if name == "sums" else middle.reshape(count, width)
    fills.bound(*arrays.values())(first, count)
    for name in wanted:
        assert (whole[name][:GUARD] == 77).all(), name
        assert (whole[name][-GUARD:] == 77).all(), name
    return {name: array for name, array in arrays.items() if array is not None}


def drawn(seed: int, dtype: str, *shape: int) -> Array:
    source = np.random.default_rng(seed)
    if dtype == "uint8":
        return source.integers(0, 256, shape, np.uint8)
    return source.standard_normal(shape, np.float32)


@given(
    y=axes(),
    x=axes(),
    seed=st.integers(0, 999),
    dtype=st.sampled_from(["uint8", "float32"]),
    channels=st.tuples(st.integers(0, 2), st.integers(1, 4), st.integers(0, 2)),
    part=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    wanted=st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True),
    most_kept=st.sampled_from([0, KEPT]),
)
@settings(max_examples=250, deadline=None)
def test_any_line_any_part_any_columns(
    y: Axis,
    x: Axis,
    seed: int,
    dtype: str,
    channels: tuple[int, int, int],
    part: tuple[float, float],
    wanted: list[str],
    most_kept: int,
) -> None:
    before, own, after = channels
    cells = drawn(seed, dtype, max(y.sources) + 1 or 1, max(x.sources) + 1 or 1, before + own + after)
    weights = drawn(seed + 1, "float32", y.kernel_size * x.kernel_size * own)
    positions = y.output_size * x.output_size
    first = int(part[0] * (positions - 1))
    count = 1 + int(part[1] * (positions - 1 - first))
    expected = definition(y, x, cells[:, :, before : before + own], weights, 0.3)
    fills = filler(y, x, cells, before, weights, 0.3, most_kept)
    found = traced(fills, cells.dtype, weights.size, own, first, count, tuple(wanted))
    for name in wanted:
        np.testing.assert_array_equal(found[name], expected[name][first : first + count], strict=True)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(
    ("y", "x", "channels"),
    [
        pytest.param(zeros(7, 3, 1, 1), zeros(1100, 3, 1, 1), 3, id="photo"),
        pytest.param(zeros(9, 2, 0, 1, 2), zeros(1203, 5, 2, 3, 2), 2, id="stride"),
        pytest.param(zeros(9, 3, 2, 2, 1, 2), zeros(700, 3, 3, 4, 1, 3), 4, id="dilation"),
        pytest.param(stuffed(5, 3, 1, 2), stuffed(300, 4, 1, 3), 2, id="transposed"),
        pytest.param(zeros(20, 17, 8, 8), zeros(90, 11, 5, 5), 9, id="more taps than a block"),
        pytest.param(zeros(40, 2, 0, 0), zeros(5, 2, 0, 0), 1, id="narrow"),
    ],
)
@pytest.mark.parametrize("most_kept", [0, KEPT])
def test_chunks_add_up_wherever_they_are_cut(
    y: Axis, x: Axis, channels: int, dtype: str, most_kept: int
) -> None:
    """Within a row, over one border, over many, one position, all at once; in any order."""
    cells = drawn(3, dtype, max(y.sources) + 1, max(x.sources) + 1, channels)
    weights = drawn(4, "float32", y.kernel_size * x.kernel_size * channels)
    expected = definition(y, x, cells, weights, -1.7)
    width, positions = x.output_size, y.output_size * x.output_size
    cuts = [0, 1, width - 2, width + 1, 2 * width + 1, 3 * width, positions - 1, positions]
    cuts = sorted({min(max(cut, 0), positions) for cut in cuts})
    fills = filler(y, x, cells, 0, weights, -1.7, most_kept)
    for first, last in [*pairwise(cuts), (0, positions), *pairwise(cuts[:4])]:
        found = traced(fills, cells.dtype, weights.size, channels, first, last - first)
        for name in COLUMNS:
            np.testing.assert_array_equal(found[name], expected[name][first:last], strict=True)


def row_of(cells: list[float], weights: list[float], bias: float = 0.0) -> dict[str, Array]:
    """The trace of one position: a kernel that lies on all of one row."""
    size = len(cells)
    grid = np.array(cells, np.float32).reshape(1, size, 1)
    row = zeros(1, 1, 0, 0), zeros(size, size, 0, 0)
    return traced(filler(*row, grid, 0, np.array(weights, np.float32), bias), grid.dtype, size, 1, 0, 1)


def test_a_product_is_rounded_before_it_is_added() -> None:
    """Fused with the sum, it would leave what the rounding cut off."""
    cell, weight = np.float32(1 + 2**-23), np.float32(1 + 2**-22)
    rounded = cell * weight
    assert float(rounded) != float(cell) * float(weight)
    for padding in ([], [0.0] * 7):
        assert row_of([cell, -rounded, *padding], [weight, 1, *padding])["sums"] == 0


def test_a_sum_is_folded_in_tap_order() -> None:
    for middle, total in ((1.0, 0.0), (0.0, 1.0)):
        cells = [2.0**60, middle, -(2.0**60), 1.0 - middle]
        for ahead in range(9):
            found = row_of([0.0] * ahead + cells, [1.0] * (ahead + 4))
            assert found["sums"] == found["channel_sums"] == total


def test_the_bias_comes_last_and_in_float64() -> None:
    assert row_of([2.0**60, 1.0], [1, 1], -(2.0**60))["sums"] == 0
    assert row_of([1.0], [1], 2.0**-24)["sums"] == 1
    assert row_of([1.0], [1], 1.5 * 2.0**-24)["sums"] == np.float32(1 + 2**-23)


def test_infinities_and_nan_go_their_way() -> None:
    found = row_of([np.inf, np.nan, -np.inf, 3e38], [0.0, 1.0, 2.0, 10.0])
    np.testing.assert_array_equal(found["products"], np.float32([[np.nan, np.nan, -np.inf, np.inf]]))
    assert np.isnan(found["sums"])
