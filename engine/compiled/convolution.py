"""Whole outputs of a convolution, planar: every feature map is contiguous, ready to send.

The taps of an output row are offsets into a ring of laid-out input rows (rows.py); blocks of vector code
(simd.py) add them up. channels_last.py is for inputs of many channels.
"""

from typing import Any

import numpy as np
from numba import types

from engine.compiled.build import F32, INDICES, PLAN, SIZE, Array, Plan, entry, loop, read_only
from engine.compiled.rows import NEVER, copy_every, find_taps, hold_window_rows, slack_ring
from engine.compiled.simd import (
    CHAIN,
    EIGHT,
    EIGHT_NARROW,
    FOUR,
    FOUR_NARROW,
    LANES,
    PAIR,
    PAIR_NARROW,
    Block,
    pair_block,
    planar_block,
)

# Channels laid out together where groups are small: a cache line of float32.
LOT = 16
# Bytes of laid-out rows under a tile of columns: what the first-level cache holds beside weights and sums.
TILE_BYTES = 24_576


def channel_rows(block: Block, narrow: Block) -> Any:
    """The loop over the columns of one output row of block.sums channels."""
    add, add_narrow = planar_block(block), planar_block(narrow)
    channels, width, narrow_width = block.sums, block.vectors * LANES, narrow.vectors * LANES

    @loop()
    def add_row(
        cells: Array,
        offsets: Array,
        weights: Array,
        bias: Array,
        channel: int,
        output: Array,
        output_at: int,
        plane: int,
        x: int,
        end: int,
        scratch: Array,
    ) -> None:
        """Columns x ... end - 1 of output[output_at + c * plane + x], for the block's channels c."""
        taps = offsets.size
        while x + width <= end:
            for first in range(0, taps, CHAIN):
                add(
                    cells,
                    x,
                    offsets,
                    first,
                    min(CHAIN, taps - first),
                    weights,
                    bias,
                    channel,
                    output,
                    output_at + x,
                    plane,
                    first == 0,
                )
            x += width
        while x < end:
            for first in range(0, taps, CHAIN):
                add_narrow(
                    cells,
                    x,
                    offsets,
                    first,
                    min(CHAIN, taps - first),
                    weights,
                    bias,
                    channel,
                    scratch,
                    0,
                    narrow_width,
                    first == 0,
                )
            some = min(narrow_width, end - x)
            for c in range(channels):
                at = output_at + c * plane + x
                copy_every(output[at : at + some], scratch[c * narrow_width :], 1)
            x += some

    return add_row


add_eight = channel_rows(EIGHT, EIGHT_NARROW)
add_four = channel_rows(FOUR, FOUR_NARROW)
add_pair, add_narrow_pair = pair_block(PAIR), pair_block(PAIR_NARROW)
PAIR_WIDTH, NARROW_PAIR_WIDTH = PAIR.vectors * LANES, PAIR_NARROW.vectors * LANES


@loop()
def add_two_rows(
    cells: Array,
    offsets: Array,
    parts: Array,
    weights: Array,
    bias: Array,
    channel: int,
    output: Array,
    output_at: int,
    together: int,
    end: int,
    scratch: Array,
) -> None:
    """Columns 0 ... end - 1 of one channel's rows, 1 or 2 `together`: output[output_at + row * end + x]."""
    x = 0
    while x < end:
        wide = x + PAIR_WIDTH <= end
        direct = wide and together == 2
        target, at, stride = (output, output_at + x, end) if direct else (scratch, 0, PAIR_WIDTH)
        for part in range(parts.shape[0]):
            first, upper, both, lower = parts[part]
            if wide:
                add_pair(
                    cells,
                    x,
                    offsets,
                    first,
                    upper,
                    both,
                    lower,
                    weights,
                    bias,
                    channel,
                    target,
                    at,
                    stride,
                    part == 0,
                )
            else:
                add_narrow_pair(
                    cells,
                    x,
                    offsets,
                    first,
                    upper,
                    both,
                    lower,
                    weights,
                    bias,
                    channel,
                    target,
                    at,
                    stride,
                    part == 0,
                )
        some = min(PAIR_WIDTH if wide else NARROW_PAIR_WIDTH, end - x)
        if not direct:
            for row in range(together):
                at = output_at + row * end + x
                copy_every(output[at : at + some], scratch[row * PAIR_WIDTH :], 1)
        x += some


