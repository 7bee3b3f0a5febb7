"""The compiled pools against plain Python, on hand-made lines: to the last bit, and nothing beside."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiled.build import Plan
from engine.compiled.pools import avg_pool_rows, max_pool_rows

Array = np.ndarray[Any, np.dtype[Any]]
Line = tuple[int, int, int, int, int, int]

UNTOUCHED = -77


def axis(size: int, kernel: int, step: int = 1, dilation: int = 1, before: int = 0, after: int = 0) -> Line:
    return size, kernel, step, dilation, before, after


def sources(line: Line) -> list[int]:
    size, _, _, _, before, after = line
    return [-1] * before + [*range(size)] + [-1] * after


def read(line: Line) -> list[list[int]]:
    """For each output cell the input cells that its window has; padding is none."""
    _, kernel, step, dilation, _, _ = line
    cells = sources(line)
    starts = range(0, len(cells) - (kernel - 1) * dilation, step)
    return [
        [cell for cell in cells[start : start + (kernel - 1) * dilation + 1 : dilation] if cell >= 0]
        for start in starts
    ]


def numbers(y: Line, x: Line) -> tuple[Plan, Array, Array]:
    span_y, span_x = (y[1] - 1) * y[3] + 1, (x[1] - 1) * x[3] + 1
    steps = (y[1], x[1], y[2], x[2], 0, 0, y[3], x[3], span_y, span_x)
    plan = Plan(*steps, x[4], x[0], 0, len(read(x)))
    lines = [np.array(sources(line), np.int64) for line in (y, x)]
    for line in lines:
        line.setflags(write=False)
    return plan, lines[0], lines[1]


def largest(cells: list[tuple[Any, int, int]]) -> tuple[Any, int, int]:
    best = cells[0]
    for cell in cells[1:]:
        if not np.isnan(best[0]) and (np.isnan(cell[0]) or cell[0] > best[0]):
            best = cell
    return best


def pooled(y: Line, x: Line, inputs: Array) -> tuple[Array, Array, Array]:
    """Largest cells, where they are, and float64 sums; each [batch, y, x, channels, ...]."""
    shape = (len(inputs), len(read(y)), len(read(x)), inputs.shape[3])
    maxima, sums = np.empty(shape, np.float32), np.empty(shape)
    argmax = np.empty((*shape, 2), np.int32)
    for item, out_y, out_x, channel in np.ndindex(shape):
        cells = [
            (inputs[item, row, column, channel], row, column)
            for row in read(y)[out_y]
            for column in read(x)[out_x]
        ]
        maxima[item, out_y, out_x, channel], *argmax[item, out_y, out_x, channel] = largest(cells)
        sums[item, out_y, out_x, channel] = sum(float(cell[0]) for cell in cells)
    return maxima, argmax, sums


def run_max(
    y: Line, x: Line, inputs: Array, rows: slice = slice(None), *, argmax: bool = True
) -> tuple[Array, Array]:
    """What max_pool_rows makes of those of the batch's rows."""
    shape = (len(inputs), len(read(y)), len(read(x)), inputs.shape[3])
    output = np.full(shape, UNTOUCHED, np.float32)
    places = np.full((*shape, 2) if argmax else (0,) * 5, UNTOUCHED, np.int32)
    first, last, _ = rows.indices(shape[0] * shape[1])
    max_pool_rows(inputs, *numbers(y, x), output, places, first, last)
    return output, places


def run_avg(
    y: Line, x: Line, inputs: Array, divisors: tuple[Array, Array], rows: slice = slice(None)
) -> Array:
    output = np.full((len(inputs), len(read(y)), len(read(x)), inputs.shape[3]), UNTOUCHED, np.float32)
    first, last, _ = rows.indices(output.shape[0] * output.shape[1])
    avg_pool_rows(inputs, *numbers(y, x), *divisors, output, first, last)
    return output


def only(expected: Array, rows: slice) -> Array:
    """Those of the batch's rows, the others untouched."""
    flat = np.full_like(expected, UNTOUCHED).reshape(-1, *expected.shape[2:])
    flat[rows] = expected.reshape(flat.shape)[rows]
    return flat.reshape(expected.shape)


@st.composite
def axes(draw: st.DrawFn) -> Line:
    """Any kernel, step and dilation; padding only where it leaves every window a real cell."""
    size, kernel = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    step, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    padded = axis(size, kernel, step, dilation, draw(st.integers(0, 4)), draw(st.integers(0, 6)))
    windows = read(padded)
    if windows and all(windows):
        return padded
    return axis(max(size, (kernel - 1) * dilation + 1), kernel, step, dilation)


