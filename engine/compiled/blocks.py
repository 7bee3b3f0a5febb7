"""Output rows of one block of channels, or two rows of one channel, from a ring of laid-out input rows."""

from typing import Any

import numpy as np

from engine.compiled.build import F32, Array, Plan, loop
from engine.compiled.rows import copy_every
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
            first, upper, both, lower = parts[part, 0], parts[part, 1], parts[part, 2], parts[part, 3]
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
        parts = np.empty((1, 4), np.int64)
        parts[0, 0], parts[0, 1], parts[0, 2], parts[0, 3] = 0, shift_taps, both_taps, lower_taps
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
