"""The trace: every position's window, products and sums, to the last bit of their definition.

A product is float32(cell) * weight in float32; a sum is the left fold of the products in tap order (channel,
kernel row, kernel column) in float64, plus the bias, rounded to float32. Hence no fast mathematics here: a
product that fused with its sum would not be the product that is shown.
"""

from collections.abc import Callable

import numpy as np
from numba import types

from engine.compiled.build import (
    F32,
    INDICES,
    PLAN_NUMBERS,
    SIZE,
    Array,
    Plan,
    entry,
    loop,
    plan_from,
    read_only,
)
from engine.compiled.moves import MOVE, move_four, move_one
from engine.compiled.rows import copy_every, lay_window_rows, layout_of
from engine.compiled.simd import fold_block
from engine.compiled.vectors import LANES

fold = fold_block(4)
# Positions folded at a time.
FOLD = 4 * LANES
# Cells of windows laid at a time, for the same reason.
BLOCK = 2048


@loop()
def fill_sums(
    cells: Array, at: int, offsets: Array, weights: Array, bias: Array, sums: Array, scratch: Array
) -> None:
    """sums[i] = the fold of all taps at cells[at + i], plus bias[0]."""
    for start in range(0, sums.size, FOLD):
        count = sums.size - start
        if count >= FOLD:
            fold(cells, at + start, offsets, 0, offsets.size, weights, bias, sums, start)
        else:
            fold(cells, at + start, offsets, 0, offsets.size, weights, bias, scratch, 0)
            copy_every(sums[start:], scratch, 1)


@loop()
def fill_channel_sums(
    cells: Array, at: int, offsets: Array, weights: Array, channels: int, sums: Array, scratch: Array
) -> None:
    """sums[i * channels + channel] = the fold of the channel's own taps at cells[at + i]."""
    taps = offsets.size // channels
    positions = sums.size // channels
    nothing = np.zeros(1, np.float64)
    for start in range(0, positions, FOLD):
        count = min(FOLD, positions - start)
        for channel in range(channels):
            fold(cells, at + start, offsets, channel * taps, taps, weights, nothing, scratch, 0)
            for i in range(count):
                sums[(start + i) * channels + channel] = scratch[i]


@loop()
def lay_windows(cells: Array, offsets: Array, run: int, count: int, laid: Array) -> None:
    """laid[i * taps + tap] = cells[offsets[tap] + i]; up to MOVE - 1 more cells of laid are overwritten.

    run: how many taps at a time read neighbours; 1 where none do.
    """
    taps = offsets.size
    # Moves go upwards, and what one writes too much the next one puts right. What the last one writes into
    # the following window is put right at the end, one by one.
    for first in range(0, taps if run > 1 else 0, run):
        for tap in range(first, first + run, MOVE):
            source = offsets[tap]
            for i in range(count):
                move_four(laid, i * taps + tap, cells, source + i)
    for tap in range(-run % MOVE if run > 1 else taps):
        source = offsets[tap]
        for i in range(count):
            move_one(laid, i * taps + tap, cells, source + i)


