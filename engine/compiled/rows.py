"""Lays the input rows under a kernel out as a ring: padding put in, channels apart, every step-th cell
together.

A tap is then an offset into the ring, and the innermost loops run over neighbouring cells without a branch,
whatever the padding, stride, dilation and dtype. There is no padded copy of the whole input.
"""

import numpy as np

from engine.compiled.build import F32, Array, Plan, loop
from engine.compiled.simd import SLACK

NEVER = -(2**62)


@loop()
def copy_every(destination: Array, source: Array, step: int) -> None:
    """destination[i] = source[i * step]; a step of 1 becomes vector code."""
    if step == 1:
        for i in range(destination.size):
            destination[i] = source[i]
    else:
        for i in range(destination.size):
            destination[i] = source[step * i]


@loop()
def lay_edge(row: Array, first_channel: int, columns: Array, place: int, step: int, laid: Array) -> None:
    """laid[channel, i] = what line cell place + i * step reads; where that is nothing, the zero stays."""
    channels, cells = laid.shape
    for i in range(min(cells, (columns.size - place + step - 1) // step)):
        column = columns[place + i * step]
        if column >= 0:
            for channel in range(channels):
                laid[channel, i] = row[column, first_channel + channel]


@loop()
def lay_row(row: Array, first_channel: int, columns: Array, plan: Plan, left: int, laid: Array) -> None:
    """Line cell left + cell * step_x + phase of each channel into laid[channel, phase, cell].

    row: [width, all channels]; laid's channels are first_channel, first_channel + 1, ...
    columns: for each cell of the line the input column it reads, or -1 for the zero that `laid` was made
    with.
    """
    stride, step = row.shape[1], plan.step_x
    channels, phases, cells = laid.shape
    flat = row.reshape(row.size)
    for phase in range(phases):
        place = left + phase
        low = min(cells, max(0, (plan.run_start - place + step - 1) // step))
        high = max(
            low,
            min(cells, (plan.run_start + plan.run_length - place + step - 1) // step),
        )
        start = place + low * step - plan.run_start + plan.run_column
        if low < high and channels == 3 and stride == 3 and step == 1:
            # All three in one loop: LLVM then reads the pixels as vectors, which halves the time of a photo.
            source = flat[start * 3 :]
            red, green, blue = (
                laid[0, phase, low:high],
                laid[1, phase, low:high],
                laid[2, phase, low:high],
            )
            for i in range(high - low):
                red[i] = source[3 * i]
                green[i] = source[3 * i + 1]
                blue[i] = source[3 * i + 2]
        elif low < high:
            for channel in range(channels):
                source = flat[start * stride + first_channel + channel :]
                copy_every(laid[channel, phase, low:high], source, step * stride)
        lay_edge(row, first_channel, columns, place, step, laid[:, phase, :low])
        lay_edge(
            row,
            first_channel,
            columns,
            place + high * step,
            step,
            laid[:, phase, high:],
        )


@loop()
def new_ring(plan: Plan, channels: int, cells: int) -> Array:
    """[slots, channels, phases, cells]: room for `cells` neighbouring positions of one output row.

    The + 1 slot of zeros is never written: what a tap reads whose row is outside.
    """
    phases = min(plan.step_x, plan.span_x)
    return np.zeros((plan.span_y, channels, phases, cells + (plan.span_x - 1) // plan.step_x), F32)


@loop()
def slack_ring(plan: Plan, channels: int, cells: int, slots: int) -> tuple[Array, Array]:
    """A ring of that many slots for blocks of vectors: flat, with room to read too much, and as new_ring's.

    A row of an odd number of cache lines, so that the rows do not crowd into the same places of the cache.
    """
    phases = min(plan.step_x, plan.span_x)
    lines = (cells + (plan.span_x - 1) // plan.step_x + 15) // 16
    length = (lines + 1 - lines % 2) * 16
    size = slots * channels * phases * length
    flat = np.zeros(size + SLACK, F32)
    return flat, flat[:size].reshape(slots, channels, phases, length)


@loop()
def hold_window_rows(
    cells: Array,
    first_channel: int,
    plan: Plan,
    rows: Array,
    columns: Array,
    y: int,
    left: int,
    ring: Array,
    held: Array,
) -> None:
    """Make the ring hold the rows under output row y.

    cells: [height, width, all channels]. rows, columns: as in lay_row, for both axes. left: line cell of the
    ring's first column. held: int64 [slots], which row of the line a slot holds; NEVER at first.
    """
    for kernel_y in range(plan.kernel_height):
        place = y * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y
        slot = place % held.size
        if held[slot] != place:
            held[slot] = place
            if rows[place] >= 0:
                lay_row(cells[rows[place]], first_channel, columns, plan, left, ring[slot])
            else:
                ring[slot] = 0


@loop()
def find_taps(plan: Plan, y: int, ring: Array, offsets: Array) -> None:
    """offsets[tap] = where the cells under that tap begin in the ring, for the positions of output row y.

    offsets: int64 [taps], in tap order: channel, kernel row, kernel column.
    """
    slots, channels, phases, length = ring.shape
    taps = plan.kernel_height * plan.kernel_width
    for kernel_x in range(plan.kernel_width):
        cell = plan.origin_x + kernel_x * plan.dilation_x
        start = cell % plan.step_x * length + cell // plan.step_x
        for kernel_y in range(plan.kernel_height):
            place = y * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y
            offset = place % slots * channels * phases * length + start
            tap = kernel_y * plan.kernel_width + kernel_x
            for channel in range(channels):
                offsets[channel * taps + tap] = offset + channel * phases * length


@loop()
def lay_window_rows(
    cells: Array,
    first_channel: int,
    plan: Plan,
    rows: Array,
    columns: Array,
    y: int,
    left: int,
    ring: Array,
    held: Array,
    offsets: Array,
) -> None:
    """hold_window_rows and find_taps in one."""
    hold_window_rows(cells, first_channel, plan, rows, columns, y, left, ring, held)
    find_taps(plan, y, ring, offsets)
