"""Max and average pools.

A window is reduced down its rows first, a whole row of the input at a time, then across its columns: always
neighbouring cells, whatever the number of channels, so that both are vector code.

The lines of a pool have padding only outside of their run, and its -1 are no cells.
"""

import numpy as np
from numba import types

from engine.compiled.build import (
    CELLS,
    F32,
    INDICES,
    SIZE,
    Array,
    Plan,
    by_type,
    entry,
    loop,
    numbers_of,
    plan_from,
)
from engine.compiled.moves import MOVE, move_four
from engine.compiled.rows import copy_every

NO_ARGMAX = np.empty((0, 0, 0), np.int32)


@loop()
def larger(largest: Array, one: Array, other: Array) -> None:
    """largest[i] = the larger of both, the first of equals, NaN if either is."""
    for i in range(largest.size):
        old, new = F32(one[i]), F32(other[i])
        # A plain max would lose NaN, which compares as larger than nothing.
        largest[i] = new if new > old or new != new else old


@loop()
def find_larger(largest: Array, cells: Array, starts: Array, begin: int) -> None:
    """largest[i] = the largest of cells[starts[k] + begin + i] for all k, in order; two of them in one go."""
    if starts.size > 1:
        larger(largest, cells[starts[0] + begin :], cells[starts[1] + begin :])
        for start in starts[2:]:
            larger(largest, largest, cells[start + begin :])
    elif starts.size:
        copy_every(largest, cells[starts[0] + begin :], 1)


@loop()
def add(sums: Array, cells: Array, fresh: bool) -> None:
    """sums[i] += cells[i], or = if fresh."""
    if fresh:
        copy_every(sums, cells, 1)
    else:
        for i in range(sums.size):
            sums[i] += cells[i]


@loop()
def find_starts(
    rows: Array, first: int, plan: Plan, height: int, width: int, item: int, starts: Array
) -> int:
    """Where in the flat input a window's rows begin, from its first cell on; how many of them there are.

    first: where the window begins in rows. width: of an input row with its channels.
    """
    found = 0
    for kernel_y in range(plan.kernel_height):
        row = rows[first + kernel_y * plan.dilation_y]
        if row >= 0:
            starts[found] = (item * height + row) * width
            found += 1
    return found