@loop()
def fill_windows(
    cells: Array,
    offsets: Array,
    run: int,
    tiled: Array,
    byte_window: Array,
    float_window: Array,
    products: Array,
    count: int,
) -> None:
    """The windows at `count` neighbouring positions, a block at a time, into what is wanted of them.

    tiled: the weights, over and over, as long as a block: one long even loop multiplies all of it.
    """
    taps = offsets.size
    scratch = np.empty(tiled.size + MOVE - 1, F32)
    for start in range(0, count * taps, tiled.size):
        stop = min(start + tiled.size, count * taps)
        direct = float_window.size >= stop + MOVE - 1
        laid = float_window[start:] if direct else scratch
        lay_windows(cells[start // taps :], offsets, run, (stop - start) // taps, laid)
        if byte_window.size:
            copy_every(byte_window[start:stop], laid, 1)
        if float_window.size and not direct:
            copy_every(float_window[start:stop], laid, 1)
        if products.size:
            terms = products[start:stop]
            for i in range(terms.size):
                terms[i] = laid[i] * tiled[i]


BYTES, SINGLES = types.uint8[::1], types.float32[::1]
# What `numbers` holds of the input, and where.
_WIDTH, _STRIDE, _FIRST_CHANNEL, _ROWS = range(PLAN_NUMBERS, PLAN_NUMBERS + 4)
_LINES = _ROWS + 1


@entry(
    types.void(
        *(read_only(types.uint8, 1), read_only(types.float32, 1), read_only(types.float32, 1)),
        *(types.float64, INDICES, SIZE, SIZE, BYTES, SINGLES, SINGLES, SINGLES, SINGLES),
    )
)
def fill_flat(
    bytes_: Array,
    floats: Array,
    weights: Array,
    bias: float,
    numbers: Array,
    first: int,
    count: int,
    byte_window: Array,
    float_window: Array,
    products: Array,
    channel_sums: Array,
    sums: Array,
) -> None:
    """Filler with flat arrays, and with cells and window as bytes and as floats.

    The one that they are not is empty: to compile the whole for either would take twice as long.
    """
    plan = plan_from(numbers)
    lines = numbers[_LINES:]
    rows, columns = lines[: numbers[_ROWS]], lines[numbers[_ROWS] :]
    width, taps = plan.output_width, weights.size
    channels = taps // (plan.kernel_height * plan.kernel_width)
    offsets = np.empty(taps, np.int64)
    scratch, start = np.empty(FOLD, F32), np.full(1, bias)
    run = plan.kernel_width if plan.step_x == plan.dilation_x == 1 else 1
    tiled = np.empty(max(1, BLOCK // taps) * taps, F32)
    if products.size:
        tiled[:taps] = weights
        for i in range(taps, tiled.size):
            tiled[i] = tiled[i - taps]

    # A chunk of several rows reads nearly all columns, and its rows share what is laid. A shorter one has its
    # one or two rows laid apart, each only where it is read.
    shared = count > width
    done = 0
    while done < count:
        y, x = (first + done) // width, (first + done) % width
        here = min(width - x, count - done)
        low = 0 if shared else x
        if done == 0 or not shared:
            here_or_all = width if shared else here
            left = low * plan.step_x
            # Moves read up to MOVE - 1 cells too many: less than the slack of a ring.
            layout, ring, table, found = layout_of(
                plan,
                columns,
                left,
                here_or_all,
                plan.span_y,
                numbers[_WIDTH],
                numbers[_STRIDE],
                numbers[_FIRST_CHANNEL],
                channels,
            )
        if floats.size:
            slot = lay_window_rows(floats, 0, plan, rows, y, layout, ring, table)
        else:
            slot = lay_window_rows(bytes_, 0, plan, rows, y, layout, ring, table)
        offsets[:] = found[slot * taps : (slot + 1) * taps]
        if sums.size:
            fill_sums(ring, x - low, offsets, weights, start, sums[done : done + here], scratch)
        if channel_sums.size:
            into = channel_sums[done * channels : (done + here) * channels]
            fill_channel_sums(ring, x - low, offsets, weights, channels, into, scratch)
        if byte_window.size or float_window.size or products.size:
            rest = done * taps
            windows = (byte_window[rest:], float_window[rest:])
            fill_windows(ring[x - low :], offsets, run, tiled, *windows, products[rest:], here)
        done += here


class Filler:
    """Fills chunks of one trace; what all of them have in common is looked at once.

    To look at an array takes Numba half a microsecond, and a chunk of a few positions not much more.
    Everything is trusted, contiguous and aligned. Any number of threads may use one Filler.

    cells: HWC, uint8 or float32; the channels read begin at first_channel, as many as the weights are for.
    weights: [taps] in tap order. rows, columns: the lines.
    """

    def __init__(
        self,
        cells: Array,
        first_channel: int,
        weights: Array,
        bias: float,
        plan: Plan,
        rows: Array,
        columns: Array,
    ) -> None:
        flat = cells.reshape(-1)
        self._is_bytes = flat.dtype == NO_BYTES.dtype
        self._known = (
            *((flat, NO_SINGLES) if self._is_bytes else (NO_BYTES, flat)),
            weights,
            bias,
            np.array([*plan, *cells.shape[1:], first_channel, rows.size, *rows, *columns], np.int64),
        )

    def bound(
        self,
        window: Array | None,
        products: Array | None,
        channel_sums: Array | None,
        sums: Array | None,
    ) -> Callable[[int, int], None]:
        """fill(first, count): positions first..first+count-1 into the arrays that are given.

        window: [count, taps] of the dtype of the cells; products: float32 [count, taps]; channel_sums:
        float32 [count, channels]; sums: float32 [count].
        """
        laid = None if window is None else window.reshape(-1)
        known, arrays = (
            self._known,
            (
                laid if laid is not None and self._is_bytes else NO_BYTES,
                laid if laid is not None and not self._is_bytes else NO_SINGLES,
                NO_SINGLES if products is None else products.reshape(-1),
                NO_SINGLES if channel_sums is None else channel_sums.reshape(-1),
                NO_SINGLES if sums is None else sums,
            ),
        )

        def fill(first: int, count: int) -> None:
            fill_flat(*known, first, count, *arrays)

        return fill


NO_BYTES, NO_SINGLES = np.empty(0, np.uint8), np.empty(0, F32)
