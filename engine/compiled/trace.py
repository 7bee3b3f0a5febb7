"""The trace: every position's window, products and sums, to the last bit of their definition.

A product is float32(cell) * weight in float32; a sum is the left fold of the products in tap order (channel,
kernel row, kernel column) in float64, plus the bias, rounded to float32. Hence no fast mathematics here: a
product that fused with its sum would not be the product that is shown.
"""

import numpy as np
from numba import types

from engine.compiled.build import F32, INDICES, PLAN, SIZE, Array, Plan, entry, loop, read_only
from engine.compiled.moves import MOVE, move_four, move_one
from engine.compiled.rows import NEVER, copy_every, lay_window_rows, new_ring

# Positions folded at a time: their float64 sums stay in the first-level cache.
FOLD = 512
# Cells of windows laid at a time, for the same reason.
BLOCK = 2048


@loop()
def add_products(cells: Array, offsets: Array, weights: Array, total: Array, count: int) -> None:
    """total[i] += cells[offsets[tap] + i] * weights[tap], tap by tap: eight taps a pass over total."""
    taps = offsets.size
    tap = 0
    while taps - tap >= 8:
        c0, c1 = cells[offsets[tap] :], cells[offsets[tap + 1] :]
        c2, c3 = cells[offsets[tap + 2] :], cells[offsets[tap + 3] :]
        c4, c5 = cells[offsets[tap + 4] :], cells[offsets[tap + 5] :]
        c6, c7 = cells[offsets[tap + 6] :], cells[offsets[tap + 7] :]
        w0, w1, w2, w3 = weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]
        w4, w5, w6, w7 = weights[tap + 4], weights[tap + 5], weights[tap + 6], weights[tap + 7]
        for i in range(count):
            four = total[i] + c0[i] * w0 + c1[i] * w1 + c2[i] * w2 + c3[i] * w3
            total[i] = four + c4[i] * w4 + c5[i] * w5 + c6[i] * w6 + c7[i] * w7
        tap += 8
    while tap < taps:
        source, weight = cells[offsets[tap] :], weights[tap]
        for i in range(count):
            total[i] += source[i] * weight
        tap += 1


@loop()
def fill_sums(cells: Array, offsets: Array, weights: Array, bias: float, total: Array, sums: Array) -> None:
    """sums[i] = the fold of all taps at the position i further on, plus the bias."""
    for start in range(0, sums.size, FOLD):
        count = min(FOLD, sums.size - start)
        total[:count] = 0.0
        add_products(cells[start:], offsets, weights, total, count)
        for i in range(count):
            sums[start + i] = total[i] + bias


@loop()
def fill_channel_sums(
    cells: Array, offsets: Array, weights: Array, channels: int, total: Array, sums: Array
) -> None:
    """sums[i * channels + channel] = the fold of the channel's own taps at the position i further on."""
    taps = offsets.size // channels
    positions = sums.size // channels
    for start in range(0, positions, FOLD):
        count = min(FOLD, positions - start)
        for channel in range(channels):
            own = slice(channel * taps, (channel + 1) * taps)
            total[:count] = 0.0
            add_products(cells[start:], offsets[own], weights[own], total, count)
            for i in range(count):
                sums[(start + i) * channels + channel] = total[i]


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


@entry(
    types.void(
        *(read_only(types.uint8, 3), read_only(types.float32, 3), SIZE, read_only(types.float32, 1)),
        *(types.float64, PLAN, INDICES, INDICES, SIZE, SIZE, BYTES, SINGLES, SINGLES, SINGLES, SINGLES),
    )
)
def fill_flat(
    bytes_: Array,
    floats: Array,
    first_channel: int,
    weights: Array,
    bias: float,
    plan: Plan,
    rows: Array,
    columns: Array,
    first: int,
    count: int,
    byte_window: Array,
    float_window: Array,
    products: Array,
    channel_sums: Array,
    sums: Array,
) -> None:
    """fill_trace with flat arrays, and with cells and window as bytes and as floats.

    The one that they are not is empty: to compile the whole for either would take twice as long.
    """
    width, taps = plan.output_width, weights.size
    channels = taps // (plan.kernel_height * plan.kernel_width)
    offsets = np.empty(taps, np.int64)
    total = np.empty(FOLD, np.float64)
    run = plan.kernel_width if plan.step_x == plan.dilation_x == 1 else 1
    tiled = np.empty(max(1, BLOCK // taps) * taps, F32)
    if products.size:
        tiled[:taps] = weights
        for i in range(taps, tiled.size):
            tiled[i] = tiled[i - taps]

    # A chunk of several rows reads nearly all columns, and its rows share what is laid. A shorter one has its
    # one or two rows laid apart, each only where it is read.
    shared = count > width
    held = np.empty(plan.span_y, np.int64)
    done = 0
    while done < count:
        y, x = (first + done) // width, (first + done) % width
        here = min(width - x, count - done)
        low = 0 if shared else x
        if done == 0 or not shared:
            held[:] = NEVER
            # Moves read up to MOVE - 1 cells too many.
            ring = new_ring(plan, channels, (width if shared else here) + MOVE - 1)
            flat = ring.reshape(ring.size)
        left = low * plan.step_x
        if floats.size:
            lay_window_rows(floats, first_channel, plan, rows, columns, y, left, ring, held, offsets)
        else:
            lay_window_rows(bytes_, first_channel, plan, rows, columns, y, left, ring, held, offsets)
        row = flat[x - low :]
        if sums.size:
            fill_sums(row, offsets, weights, bias, total, sums[done : done + here])
        if channel_sums.size:
            into = channel_sums[done * channels : (done + here) * channels]
            fill_channel_sums(row, offsets, weights, channels, total, into)
        if byte_window.size or float_window.size or products.size:
            rest = done * taps
            windows = (byte_window[rest:], float_window[rest:])
            fill_windows(row, offsets, run, tiled, *windows, products[rest:], here)
        done += here


NO_BYTES, NO_FLOATS = np.empty((0, 0, 0), np.uint8), np.empty((0, 0, 0), F32)
NO_BYTE_WINDOW, NO_FLOAT_WINDOW = np.empty(0, np.uint8), np.empty(0, F32)


def fill_trace(
    cells: Array,
    first_channel: int,
    weights: Array,
    bias: float,
    plan: Plan,
    rows: Array,
    columns: Array,
    first: int,
    count: int,
    window: Array,
    products: Array,
    channel_sums: Array,
    sums: Array,
) -> None:
    """Positions first..first+count-1 into the last four arrays: `count` rows each, or size 0 if not wanted.

    cells: HWC, uint8 or float32; the channels read begin at first_channel, as many as the weights are for.
    weights: [taps] in tap order. rows, columns: the lines. window: [count, taps] of the dtype of cells;
    products: [count, taps]; channel_sums: [count, channels].
    """
    if cells.dtype == np.uint8:
        both, windows = (cells, NO_FLOATS), (window.reshape(-1), NO_FLOAT_WINDOW)
    else:
        both, windows = (NO_BYTES, cells), (NO_BYTE_WINDOW, window.reshape(-1))
    terms, parts = products.reshape(-1), channel_sums.reshape(-1)
    fill_flat(
        *both, first_channel, weights, bias, plan, rows, columns, first, count, *windows, terms, parts, sums
    )