@loop()
def pick(wide: Array, step: int, channels: int, picked: Array) -> None:
    """Every step-th cell of wide, all its channels. Both arrays have MOVE - 1 numbers to spare at the end."""
    for x in range((picked.size - MOVE + 1) // channels):
        for channel in range(0, channels, MOVE):
            move_four(picked, x * channels + channel, wide, x * step * channels + channel)


@loop()
def find_largest(
    bytes_: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    starts: Array,
    plan: Plan,
    columns: Array,
    argmax: Array,
) -> None:
    """row[2 * i], row[2 * i + 1] = the input y and x of output cell i's largest cell."""
    _, height, width, channels = shape
    for i in range(argmax.size // 2):
        best, found = F32(0), False
        for start in starts:
            for kernel_x in range(plan.kernel_width):
                place = i // channels * plan.step_x + plan.origin_x + kernel_x * plan.dilation_x
                if columns[place] < 0:
                    continue
                at = start + columns[place] * channels + i % channels
                cell = floats[at] if floats.size else F32(bytes_[at])
                if not found or cell > best or (cell != cell and best == best):
                    found, best = True, cell
                    argmax[2 * i] = start // (width * channels) % height
                    argmax[2 * i + 1] = columns[place]


OUTPUT = types.float32[:, :, ::1]


@entry(types.void(*CELLS, INDICES, INDICES, INDICES, OUTPUT, types.int32[:, :, ::1], SIZE, SIZE))
def max_rows(
    bytes_: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    numbers: Array,
    rows: Array,
    columns: Array,
    output: Array,
    argmax: Array,
    first_row: int,
    last_row: int,
) -> None:
    """max_pool_rows with the input flat, and the output and the argmax flat from x on."""
    plan = plan_from(numbers)
    _, height, width, channels = shape
    line = np.empty(columns.size * channels, F32)
    line[:] = -np.inf
    run = line[plan.run_start * channels : (plan.run_start + plan.run_length) * channels]
    wide = np.empty(((plan.output_width - 1) * plan.step_x + 1) * channels + MOVE - 1, F32)
    picked = np.empty(output.shape[2] + MOVE - 1, F32)
    starts = np.empty(plan.kernel_height, np.int64)
    across = (plan.origin_x + np.arange(plan.kernel_width) * plan.dilation_x) * channels
    for place in range(first_row, last_row):
        item, y = place // output.shape[1], place % output.shape[1]
        first = y * plan.step_y + plan.origin_y
        found = find_starts(rows, first, plan, height, width * channels, item, starts)
        begin = plan.run_column * channels
        if floats.size:
            find_larger(run, floats, starts[:found], begin)
        else:
            find_larger(run, bytes_, starts[:found], begin)
        result = output[item, y]
        if plan.step_x == 1:
            find_larger(result, line, across, 0)
        else:
            find_larger(wide[: wide.size - MOVE + 1], line, across, 0)
            pick(wide, plan.step_x, channels, picked)
            copy_every(result, picked, 1)
        if argmax.size:
            find_largest(bytes_, floats, shape, starts[:found], plan, columns, argmax[item, y])


@entry(types.void(*CELLS, INDICES, INDICES, INDICES, INDICES, INDICES, OUTPUT, SIZE, SIZE))
def avg_rows(
    bytes_: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    numbers: Array,
    rows: Array,
    columns: Array,
    divisors_y: Array,
    divisors_x: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    """avg_pool_rows, as max_rows."""
    plan = plan_from(numbers)
    _, height, width, channels = shape
    line = np.zeros(columns.size * channels, np.float64)
    run = line[plan.run_start * channels : (plan.run_start + plan.run_length) * channels]
    sums = np.empty(((plan.output_width - 1) * plan.step_x + 1) * channels, np.float64)
    wide = np.empty(sums.size + MOVE - 1, F32)
    picked = np.empty(output.shape[2] + MOVE - 1, F32)
    starts = np.empty(plan.kernel_height, np.int64)
    divisors = np.empty(output.shape[2], np.float64)
    for i in range(divisors.size):
        divisors[i] = divisors_x[i // channels]
    for place in range(first_row, last_row):
        item, y = place // output.shape[1], place % output.shape[1]
        first = y * plan.step_y + plan.origin_y
        found = find_starts(rows, first, plan, height, width * channels, item, starts)
        if found == 0:
            # A window on padding alone, which count_include_pad gives a divisor.
            run[:] = 0.0
        for k in range(found):
            start = starts[k] + plan.run_column * channels
            if floats.size:
                add(run, floats[start:], k == 0)
            else:
                add(run, bytes_[start:], k == 0)
        for kernel_x in range(plan.kernel_width):
            begin = (plan.origin_x + kernel_x * plan.dilation_x) * channels
            add(sums, line[begin:], kernel_x == 0)
        copy_every(wide[: sums.size], sums, 1)
        pick(wide, plan.step_x, channels, picked)
        result = output[item, y]
        for i in range(result.size):
            result[i] = np.float64(picked[i]) / (divisors[i] * divisors_y[y])


def max_pool_rows(
    inputs: Array,
    plan: Plan,
    rows: Array,
    columns: Array,
    output: Array,
    argmax: Array,
    first_row: int,
    last_row: int,
) -> None:
    """Output rows first_row..last_row-1, counted through the whole batch (item * output_height + y).

    inputs: NHWC, uint8 or float32; rows, columns: the lines; output: [batch, y, x, channels].
    argmax: size 0, or [batch, y, x, channels, 2], the input (y, x) of the largest cell, the first of equals
    in row-major order. NaN is larger than anything.
    """
    flat_output = output.reshape(*output.shape[:2], -1)
    flat_argmax = argmax.reshape(*output.shape[:2], -1) if argmax.size else NO_ARGMAX
    max_rows(*by_type(inputs), numbers_of(plan), rows, columns, flat_output, flat_argmax, first_row, last_row)


def avg_pool_rows(
    inputs: Array,
    plan: Plan,
    rows: Array,
    columns: Array,
    divisors_y: Array,
    divisors_x: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    """As max_pool_rows: float32(float64 sum of the cells) / (divisors_y[y] * divisors_x[x]) in float64."""
    divisors = (divisors_y, divisors_x)
    flat_output = output.reshape(*output.shape[:2], -1)
    avg_rows(*by_type(inputs), numbers_of(plan), rows, columns, *divisors, flat_output, first_row, last_row)