@given(
    y=axes(),
    x=axes(),
    batch=st.integers(1, 3),
    channels=st.integers(1, 9),
    dtype=st.sampled_from(["uint8", "float32"]),
    seed=st.integers(0, 999),
    part=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
@settings(max_examples=120, deadline=None)
def test_any_window_any_rows(
    y: Line, x: Line, batch: int, channels: int, dtype: str, seed: int, part: tuple[float, float]
) -> None:
    """Few different numbers, for ties; and of floats, enough NaN and -inf for windows full of them."""
    source = np.random.default_rng(seed)
    inputs = source.integers(0, 5, (batch, y[0], x[0], channels)).astype(dtype)
    if dtype == "float32":
        chance = source.random(inputs.shape)
        inputs -= 2
        inputs[chance < 0.05] = np.nan
        inputs[chance > 0.6] = -np.inf
    inputs.setflags(write=False)
    maxima, argmax, sums = pooled(y, x, inputs)
    count = batch * len(read(y))
    first = int(part[0] * (count - 1))
    rows = slice(first, first + 1 + int(part[1] * (count - 1 - first)))

    output, places = run_max(y, x, inputs, rows)
    np.testing.assert_array_equal(output, only(maxima, rows), strict=True)
    np.testing.assert_array_equal(places, only(argmax, rows), strict=True)
    output, _ = run_max(y, x, inputs, rows, argmax=False)
    np.testing.assert_array_equal(output, only(maxima, rows), strict=True)

    divisors = source.integers(1, 10, len(read(y))), source.integers(1, 10, len(read(x)))
    expected = (sums.astype(np.float32) / np.multiply.outer(*divisors)[:, :, np.newaxis]).astype(np.float32)
    np.testing.assert_array_equal(run_avg(y, x, inputs, divisors, rows), only(expected, rows), strict=True)


@pytest.mark.parametrize("channels", [1, 3, 4, 21])
def test_a_row_of_many_vectors(channels: int) -> None:
    """2x2, stride 2, as reshaped blocks: an oracle that shares nothing with windows."""
    inputs = np.random.default_rng(5).standard_normal((2, 6, 322, channels), np.float32)
    blocks = inputs.reshape(2, 3, 2, 161, 2, channels)
    y, x = axis(6, 2, 2), axis(322, 2, 2)
    np.testing.assert_array_equal(run_max(y, x, inputs, argmax=False)[0], blocks.max(axis=(2, 4)))
    four = np.full(3, 2), np.full(161, 2)
    sums = blocks.astype(np.float64).sum(axis=(2, 4)).astype(np.float32)
    np.testing.assert_array_equal(run_avg(y, x, inputs, four), sums / np.float32(4))


def row(*cells: float) -> Array:
    return np.array(cells, np.float32).reshape(1, 1, -1, 1)


@pytest.mark.parametrize(
    ("cells", "value", "column"),
    [
        pytest.param((1, 7, 7, 2), 7, 1, id="the first of equals"),
        pytest.param((9, np.nan, 10, np.nan), np.nan, 1, id="the first NaN"),
        pytest.param((np.inf, 3, 4, np.nan), np.nan, 3, id="NaN beats infinity"),
        pytest.param((-np.inf, -np.inf, -np.inf), -np.inf, 0, id="nothing but -inf"),
        pytest.param((-5, -4, -6), -4, 1, id="all below the zero of padding"),
    ],
)
def test_the_largest_cell_of_one_window(cells: tuple[float, ...], value: float, column: int) -> None:
    size = len(cells)
    x = axis(size, size + 2, before=1, after=1)
    for inputs, y, place in (
        (row(*cells), axis(1, 1), (0, column)),
        (row(*cells).transpose(0, 2, 1, 3).copy(), axis(size, size), (column, 0)),
    ):
        line = x if y[0] == 1 else axis(1, 1)
        output, places = run_max(y, line, inputs)
        np.testing.assert_array_equal(output.ravel(), [value])
        np.testing.assert_array_equal(places.ravel(), place)


def test_a_sum_is_rounded_before_it_is_divided() -> None:
    inputs, ones = row(2**24, 1), np.ones(1, np.int64)
    expected = np.float32(2**24 / 5)
    assert expected != np.float32((2**24 + 1) / 5)
    assert run_avg(axis(1, 1), axis(2, 2), inputs, (ones, 5 * ones)).ravel() == expected


def test_a_sum_is_made_in_float64() -> None:
    ones = np.ones(1, np.int64)
    for inputs, y, x in (
        (row(2**24, 1, 1), axis(1, 1), axis(3, 3)),
        (row(2**24, 1, 1).transpose(0, 2, 1, 3).copy(), axis(3, 3), axis(1, 1)),
    ):
        assert run_avg(y, x, inputs, (ones, ones)).ravel() == 2**24 + 2
