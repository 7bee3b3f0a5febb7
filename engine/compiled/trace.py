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
)
from engine.compiled.memory import addresses, bytes_at, doubles_at, singles_at, whole_at
from engine.compiled.rows import (
    LAYOUT_NUMBERS,
    Layout,
    copy_every,
    lay_window_rows,
    layout_from,
    layout_of,
)
from engine.compiled.simd import fold_block
from engine.compiled.vectors import LANES
from engine.compiled.windows import fill_windows, padded

fold = fold_block(4)
# Positions folded at a time.
FOLD = 4 * LANES


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


SINGLES, WHOLE = types.float32[::1], types.int64[::1]
# What `numbers` holds of the input, and where.
_WIDTH, _STRIDE, _FIRST_CHANNEL, _ROWS = range(PLAN_NUMBERS, PLAN_NUMBERS + 4)
_LINES = _ROWS + 1
# The arrays in `memory`: cells, windows, and the rest of the columns. Of those for bytes and those for floats
# one is empty: to compile the whole for either would take twice as long.
_BYTES, _FLOATS, _WEIGHTS, _BIAS, _BYTE_WINDOW, _FLOAT_WINDOW, _PRODUCTS, _CHANNEL_SUMS, _SUMS = range(9)
# And in `kept`.
_RING, _TABLE, _KNOWN = range(3)


@loop()
def columns_layout(
    numbers: Array, left: int, positions: int, channels: int
) -> tuple[Layout, Array, Array, Array]:
    """layout_of what `numbers` holds."""
    plan = plan_from(numbers)
    columns = numbers[_LINES + numbers[_ROWS] :]
    # Vectors read up to LANES - 1 cells too many: less than the slack of a ring.
    found: tuple[Layout, Array, Array, Array] = layout_of(
        plan,
        columns,
        left,
        positions,
        plan.span_y,
        numbers[_WIDTH],
        numbers[_STRIDE],
        numbers[_FIRST_CHANNEL],
        channels,
    )
    return found


@entry(types.Tuple((SINGLES, WHOLE, WHOLE))(INDICES, SIZE))  # type: ignore[no-untyped-call]
def ring_of(numbers: Array, channels: int) -> tuple[Array, Array, Array]:
    """A ring for whole rows, its table, and what else fill_flat has to know of it."""
    width = plan_from(numbers).output_width
    layout, ring, table, found = columns_layout(numbers, 0, width, channels)
    known = np.empty(LAYOUT_NUMBERS + found.size, np.int64)
    for place, number in enumerate(layout):
        known[place] = number
    known[LAYOUT_NUMBERS:] = found
    return ring, table, known