@loop()
def rows_between(plan: Plan) -> int:
    """How many kernel rows further up the window of the next output row lies, if the two share input rows."""
    step = max(1, abs(plan.dilation_y))
    return min(plan.kernel_height, plan.step_y // step if plan.step_y % step == 0 else plan.kernel_height)


@loop()
def kernel_row(plan: Plan, depth: int) -> int:
    """Which kernel row reads the depth-th input row under a window, counted from the top."""
    return depth if plan.dilation_y >= 0 else plan.kernel_height - 1 - depth


@loop()
def parts_of(plan: Plan, taps: int, together: int) -> Array:
    """int64 [parts, 4] for pair_block: first tap, then how many for the upper row, both rows, the lower row.

    Taps are in order of input rows, top to bottom, and no part of one row's sum depends on where the other row
    lies: a row is the same to the last bit as the upper one, the lower one and alone.
    """
    height, shift = plan.kernel_height, rows_between(plan)
    across = taps // height
    if together == 1:
        shift_taps, both_taps, lower_taps = taps, 0, 0
    else:
        shift_taps, both_taps, lower_taps = shift * across, taps - shift * across, shift * across
    if taps <= CHAIN:
        parts = np.empty((1, 4), np.int64)
        parts[0] = (0, shift_taps, both_taps, lower_taps)
        return parts
    depths = height + shift if together == 2 else height
    per_depth = (across + CHAIN - 1) // CHAIN
    parts = np.zeros((depths * per_depth, 4), np.int64)
    for part in range(parts.shape[0]):
        depth, start = part // per_depth, part % per_depth * CHAIN
        role = 1 if together == 1 or depth < shift else 2 if depth < height else 3
        parts[part, 0] = depth * across + start
        parts[part, role] = min(CHAIN, across - start)
    return parts


@loop()
def pair_offsets(plan: Plan, upper: Array, lower: Array, offsets: Array) -> None:
    """The taps of two rows, top to bottom, from those of each in tap order."""
    height, width, shift = plan.kernel_height, plan.kernel_width, rows_between(plan)
    channels = upper.size // (height * width)
    at = 0
    for depth in range(height + shift):
        source = upper if depth < height else lower
        ky = kernel_row(plan, depth if depth < height else depth - shift)
        for channel in range(channels):
            for kx in range(width):
                offsets[at] = source[(channel * height + ky) * width + kx]
                at += 1


@loop()
def pair_weights(plan: Plan, weights: Array) -> Array:
    """Flat [taps of two rows, 2], in the order of pair_offsets."""
    height, width, shift = plan.kernel_height, plan.kernel_width, rows_between(plan)
    channels = weights.size // (height * width)
    packed = np.zeros(2 * channels * width * (height + shift), F32)
    at = 0
    for depth in range(height + shift):
        for channel in range(channels):
            for kx in range(width):
                if depth < height:
                    packed[at] = weights[(channel * height + kernel_row(plan, depth)) * width + kx]
                if depth >= shift:
                    ky = kernel_row(plan, depth - shift)
                    packed[at + 1] = weights[(channel * height + ky) * width + kx]
                at += 2
    return packed


@loop()
def convolve_lot(
    inputs: Array,
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
    height, width, out_channels = output.shape[2], output.shape[3], output.shape[1]
    plane = height * width
    taps = weights.shape[1]
    group_channels = taps // (plan.kernel_height * plan.kernel_width)
    first_channel = first_group * group_channels
    flat, ring = slack_ring(plan, groups * group_channels, width, plan.span_y + plan.step_y)
    held = np.full(ring.shape[0], NEVER, np.int64)
    offsets = np.empty((2, groups * taps), np.int64)
    across = taps // plan.kernel_height
    two = np.empty(across * (plan.kernel_height + rows_between(plan)), np.int64)
    alone, paired = parts_of(plan, taps, 1), parts_of(plan, taps, 2)
    scratch = np.empty(max(EIGHT_NARROW.sums * EIGHT_NARROW.vectors * LANES, 2 * PAIR_WIDTH), F32)
    starts = bias.copy()
    cells = output.reshape(output.size)
    singles = per_group % 4
    blocks = np.empty((groups, taps * (per_group - singles)), F32)
    pairs = np.empty((groups, singles, 2 * two.size), F32)
    for group in range(groups):
        channel = (first_group + group) * per_group
        at = 0
        while at < per_group - singles:
            size = 8 if per_group - at >= 8 else 4
            for tap in range(taps):
                for c in range(size):
                    blocks[group, (at * taps) + tap * size + c] = weights[channel + at + c, tap]
            at += size
        for single in range(singles):
            pairs[group, single] = pair_weights(plan, weights[channel + at + single])
    tile = max(2, TILE_BYTES // (4 * group_channels * plan.kernel_height) // (EIGHT.vectors * LANES))
    tile *= EIGHT.vectors * LANES

    row = first_row
    while row < last_row:
        item, y = row // height, row % height
        if y == 0:
            held[:] = NEVER
        together = 2 if y + 1 < height and row + 1 < last_row else 1
        for i in range(together):
            hold_window_rows(inputs[item], first_channel, plan, rows, columns, y + i, 0, ring, held)
            find_taps(plan, y + i, ring, offsets[i])
        for group in range(groups):
            own = slice(group * taps, (group + 1) * taps)
            channel = (first_group + group) * per_group
            plane_at = (item * out_channels + channel) * plane + y * width
            for i in range(together):
                for x in range(0, width, tile):
                    end = min(width, x + tile)
                    at = 0
                    while at < per_group - singles:
                        panel = blocks[group, at * taps :]
                        into = plane_at + at * plane + i * width
                        if per_group - at >= 8:
                            add_eight(
                                flat,
                                offsets[i, own],
                                panel,
                                starts,
                                channel + at,
                                cells,
                                into,
                                plane,
                                x,
                                end,
                                scratch,
                            )
                            at += 8
                        else:
                            add_four(
                                flat,
                                offsets[i, own],
                                panel,
                                starts,
                                channel + at,
                                cells,
                                into,
                                plane,
                                x,
                                end,
                                scratch,
                            )
                            at += 4
            if singles:
                pair_offsets(plan, offsets[0, own], offsets[together - 1, own], two)
            for single in range(singles):
                at = per_group - singles + single
                add_two_rows(
                    flat,
                    two,
                    paired if together == 2 else alone,
                    pairs[group, single],
                    starts,
                    channel + at,
                    cells,
                    plane_at + at * plane,
                    together,
                    width,
                    scratch,
                )
        row += together


def signature(cell: types.Type) -> object:
    f32 = types.float32
    return types.void(
        *(read_only(cell, 4), read_only(f32, 2), read_only(f32, 1), SIZE, PLAN, INDICES, INDICES),
        *(f32[:, :, :, ::1], SIZE, SIZE),
    )


@entry(signature(types.uint8), signature(types.float32), fast=True)
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

    inputs: NHWC; weights: [out_channels, taps] in tap order; bias: [out_channels]; rows, columns: the lines of
    the axes; output: planar, [batch, out_channels, y, x]. Output channel j reads the input channels of group
    j // (out_channels / groups).
    """
    per_group = output.shape[1] // groups
    group_channels = weights.shape[1] // (plan.kernel_height * plan.kernel_width)
    lot = max(1, LOT // group_channels)
    for first_group in range(0, groups, lot):
        convolve_lot(
            inputs,
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
