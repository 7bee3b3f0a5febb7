"""Whole outputs of a convolution, planar: every feature map is contiguous, ready to send.

The taps of an output row are offsets into a ring of laid-out input rows (rows.py); blocks of vector code
(simd.py, blocks.py) add them up. channels_last.py is for many channels.
"""

import numpy as np
from numba import types

from engine.compiled.blocks import (
    PAIR_WIDTH,
    add_eight,
    add_four,
    add_two_rows,
    pair_offsets,
    pair_weights,
    parts_of,
)
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
    part,
    plan_from,
    read_only,
)
from engine.compiled.rows import Layout, forget, lay_window_rows, layout_of
from engine.compiled.vectors import EIGHT, LANES

# Channels laid out together where groups are small: a cache line of float32.
LOT = 16
# Bytes of laid-out rows under a tile of columns: what the first-level cache holds beside weights and sums.
TILE_BYTES = 24_576


@loop()
def packed_blocks(weights: Array, first: int, channels: int) -> Array:
    """Weights [out_channels, taps] of channels first ... first + channels - 1, a multiple of four, flat, as
    planar_block takes them: eight channels by eight, and the last four."""
    taps = weights.shape[1]
    packed = np.empty(channels * taps, F32)
    at = 0
    while at < channels:
        size = 8 if channels - at >= 8 else 4
        for tap in range(taps):
            for c in range(size):
                packed[at * taps + tap * size + c] = weights[first + at + c, tap]
        at += size
    return packed


@part()
def add_blocks(
    cells: Array,
    offsets: Array,
    first_tap: int,
    taps: int,
    packed: Array,
    packed_at: int,
    channels: int,
    bias: Array,
    channel: int,
    output: Array,
    output_at: int,
    plane: int,
    width: int,
    tile: int,
    scratch: Array,
) -> None:
    """One output row of `channels` channels, tile by tile: what a tile reads fits the nearest cache.

    packed: flat, the packed_blocks of those channels from packed_at on.
    """
    for x in range(0, width, tile):
        end = min(width, x + tile)
        at = 0
        while at < channels:
            panel, into = packed_at + at * taps, output_at + at * plane
            if channels - at >= 8:
                add_eight(
                    cells,
                    offsets,
                    first_tap,
                    taps,
                    packed,
                    panel,
                    bias,
                    channel + at,
                    output,
                    into,
                    plane,
                    x,
                    end,
                    scratch,
                )
                at += 8
            else:
                add_four(
                    cells,
                    offsets,
                    first_tap,
                    taps,
                    packed,
                    panel,
                    bias,
                    channel + at,
                    output,
                    into,
                    plane,
                    x,
                    end,
                    scratch,
                )
                at += 4


@loop()
def hold_two_rows(
    pixels: Array,
    floats: Array,
    at: int,
    plan: Plan,
    rows: Array,
    y: int,
    together: int,
    layout: Layout,
    ring: Array,
    table: Array,
) -> int:
    """Make the ring hold the rows under output rows y ... y + together - 1; gives the first one's slot."""
    slot = 0
    for row in range(y + together - 1, y - 1, -1):
        if floats.size:
            slot = lay_window_rows(floats, at, plan, rows, row, layout, ring, table)
        else:
            slot = lay_window_rows(pixels, at, plan, rows, row, layout, ring, table)
    return slot


