"""Whole outputs of a convolution of many channels, channels last.

Here a vector holds neighbouring output channels and the block runs over neighbouring positions: no lane is
wasted on narrow outputs.

The rows under the kernel are laid out as in rows.py, but with CHUNK channels of a pixel next to each other:
positions then lie a fixed distance apart, whatever the stride and the number of channels.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

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
    read_only,
)
from engine.compiled.rows import NEVER, copy_every, split_1
from engine.compiled.simd import channels_last_block
from engine.compiled.vectors import CHAIN, CHUNK, LANES, LAST, LAST_NARROW

# Where split_1 puts its only part.
HERE = np.zeros(1, np.int64)
# Output channels in a block.
PANEL = LAST.vectors * LANES
# Bytes of laid rows, for as many output rows as fit: they share each reading of the weights.
RING_BYTES = 393_216

add_many, add_few = channels_last_block(LAST), channels_last_block(LAST_NARROW)
POSITIONS, FEW = LAST.sums, LAST_NARROW.sums

Single = NDArray[np.float32]


def prefers_channels_last(group_channels: int, group_outputs: int, taps: int) -> bool:
    """Whether conv2d_rows_channels_last is the faster one; each argument counts for one group.

    With few channels planar rows win whatever the number of outputs: 3 to 64 channels at 7x7 by a quarter.
    """
    return group_channels >= 16 and group_outputs >= LANES and taps >= LANES


def pack(weights: Single, bias: Single, groups: int, kernel_size: tuple[int, int]) -> tuple[Single, Single]:
    """Weights and bias as conv2d_rows_channels_last takes them.

    weights: [out_channels, taps] in tap order; bias: [out_channels]. Gives [groups, panels, taps, PANEL], the
    taps ordered CHUNK channels by CHUNK channels, in each by kernel row, kernel column and channel; and
    [groups, panels * PANEL].
    """
    height, width = kernel_size
    outputs = len(weights) // groups
    short = -outputs % PANEL
    kernel = np.pad(weights.reshape(groups, outputs, -1, height, width), [(0, 0), (0, short)] + 3 * [(0, 0)])
    channels = kernel.shape[2]
    chunks = [
        kernel[:, :, first : first + CHUNK].transpose(0, 3, 4, 2, 1).reshape(groups, -1, outputs + short)
        for first in range(0, channels, CHUNK)
    ]
    taps = np.concatenate(chunks, axis=1).reshape(groups, -1, (outputs + short) // PANEL, PANEL)
    panels = np.ascontiguousarray(taps.transpose(0, 2, 1, 3))
    return panels, np.pad(bias.reshape(groups, outputs), [(0, 0), (0, short)])


@loop()
def lay_pixels(
    cells: Array,
    at: int,
    stride: int,
    channels: int,
    columns: Array,
    plan: Plan,
    phases: int,
    length: int,
    ring: Array,
    into: int,
) -> None:
    """Line cell cell * step_x + phase of the input row at cells[at] into ring[chunk, phase, cell, CHUNK].

    stride: numbers of an input column. Where the line has no input column, the zeros that the ring was made
    with stay.
    """
    for phase in range(phases):
        for cell in range(min(length, (columns.size - phase + plan.step_x - 1) // plan.step_x)):
            column = columns[cell * plan.step_x + phase]
            if column >= 0:
                source, to = at + column * stride, into + (phase * length + cell) * CHUNK
                for first in range(0, channels, CHUNK):
                    if channels - first >= CHUNK:
                        for lane in range(0, CHUNK, LANES):
                            split_1(cells, source + first + lane, ring, to + lane, HERE)
                    else:
                        for channel in range(channels - first):
                            ring[to + channel] = cells[source + first + channel]
                    to += phases * length * CHUNK


@loop()
def add_row(
    cells: Array,
    offsets: Array,
    first: int,
    taps: int,
    weights: Array,
    bias: Array,
    channel: int,
    sums: Array,
    width: int,
) -> None:
    """Some of the taps of one output row of a panel, added to sums[x * PANEL + c].

    offsets: as find_pixel_taps finds them; weights: flat [all taps, PANEL]. Tap 0 begins the sums with
    bias[channel + c].
    """
    x = 0
    while x < width:
        at, into = x * CHUNK, x * PANEL
        if x + POSITIONS <= width:
            add_many(cells, at, offsets, first, taps, weights, bias, channel, sums, into, PANEL, first == 0)
            x += POSITIONS
        else:
            add_few(cells, at, offsets, first, taps, weights, bias, channel, sums, into, PANEL, first == 0)
            x += FEW


@loop()
def hold_pixel_rows(
    cells: Array,
    at: int,
    shape: tuple[int, int, int, int],
    channels: int,
    plan: Plan,
    rows: Array,
    columns: Array,
    y: int,
    phases: int,
    length: int,
    ring: Array,
    held: Array,
) -> None:
    """Make the ring hold the rows under output row y, as lay_window_rows does.

    cells[at] is the first of the channels in the first column of the item, whose shape is [_, height, width,
    all channels].
    """
    _, _, width, stride = shape
    slot_size = (channels + CHUNK - 1) // CHUNK * phases * length * CHUNK
    for kernel_y in range(plan.kernel_height):
        place = y * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y
        slot = place % held.size
        if held[slot] != place:
            held[slot] = place
            into = slot * slot_size
            if rows[place] >= 0:
                start = at + rows[place] * width * stride
                lay_pixels(cells, start, stride, channels, columns, plan, phases, length, ring, into)
            else:
                for cell in range(into, into + slot_size):
                    ring[cell] = 0.0


@loop()
def find_pixel_taps(
    plan: Plan, y: int, channels: int, slots: int, phases: int, cells: int, offsets: Array
) -> None:
    """offsets[tap] = where the cell of position 0 of output row y lies in the ring; taps as in pack."""
    chunks = (channels + CHUNK - 1) // CHUNK
    tap = 0
    for chunk in range(chunks):
        for kernel_y in range(plan.kernel_height):
            slot = (y * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y) % slots
            for kernel_x in range(plan.kernel_width):
                column = plan.origin_x + kernel_x * plan.dilation_x
                line = (slot * chunks + chunk) * phases + column % plan.step_x
                start = (line * cells + column // plan.step_x) * CHUNK
                for channel in range(min(CHUNK, channels - chunk * CHUNK)):
                    offsets[tap] = start + channel
                    tap += 1


@loop()
def copy_pixels(sums: Array, pixels: Array) -> None:
    """pixels[x, c] = sums[x * PANEL + c]"""
    for x in range(pixels.shape[0]):
        copy_every(pixels[x], sums[x * PANEL :], 1)


@entry(
    types.void(
        *CELLS,
        read_only(types.float32, 4),
        read_only(types.float32, 2),
        *(INDICES, INDICES, INDICES, types.float32[:, :, :, ::1], SIZE, SIZE),
    ),
    fast=True,
)
def convolve_pixels(
    pixels: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    panels: Array,
    bias: Array,
    numbers: Array,
    rows: Array,
    columns: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    plan = plan_from(numbers)
    height, width, out_channels = output.shape[1], output.shape[2], output.shape[3]
    groups, panels_of_group, taps = panels.shape[0], panels.shape[1], panels.shape[2]
    kernel = plan.kernel_height * plan.kernel_width
    channels, outputs = taps // kernel, out_channels // groups
    chunks = (channels + CHUNK - 1) // CHUNK
    phases = min(plan.step_x, plan.span_x)
    length = width + (plan.span_x - 1) // plan.step_x
    most = RING_BYTES // (4 * chunks * phases * length * CHUNK)
    together = max(1, min(8, (most - plan.span_y) // plan.step_y + 1))
    slots = plan.span_y + (together - 1) * plan.step_y
    size = slots * chunks * phases * length * CHUNK
    flat = np.zeros(size + CHUNK * POSITIONS, F32)
    held = np.empty(slots, np.int64)
    offsets = np.empty((together, taps), np.int64)
    sums = np.empty((together, (width + POSITIONS) * PANEL), F32)
    starts = bias.reshape(bias.size)
    for group in range(groups):
        held[:] = NEVER
        flat[:] = 0
        row = first_row
        while row < last_row:
            item, y = row // height, row % height
            if y == 0:
                held[:] = NEVER
            count = min(together, min(height - y, last_row - row))
            for i in range(count):
                at = item * shape[1] * shape[2] * shape[3] + group * channels
                if floats.size:
                    hold_pixel_rows(
                        floats, at, shape, channels, plan, rows, columns, y + i, phases, length, flat, held
                    )
                else:
                    hold_pixel_rows(
                        pixels, at, shape, channels, plan, rows, columns, y + i, phases, length, flat, held
                    )
                find_pixel_taps(plan, y + i, channels, slots, phases, length, offsets[i])
            for panel in range(panels_of_group):
                weights = panels[group, panel].reshape(taps * PANEL)
                which = group * panels_of_group + panel
                for tap in range(0, taps, CHAIN):
                    some = min(CHAIN, taps - tap)
                    for i in range(count):
                        add_row(flat, offsets[i], tap, some, weights, starts, which * PANEL, sums[i], width)
                first = group * outputs + panel * PANEL
                some = min(PANEL, outputs - panel * PANEL)
                for i in range(count):
                    copy_pixels(sums[i], output[item, y + i, :, first : first + some])
            row += count


def conv2d_rows_channels_last(
    inputs: Array,
    panels: Array,
    bias: Array,
    plan: Plan,
    rows: Array,
    columns: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    """As conv2d_rows, with panels and bias from pack, and output [batch, y, x, out_channels]."""
    numbers = numbers_of(plan)
    convolve_pixels(*by_type(inputs), panels, bias, numbers, rows, columns, output, first_row, last_row)
