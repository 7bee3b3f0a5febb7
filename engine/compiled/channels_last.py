"""Whole outputs of a convolution of many channels, channels last.

Here a vector holds neighbouring output channels and the block runs over neighbouring positions: no lane is wasted
on narrow outputs, and an input pixel, whose channels lie together, is read once per tap.

The rows under the kernel are laid out as in rows.py, but with CHUNK channels of a pixel next to each other, so
that positions lie a fixed distance apart whatever the stride and the number of channels.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.compiled.build import F32, INDICES, PLAN, SIZE, Array, Plan, entry, loop, read_only
from engine.compiled.rows import NEVER, copy_every
from engine.compiled.simd import (
    CHAIN,
    CHUNK,
    LANES,
    LAST,
    LAST_NARROW,
    SLACK,
    channels_last_block,
)

# Output channels in a block.
PANEL = LAST.vectors * LANES
# Bytes of weights that are worth reading once for several output rows, and of laid rows to keep beside them.
WEIGHT_BYTES, RING_BYTES = 262_144, 393_216

add_positions, add_few_positions = channels_last_block(LAST), channels_last_block(LAST_NARROW)
POSITIONS, FEW = LAST.sums, LAST_NARROW.sums

Single = NDArray[np.float32]


def prefers_channels_last(group_channels: int, group_outputs: int, taps: int) -> bool:
    """Whether conv2d_rows_channels_last is the faster one; each argument counts for one group."""
    return group_outputs >= LANES and taps >= 128 or group_channels >= 16 and group_outputs >= LANES


def pack(weights: Single, bias: Single, groups: int, kernel_size: tuple[int, int]) -> tuple[Single, Single]:
    """Weights and bias as conv2d_rows_channels_last takes them.

    weights: [out_channels, taps] in tap order; bias: [out_channels]. Gives [groups, panels, taps, PANEL], the taps
    ordered CHUNK channels by CHUNK channels, in each by kernel row, kernel column and channel; and [groups,
    panels * PANEL].
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
    row: Array, first_channel: int, channels: int, columns: Array, plan: Plan, laid: Array
) -> None:
    """Line cell cell * step_x + phase of row, [width, all channels], into laid[chunk, phase, cell, CHUNK].

    Where the line has no input column, the zeros that `laid` was made with stay.
    """
    phases, cells = laid.shape[1], laid.shape[2]
    for phase in range(phases):
        for cell in range(min(cells, (columns.size - phase + plan.step_x - 1) // plan.step_x)):
            column = columns[cell * plan.step_x + phase]
            if column >= 0:
                for chunk in range(laid.shape[0]):
                    first = first_channel + chunk * CHUNK
                    some = min(CHUNK, first_channel + channels - first)
                    copy_every(laid[chunk, phase, cell, :some], row[column, first : first + some], 1)


@loop()
def add_row(
    cells: Array,
    offsets: Array,
    channels: int,
    weights: Array,
    bias: Array,
    channel: int,
    count: int,
    output: Array,
    output_at: int,
    stride: int,
    width: int,
    scratch: Array,
) -> None:
    """One output row of a panel: output[output_at + x * stride + c] for `count` channels c.

    offsets: int64 [runs], where the first cell of every run of a chunk's channels lies; weights: flat [taps,
    PANEL]; bias[channel + c].
    """
    last = channels % CHUNK
    runs = offsets.size
    full = runs // ((channels + CHUNK - 1) // CHUNK) * (channels // CHUNK)
    at_once = CHAIN // CHUNK
    x = 0
    while x < width:
        positions = POSITIONS if x + POSITIONS <= width else FEW
        some = min(positions, width - x)
        direct = some == positions and count == PANEL
        target, at, step = (output, output_at + x * stride, stride) if direct else (scratch, 0, PANEL)
        run = 0
        taps_at = 0
        while run < runs:
            length = CHUNK if run < full else last
            group = min(CHAIN // length if run >= full else at_once, (full if run < full else runs) - run)
            if positions == POSITIONS:
                add_positions(
                    cells,
                    x * CHUNK,
                    offsets,
                    run,
                    group,
                    length,
                    weights,
                    taps_at * PANEL,
                    bias,
                    channel,
                    target,
                    at,
                    step,
                    run == 0,
                )
            else:
                add_few_positions(
                    cells,
                    x * CHUNK,
                    offsets,
                    run,
                    group,
                    length,
                    weights,
                    taps_at * PANEL,
                    bias,
                    channel,
                    target,
                    at,
                    step,
                    run == 0,
                )
            run += group
            taps_at += group * length
        if not direct:
            for p in range(some):
                into = output_at + (x + p) * stride
                copy_every(output[into : into + count], scratch[p * PANEL :], 1)
        x += some


@loop()
def find_runs(plan: Plan, y: int, shape: tuple[int, int, int, int, int], offsets: Array) -> None:
    """offsets[run] = where the run begins in the ring, for position 0 of output row y; runs as in pack."""
    slots, chunks, phases, cells, chunk_cells = shape
    run = 0
    for chunk in range(chunks):
        for kernel_y in range(plan.kernel_height):
            slot = (y * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y) % slots
            for kernel_x in range(plan.kernel_width):
                column = plan.origin_x + kernel_x * plan.dilation_x
                line = (slot * chunks + chunk) * phases + column % plan.step_x
                offsets[run] = (line * cells + column // plan.step_x) * chunk_cells
                run += 1


def signature(cell: types.Type) -> object:
    f32 = types.float32
    return types.void(
        *(read_only(cell, 4), read_only(f32, 4), read_only(f32, 2), PLAN, INDICES, INDICES),
        *(f32[:, :, :, ::1], SIZE, SIZE),
    )


@entry(signature(types.uint8), signature(types.float32), fast=True)
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
    height, width, out_channels = output.shape[1], output.shape[2], output.shape[3]
    groups, panels_of_group, taps = panels.shape[0], panels.shape[1], panels.shape[2]
    kernel = plan.kernel_height * plan.kernel_width
    channels = taps // kernel
    outputs = out_channels // groups
    chunks = (channels + CHUNK - 1) // CHUNK
    phases = min(plan.step_x, plan.span_x)
    length = width + (plan.span_x - 1) // plan.step_x
    row_bytes = chunks * phases * length * CHUNK * 4
    together = 1
    if panels_of_group * taps * PANEL * 4 > WEIGHT_BYTES:
        together = max(1, min(8, (RING_BYTES // row_bytes - plan.span_y) // plan.step_y + 1))
    slots = plan.span_y + (together - 1) * plan.step_y
    size = slots * chunks * phases * length * CHUNK
    flat = np.zeros(size + CHUNK * POSITIONS, F32)
    ring = flat[:size].reshape(slots, chunks, phases, length, CHUNK)
    held = np.empty(slots, np.int64)
    offsets = np.empty((together, chunks * kernel), np.int64)
    scratch = np.empty(POSITIONS * PANEL, F32)
    cells = output.reshape(output.size)
    weights = panels.reshape(panels.size)
    starts = bias.reshape(bias.size)
    for group in range(groups):
        held[:] = NEVER
        ring[:] = 0
        row = first_row
        while row < last_row:
            item, y = row // height, row % height
            if y == 0:
                held[:] = NEVER
            count = min(together, min(height - y, last_row - row))
            for i in range(count):
                for kernel_y in range(plan.kernel_height):
                    place = (y + i) * plan.step_y + plan.origin_y + kernel_y * plan.dilation_y
                    slot = place % slots
                    if held[slot] != place:
                        held[slot] = place
                        if rows[place] >= 0:
                            source = inputs[item, rows[place]]
                            lay_pixels(source, group * channels, channels, columns, plan, ring[slot])
                        else:
                            ring[slot] = 0
                find_runs(plan, y + i, ring.shape, offsets[i])
            for panel in range(panels_of_group):
                some = min(PANEL, outputs - panel * PANEL)
                which = group * panels_of_group + panel
                for i in range(count):
                    at = (row + i) * width * out_channels + group * outputs + panel * PANEL
                    add_row(
                        flat,
                        offsets[i],
                        channels,
                        weights[which * taps * PANEL :],
                        starts,
                        which * PANEL,
                        some,
                        cells,
                        at,
                        out_channels,
                        width,
                        scratch,
                    )
            row += count