@part()
def convolve_lot(
    pixels: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    weights: Array,
    bias: Array,
    first_group: int,
    groups: int,
    per_group: int,
    plan: Plan,
    rows: Array,
    columns: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    """conv2d_rows for groups first_group ... first_group + groups - 1, laid out together."""
    out_channels, height, width = output.shape[1], output.shape[2], output.shape[3]
    plane, taps = height * width, weights.shape[1]
    group_channels = taps // (plan.kernel_height * plan.kernel_width)
    first_channel, channels = first_group * group_channels, groups * group_channels
    _, input_height, input_width, stride = shape
    layout, ring, table, offsets = layout_of(
        plan, columns, 0, width, plan.span_y + plan.step_y, input_width, stride, first_channel, channels
    )
    two = pair_offsets(plan, group_channels, groups, offsets, layout.slots)
    pair_taps = two.size // (layout.slots * groups)
    alone, paired = parts_of(plan, taps, 1), parts_of(plan, taps, 2)
    scratch = np.empty(2 * PAIR_WIDTH, F32)
    starts, sums = bias.copy(), output.reshape(output.size)
    # Channels beside the blocks of eight and four, two rows at a time.
    single = per_group % 4
    blocks = per_group - single
    packed = np.empty(groups * blocks * taps, F32)
    pairs = np.empty(groups * single * 2 * pair_taps, F32)
    for group in range(groups):
        channel = (first_group + group) * per_group
        begin = group * blocks * taps
        packed[begin : begin + blocks * taps] = packed_blocks(weights, channel, blocks)
        for i in range(single):
            begin = (group * single + i) * 2 * pair_taps
            pairs[begin : begin + 2 * pair_taps] = pair_weights(plan, weights[channel + blocks + i])
    block_width = EIGHT.vectors * LANES
    tile = max(2, TILE_BYTES // (4 * group_channels * plan.kernel_height * block_width)) * block_width
    row = first_row
    while row < last_row:
        item, y = row // height, row % height
        if y == 0:
            forget(layout, table)
        together = 2 if y + 1 < height and row + 1 < last_row else 1
        begin = item * input_height * input_width * stride
        slot = hold_two_rows(pixels, floats, begin, plan, rows, y, together, layout, ring, table)
        below = (slot + plan.step_y) % layout.slots
        for group in range(groups):
            channel = (first_group + group) * per_group
            at = (item * out_channels + channel) * plane + y * width
            for i in range(together if blocks else 0):
                add_blocks(
                    ring,
                    offsets,
                    ((below if i else slot) * groups + group) * taps,
                    taps,
                    packed,
                    group * blocks * taps,
                    blocks,
                    starts,
                    channel,
                    sums,
                    at + i * width,
                    plane,
                    width,
                    tile,
                    scratch,
                )
            for i in range(single):
                add_two_rows(
                    ring,
                    two,
                    (slot * groups + group) * pair_taps,
                    paired if together == 2 else alone,
                    pairs,
                    (group * single + i) * 2 * pair_taps,
                    starts,
                    channel + blocks + i,
                    sums,
                    at + (blocks + i) * plane,
                    together,
                    width,
                    scratch,
                )
        row += together


@entry(
    types.void(
        *CELLS,
        read_only(types.float32, 2),
        read_only(types.float32, 1),
        *(SIZE, INDICES, INDICES, INDICES, types.float32[:, :, :, ::1], SIZE, SIZE),
    ),
    fast=True,
)
def convolve(
    pixels: Array,
    floats: Array,
    shape: tuple[int, int, int, int],
    weights: Array,
    bias: Array,
    groups: int,
    numbers: Array,
    rows: Array,
    columns: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    plan = plan_from(numbers)
    per_group = output.shape[1] // groups
    group_channels = weights.shape[1] // (plan.kernel_height * plan.kernel_width)
    lot = max(1, LOT // group_channels)
    for first_group in range(0, groups, lot):
        convolve_lot(
            pixels,
            floats,
            shape,
            weights,
            bias,
            first_group,
            min(lot, groups - first_group),
            per_group,
            plan,
            rows,
            columns,
            output,
            first_row,
            last_row,
        )


def conv2d_rows(
    inputs: Array,
    weights: Array,
    bias: Array,
    groups: int,
    plan: Plan,
    rows: Array,
    columns: Array,
    output: Array,
    first_row: int,
    last_row: int,
) -> None:
    """Output rows first_row ... last_row - 1, counted through the whole batch (item * output_height + y).

    inputs: NHWC, uint8 or float32; weights: [out_channels, taps] in tap order; bias: [out_channels]; rows,
    columns: the lines of the axes; output: planar, [batch, out_channels, y, x]. Output channel j reads the
    input channels of group j // (out_channels / groups).
    """
    numbers = numbers_of(plan)
    convolve(*by_type(inputs), weights, bias, groups, numbers, rows, columns, output, first_row, last_row)
