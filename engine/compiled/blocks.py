"""Output rows of one block of channels, or two rows of one channel, from a ring of laid-out input rows."""

from typing import Any

import numpy as np

from engine.compiled.build import F32, Array, Plan, loop, part
from engine.compiled.simd import pair_block, planar_block
from engine.compiled.vectors import (
    CHAIN,
    EIGHT,
    EIGHT_NARROW,
    FOUR,
    FOUR_NARROW,
    LANES,
    PAIR,
    PAIR_NARROW,
    Block,
)


def channel_rows(block: Block, narrow: Block) -> Any:
    """The loop over the columns of one output row of block.sums channels."""
    add, add_narrow = planar_block(block), planar_block(narrow)
    channels, width, narrow_width = (block.sums, block.vectors * LANES, narrow.vectors * LANES)

    @loop()
    def add_row(
        cells: Array,
        offsets: Array,
        first_tap: int,
        taps: int,
        weights: Array,
        weights_at: int,
        bias: Array,
        channel: int,
        output: Array,
        output_at: int,
        plane: int,
        x: int,
        end: int,
        scratch: Array,
    ) -> None:
        """Columns x ... end - 1 of output[output_at + c * plane + x], for the block's channels c.

        Its taps are offsets[first_tap] and so on; their weights begin at weights[weights_at].
        """
        while x + width <= end:
            for first in range(0, taps, CHAIN):
                add(
                    cells,
                    x,
                    offsets,
                    first_tap + first,
                    min(CHAIN, taps - first),
                    weights,
                    weights_at + first * channels,
                    bias,
                    channel,
                    output,
                    output_at + x,
                    plane,
                    first == 0,
                )
            x += width
        while x < end and end >= narrow_width:
            # The last block overlaps the one before, which gives the same sums again.
            x = min(x, end - narrow_width)
            for first in range(0, taps, CHAIN):
                add_narrow(
                    cells,
                    x,
                    offsets,
                    first_tap + first,
                    min(CHAIN, taps - first),
                    weights,
                    weights_at + first * channels,
                    bias,
                    channel,
                    output,
                    output_at + x,
                    plane,
                    first == 0,
                )
            x += narrow_width
        if x < end:
            for first in range(0, taps, CHAIN):
                add_narrow(
                    cells,
                    x,
                    offsets,
                    first_tap + first,
                    min(CHAIN, taps - first),
                    weights,
                    weights_at + first * channels,
                    bias,
                    channel,
                    scratch,
                    0,
                    narrow_width,
                    first == 0,
                )
            for c in range(channels):
                for i in range(end - x):
                    output[output_at + c * plane + x + i] = scratch[c * narrow_width + i]

    return add_row


add_eight = channel_rows(EIGHT, EIGHT_NARROW)
add_four = channel_rows(FOUR, FOUR_NARROW)


def pair_columns(block: Block) -> Any:
    """The loop over the parts of as many columns of two rows as the block is wide."""
    add_part = pair_block(block)

    @part()
    def add_columns(
        cells: Array,
        x: int,
        offsets: Array,
        offsets_at: int,
        parts: Array,
        weights: Array,
        weights_at: int,
        bias: Array,
        channel: int,
        output: Array,
        output_at: int,
        stride: int,
    ) -> None:
        """output[output_at + row * stride + i] for columns x + i."""
        for first_part in range(0, parts.size, 4):
            add_part(
                cells,
                x,
                offsets,
                offsets_at,
                parts[first_part],
                parts[first_part + 1],
                parts[first_part + 2],
                parts[first_part + 3],
                weights,
                weights_at,
                bias,
                channel,
                output,
                output_at,
                stride,
                first_part == 0,
            )

    return add_columns


add_pair, add_narrow_pair = pair_columns(PAIR), pair_columns(PAIR_NARROW)
PAIR_WIDTH, NARROW_PAIR_WIDTH = PAIR.vectors * LANES, PAIR_NARROW.vectors * LANES


@loop()
def add_two_rows(
    cells: Array,
    offsets: Array,
    offsets_at: int,
    parts: Array,
    weights: Array,
    weights_at: int,
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
    while together == 2 and x + PAIR_WIDTH <= end:
        add_pair(
            cells,
            x,
            offsets,
            offsets_at,
            parts,
            weights,
            weights_at,
            bias,
            channel,
            output,
            output_at + x,
            end,
        )
        x += PAIR_WIDTH
    while together == 2 and x < end and end >= NARROW_PAIR_WIDTH:
        # The last block overlaps the one before, which gives the same sums again.
        x = min(x, end - NARROW_PAIR_WIDTH)
        add_narrow_pair(
            cells,
            x,
            offsets,
            offsets_at,
            parts,
            weights,
            weights_at,
            bias,
            channel,
            output,
            output_at + x,
            end,
        )
        x += NARROW_PAIR_WIDTH
    while x < end:
        add_narrow_pair(
            cells,
            x,
            offsets,
            offsets_at,
            parts,
            weights,
            weights_at,
            bias,
            channel,
            scratch,
            0,
            NARROW_PAIR_WIDTH,
        )
        for row in range(together):
            for i in range(min(NARROW_PAIR_WIDTH, end - x)):
                output[output_at + row * end + x + i] = scratch[row * NARROW_PAIR_WIDTH + i]
        x += NARROW_PAIR_WIDTH


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
    """int64, flat, [parts, 4] for pair_block: first tap, then how many are for the upper row, both, lower.

    Taps are in order of input rows, top to bottom, and no part of one row's sum depends on where the other
    row lies: a row is the same to the last bit as the upper one, the lower one and alone.
    """
    height, shift = plan.kernel_height, rows_between(plan)
    across = taps // height
    if together == 1:
        shift_taps, both_taps, lower_taps = taps, 0, 0
    else:
        shift_taps, both_taps, lower_taps = (shift * across, taps - shift * across, shift * across)
    if taps <= CHAIN:
        return np.array([0, shift_taps, both_taps, lower_taps], np.int64)
    depths = height + shift if together == 2 else height
    per_depth = (across + CHAIN - 1) // CHAIN
    parts = np.zeros(4 * depths * per_depth, np.int64)
    for which in range(depths * per_depth):
        depth, start = which // per_depth, which % per_depth * CHAIN
        role = 1 if together == 1 or depth < shift else 2 if depth < height else 3
        parts[4 * which] = depth * across + start
        parts[4 * which + role] = min(CHAIN, across - start)
    return parts


@loop()
def pair_offsets(plan: Plan, channels: int, groups: int, offsets: Array, slots: int) -> Array:
    """The offsets of the taps that two rows have, top to bottom.

    Flat, [slots, groups, taps of two rows], by the slot that the upper window's first row lies in.

    offsets: those of one row. channels: of a group.
    """
    height, width, shift = plan.kernel_height, plan.kernel_width, rows_between(plan)
    taps = channels * height * width
    two = np.empty(slots * groups * channels * width * (height + shift), np.int64)
    at = 0
    for slot in range(slots):
        for group in range(groups):
            for depth in range(height + shift):
                of_row = depth if depth < height else depth - shift
                row = slot if depth < height else (slot + plan.step_y) % slots
                first = (row * groups + group) * taps
                for channel in range(channels):
                    for kx in range(width):
                        tap = (channel * height + kernel_row(plan, of_row)) * width + kx
                        two[at] = offsets[first + tap]
                        at += 1
    return two


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