@entry(types.void(INDICES, INDICES, INDICES, SIZE, SIZE))
def fill_flat(numbers: Array, memory: Array, kept: Array, first: int, count: int) -> None:
    """Positions first..first+count-1 into the arrays that are not empty.

    kept: addresses of what ring_of gave; of nothing, if rows are to be laid only as far as they are read.
    """
    bytes_, floats, weights = (
        bytes_at(memory, _BYTES),
        singles_at(memory, _FLOATS),
        singles_at(memory, _WEIGHTS),
    )
    byte_window, float_window = bytes_at(memory, _BYTE_WINDOW), singles_at(memory, _FLOAT_WINDOW)
    products, channel_sums = singles_at(memory, _PRODUCTS), singles_at(memory, _CHANNEL_SUMS)
    sums, bias = singles_at(memory, _SUMS), doubles_at(memory, _BIAS)
    known = whole_at(kept, _KNOWN)
    plan = plan_from(numbers)
    rows = numbers[_LINES : _LINES + numbers[_ROWS]]
    width, taps = plan.output_width, weights.size
    channels = taps // (plan.kernel_height * plan.kernel_width)
    scratch = np.empty(FOLD, F32)
    factors = padded(weights)
    # The taps that there are not read what the first one reads.
    offsets = np.empty(factors.size, np.int64)
    if known.size:
        layout, found = layout_from(known), known[LAYOUT_NUMBERS:]
        ring, table = singles_at(kept, _RING), whole_at(kept, _TABLE)

    # A chunk of several rows reads nearly all columns, and its rows share what is laid. A shorter one has its
    # one or two rows laid apart, each only where it is read.
    shared = known.size > 0 or count > width
    done = 0
    while done < count:
        y, x = (first + done) // width, (first + done) % width
        here = min(width - x, count - done)
        low = 0 if shared else x
        if not known.size and (done == 0 or not shared):
            layout, ring, table, found = columns_layout(
                numbers, low * plan.step_x, width if shared else here, channels
            )
        if floats.size:
            slot = lay_window_rows(floats, 0, plan, rows, y, layout, ring, table)
        else:
            slot = lay_window_rows(bytes_, 0, plan, rows, y, layout, ring, table)
        offsets[:] = found[slot * taps]
        offsets[:taps] = found[slot * taps : (slot + 1) * taps]
        if sums.size:
            fill_sums(ring, x - low, offsets[:taps], weights, bias, sums[done : done + here], scratch)
        if channel_sums.size:
            into = channel_sums[done * channels : (done + here) * channels]
            fill_channel_sums(ring, x - low, offsets[:taps], weights, channels, into, scratch)
        if byte_window.size or float_window.size or products.size:
            laid = ring, x - low, offsets, factors, taps, here
            fill_windows(*laid, byte_window, float_window, products, done)
        done += here


class Filler:
    """Fills chunks of one trace; what all of them have in common is looked at once.

    To look at an array takes Numba half a microsecond, and a chunk of a few positions not much more.
    Everything is trusted, contiguous and aligned. Any number of threads may use one Filler.

    cells: HWC, uint8 or float32; the channels read begin at first_channel, as many as the weights are for.
    weights: [taps] in tap order. rows, columns: the lines. most_kept: numbers of a ring that is kept from
    chunk to chunk; it holds whole rows, of which a short chunk may read little.
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
        most_kept: int,
    ) -> None:
        flat = cells.reshape(-1)
        self._is_bytes = flat.dtype == NO_BYTES.dtype
        self._read = (
            *((flat, NO_SINGLES) if self._is_bytes else (NO_BYTES, flat)),
            weights,
            np.array([bias], np.float64),
        )
        self._numbers = np.array(
            [*plan, *cells.shape[1:], first_channel, rows.size, *rows, *columns], np.int64
        )
        channels = weights.size // (plan.kernel_height * plan.kernel_width)
        # Nobody's at the moment: as many as there were threads at a time, and they go on where one ended.
        self._rings: list[_Ring] = []
        numbers = plan.span_y * (channels * columns.size + weights.size)
        self._channels = channels if numbers <= most_kept else 0

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
        arrays = (
            *self._read,
            laid if laid is not None and self._is_bytes else NO_BYTES,
            laid if laid is not None and not self._is_bytes else NO_SINGLES,
            NO_SINGLES if products is None else products.reshape(-1),
            NO_SINGLES if channel_sums is None else channel_sums.reshape(-1),
            NO_SINGLES if sums is None else sums,
        )
        memory = addresses(*arrays)

        def fill(first: int, count: int, _alive: object = arrays) -> None:
            ring = self._ring()
            fill_flat(self._numbers, memory, ring.memory, first, count)
            self._rings.append(ring)

        return fill

    def _ring(self) -> "_Ring":
        try:
            return self._rings.pop()
        except IndexError:
            return _Ring(*ring_of(self._numbers, self._channels)) if self._channels else NO_RING


class _Ring:
    """What ring_of gave, kept alive."""

    def __init__(self, *arrays: Array) -> None:
        self._arrays = arrays
        self.memory = addresses(*arrays)


NO_BYTES, NO_SINGLES = np.empty(0, np.uint8), np.empty(0, F32)
NO_RING = _Ring(NO_SINGLES, np.empty(0, np.int64), np.empty(0, np.int64))
