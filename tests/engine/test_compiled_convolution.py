"""The compiled convolutions, against their definition by lines in float64.

Lines are made here by hand, so that a mistake in the geometry cannot hide one in the loops.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.compiled.build import Plan
from engine.compiled.channels_last import conv2d_rows_channels_last, pack
from engine.compiled.convolution import conv2d_rows

Array = NDArray[np.generic]


class Case(NamedTuple):
    inputs: Array
    weights: Array
    bias: Array
    groups: int
    plan: Plan
    rows: Array
    columns: Array
    shape: tuple[int, int, int, int]


def line(size: int, before: int, after: int, mode: str) -> Array:
    places = np.arange(-before, size + after)
    if mode == "zeros":
        return np.where((places >= 0) & (places < size), places, -1)
    if mode == "replicate":
        return places.clip(0, size - 1)
    if mode == "circular":
        return places % size
    period = max(1, 2 * (size - 1))
    return np.minimum(places % period, period - places % period)


def longest_run(columns: Array) -> tuple[int, int, int]:
    """(start, length, column) of the longest stretch of the line that reads neighbouring columns."""
    best = (0, 0, 0)
    for start in range(len(columns)):
        length = 0
        while start + length < len(columns) and columns[start + length] == columns[start] + length >= 0:
            length += 1
        if length > best[1]:
            best = (start, length, int(columns[start]))
    return best


def drawn(random: np.random.Generator, number: int) -> Case:
    kernel = random.integers(1, 16 if number % 4 == 0 else 5, 2)
    step, dilation = random.integers(1, 5, 2), random.integers(1, 4, 2)
    if number % 5 == 0:
        dilation = -dilation
    groups = int(random.choice([1, 1, 2, 3]))
    channels = int(random.integers(1, 40 if number % 6 == 0 else 5))
    outputs = int(random.choice([1, 2, 3, 4, 7, 8, 9, 13, 33]))
    size = random.integers(1, 20), int(random.integers(1, 71)) if number % 15 else 520
    span = (kernel - 1) * abs(dilation) + 1
    mode = ["zeros", "replicate", "circular", "reflect"][number % 4]
    lines = []
    for axis in range(2):
        before, after = random.integers(0, 4, 2)
        after = max(after, span[axis] - before - size[axis])
        lines.append(line(int(size[axis]), int(before), int(after), mode))
    if number % 7 == 0:
        lines = [np.stack([cells, np.full_like(cells, -1)], axis=1).reshape(-1)[:-1] for cells in lines]
    shape = [(len(cells) - span[axis]) // step[axis] + 1 for axis, cells in enumerate(lines)]
    batch = 1 + number % 2
    origin = np.where(dilation < 0, (1 - kernel) * dilation, 0)
    numbers = [int(n) for pair in (kernel, step, origin, dilation, span) for n in pair]
    plan = Plan(*numbers, *longest_run(lines[1]), int(shape[1]))
    cells = (batch, *size, groups * channels)
    if number % 3 == 0:
        inputs: Array = random.integers(0, 256, cells, dtype=np.uint8)
    elif number % 3 == 1:
        inputs = random.integers(-9, 10, cells).astype(np.float32)
    else:
        inputs = random.standard_normal(cells, dtype=np.float32)
    inputs.flags.writeable = False
    taps = channels * int(np.prod(kernel))
    whole = number % 3 != 2
    weights = (
        random.integers(-4, 5, (groups * outputs, taps))
        if whole
        else random.normal(size=(groups * outputs, taps))
    )
    bias = random.integers(-9, 10, groups * outputs) if whole else random.normal(size=groups * outputs)
    return Case(
        inputs,
        weights.astype(np.float32),
        bias.astype(np.float32),
        groups,
        plan,
        lines[0].astype(np.int64),
        lines[1].astype(np.int64),
        (batch, groups * outputs, int(shape[0]), int(shape[1])),
    )


def expected(case: Case) -> tuple[Array, Array]:
    """The sums, and the sums of the magnitudes of their terms."""
    plan = case.plan
    cells = case.inputs.astype(np.float64)[:, case.rows][:, :, case.columns]
    cells[:, case.rows < 0] = 0
    cells[:, :, case.columns < 0] = 0
    outputs = case.shape[1] // case.groups
    kernel = case.weights.astype(np.float64).reshape(case.shape[1], -1, plan.kernel_height, plan.kernel_width)
    channels = kernel.shape[1]
    sums = np.zeros(case.shape) + case.bias[:, np.newaxis, np.newaxis]
    sizes = abs(sums)
    for j, channel, ky, kx in np.ndindex(kernel.shape):
        y = np.arange(case.shape[2]) * plan.step_y + plan.origin_y + ky * plan.dilation_y
        x = np.arange(case.shape[3]) * plan.step_x + plan.origin_x + kx * plan.dilation_x
        read = cells[:, y[:, np.newaxis], x, j // outputs * channels + channel]
        sums[:, j] += read * kernel[j, channel, ky, kx]
        sizes[:, j] += abs(read * kernel[j, channel, ky, kx])
    return sums, sizes


def planar(case: Case, edges: list[int]) -> Array:
    """The output in bands between the edges, as planar memory."""
    output = np.full(case.shape, np.nan, np.float32)
    for start, stop in pairwise(edges):
        conv2d_rows(*case[:3], case.groups, case.plan, case.rows, case.columns, output, start, stop)
    return output


def channels_last(case: Case, edges: list[int]) -> Array:
    batch, channels, height, width = case.shape
    output = np.full((batch, height, width, channels), np.nan, np.float32)
    kernel_size = case.plan.kernel_height, case.plan.kernel_width
    packed = pack(case.weights, case.bias, case.groups, kernel_size)
    for start, stop in pairwise(edges):
        conv2d_rows_channels_last(
            case.inputs, *packed, case.plan, case.rows, case.columns, output, start, stop
        )
    return np.ascontiguousarray(output.transpose(0, 3, 1, 2))


CASES = range(60)


@pytest.mark.parametrize("convolve", [planar, channels_last])
def test_sums_are_right_and_the_same_to_the_last_bit_however_rows_are_split(convolve) -> None:
    random = np.random.default_rng(20)
    for number in CASES:
        case = drawn(random, number)
        sums, sizes = expected(case)
        last = case.shape[0] * case.shape[2]
        output = convolve(case, [0, last])
        if number % 3 == 2:
            assert (abs(output - sums) <= 1e-5 * sizes).all(), case.plan
        else:
            np.testing.assert_array_equal(output, sums, err_msg=str(case.plan))
        for edges in (range(last + 1), [0, last // 3, last // 2, last]):
            again = convolve(case, list(edges))
            np.testing.assert_array_equal(output.view(np.int32), again.view(np.int32), str(case.plan))


@pytest.mark.parametrize("convolve", [planar, channels_last])
def test_a_sum_of_thousands_of_equal_terms_keeps_its_digits(convolve) -> None:
    channels, size = 64, 15
    cells = line(size, 0, 0, "zeros")
    plan = Plan(size, size, 1, 1, 0, 0, 1, 1, size, size, 0, size, 0, 1)
    weights = np.full((1, channels * size * size), 0.7, np.float32)
    inputs = np.full((1, size, size, channels), 0.3, np.float32)
    case = Case(inputs, weights, np.zeros(1, np.float32), 1, plan, cells, cells, (1, 1, 1, 1))
    sums, _ = expected(case)
    np.testing.assert_allclose(convolve(case, [0, 1]), sums, rtol=1e-5)


@pytest.mark.parametrize("convolve", [planar, channels_last])
def test_infinity_reaches_the_windows_that_hold_it_and_padding_never_makes_nan(convolve) -> None:
    inputs = np.zeros((1, 5, 37, 2), np.float32)
    inputs[0, 0, 0, 1] = np.inf
    plan = Plan(3, 3, 1, 1, 0, 0, 1, 1, 3, 3, 1, 37, 0, 37)
    weights = np.ones((3, 18), np.float32)
    weights[1] = 0
    rows, columns = line(5, 1, 1, "zeros"), line(37, 1, 1, "zeros")
    case = Case(inputs, weights, np.zeros(3, np.float32), 1, plan, rows, columns, (1, 3, 5, 37))
    output = convolve(case, [0, 5])
    near = np.zeros((5, 37), bool)
    near[:2, :2] = True
    for channel, inside in ((0, np.inf), (1, np.nan), (2, np.inf)):
        np.testing.assert_array_equal(output[0, channel], np.where(near, inside, 0))
