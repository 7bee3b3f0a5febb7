"""Windows and products of neighbouring positions, written as vectors.

The cells under one tap are neighbours in the ring, those of one window are wanted beside each other: LANES
taps of LANES positions are turned in registers, and go from there to whatever is wanted of them.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from llvmlite import ir

from engine.compiled.build import F32, Array, loop
from engine.compiled.rows import copy_every
from engine.compiled.vectors import INT32, INT64, LANES, Emitter, Values, kernel_of

INTEGERS = ir.VectorType(INT32, LANES)
# Bytes in an int32, and how many of those hold a byte of every lane.
PACK = 4
PACKED = LANES // PACK
QUARTER = ir.VectorType(INT32, PACKED)


def _interleaving(half: int) -> ir.Constant:
    """Of two vectors a and b the mask for a[0], b[0], a[1], b[1], ...; `half` 0 or 1: which half of them."""
    start = half * LANES // 2
    lanes = [number + which for number in range(start, start + LANES // 2) for which in (0, LANES)]
    return _mask(lanes)


def _mask(lanes: Iterable[int]) -> ir.Constant:
    numbers = [ir.Constant(INT32, lane) for lane in lanes]
    return ir.Constant(ir.VectorType(INT32, len(numbers)), numbers)


def turned(builder: Any, rows: Values) -> Values:
    """Cell i of all rows beside each other, then cell i + 1 of all, in as many vectors.

    Rows k and k + half of them interleaved are the next 2 k and 2 k + 1: each time, one bit of a cell's lane
    goes to the number of its vector, and the other way round.
    """
    masks = [_interleaving(half) for half in (0, 1)]
    half = len(rows) // 2
    for _ in range(half.bit_length()):
        pairs = zip(rows[:half], rows[half:], strict=True)
        rows = [builder.shuffle_vector(a, b, mask) for a, b in pairs for mask in masks]
    return rows


def _packed(builder: Any, rows: Values) -> Values:
    """Lane for lane the cells of PACK rows as bytes of an int32."""
    packed = []
    for first in range(0, LANES, PACK):
        total = None
        for place in range(PACK):
            number = builder.fptosi(rows[first + place], INTEGERS)
            shift = ir.Constant(INTEGERS, [ir.Constant(INT32, 8 * place)] * LANES)
            total = number if total is None else builder.or_(total, builder.shl(number, shift))
        packed.append(total)
    return packed


def _emit_windows(
    to: Emitter,
    cells: Any,
    at: Any,
    offsets: Any,
    weights: Any,
    first: Any,
    taps: Any,
    bytes_: Any,
    has_bytes: Any,
    singles: Any,
    has_singles: Any,
    products: Any,
    has_products: Any,
    into: Any,
    spare: Any,
) -> None:
    builder = to.builder
    cells = to.address(cells, at)
    places = [builder.add(first, ir.Constant(INT64, tap)) for tap in range(LANES)]
    rows = [builder.load(to.vector_at(cells, to.integer(offsets, place)), align=4) for place in places]
    starts = [builder.add(into, first)]
    for _ in range(LANES - 1):
        starts.append(builder.add(starts[-1], taps))

    def wanted(flag: Any) -> Any:
        return builder.if_then(builder.icmp_signed("!=", flag, flag.type(0)))

    with wanted(has_bytes):
        for number, vector in enumerate(turned(builder, _packed(builder, rows))):
            place = builder.bitcast(to.address(spare, number * LANES), INTEGERS.as_pointer())
            builder.store(vector, place, align=4)
        # By way of memory: LLVM would take whole vectors apart, one shuffle for every window.
        for number, start in enumerate(starts):
            source = builder.bitcast(to.address(spare, number * PACKED), QUARTER.as_pointer())
            target = builder.bitcast(to.address(bytes_, start), QUARTER.as_pointer())
            builder.store(builder.load(source, align=4), target, align=1)
    with wanted(builder.or_(has_singles, has_products)):
        windows = turned(builder, rows)
        with wanted(has_singles):
            for window, start in zip(windows, starts, strict=True):
                builder.store(window, to.vector_at(singles, start), align=4)
        with wanted(has_products):
            factors = builder.load(to.vector_at(weights, first), align=4)
            for window, start in zip(windows, starts, strict=True):
                builder.store(builder.fmul(window, factors), to.vector_at(products, start), align=4)


# kernel(cells, at, offsets, weights, first, taps, bytes, has_bytes, singles, has_singles, products,
# has_products, into, spare): taps first ... first + LANES - 1 of LANES positions, with position p's window at
# into + p * taps. spare: int32 [LANES * PACKED].
lay_block = kernel_of(_emit_windows)


@loop()
def padded(weights: Array) -> Array:
    """Up to whole vectors, with zeros."""
    whole = np.zeros((weights.size + LANES - 1) // LANES * LANES, F32)
    whole[: weights.size] = weights
    return whole


@loop()
def fill_windows(
    cells: Array,
    at: int,
    offsets: Array,
    weights: Array,
    taps: int,
    count: int,
    bytes_: Array,
    singles: Array,
    products: Array,
    done: int,
) -> None:
    """Windows at `count` neighbouring positions from cells[at] on, into positions `done`... of the arrays.

    offsets, weights: padded. The arrays are empty or flat and alike in length; what is written beyond the
    last window there, in what room they have, has to be written after it.
    """
    room = max(bytes_.size, singles.size, products.size)
    has_bytes, has_singles, has_products = bytes_.size, singles.size, products.size
    whole = (LANES - 1) * taps + offsets.size
    spare = np.empty(LANES * PACKED, np.int32)
    i = 0
    while i < count:
        # The last block of a row overlaps the one before.
        start = min(i, count - LANES)
        into = (done + start) * taps
        if start >= 0 and into + whole <= room:
            # The last vector of a window reaches into the next window, whose first is written after it.
            for first in range(offsets.size - LANES, -1, -LANES):
                lay_block(
                    cells,
                    at + start,
                    offsets,
                    weights,
                    first,
                    taps,
                    bytes_,
                    has_bytes,
                    singles,
                    has_singles,
                    products,
                    has_products,
                    into,
                    spare,
                )
            i = start + LANES
        else:
            here = min(LANES, count - i)
            spare_bytes = np.empty(whole if has_bytes else 0, np.uint8)
            spare_singles = np.empty(whole if has_singles else 0, F32)
            spare_products = np.empty(whole if has_products else 0, F32)
            for first in range(offsets.size - LANES, -1, -LANES):
                lay_block(
                    cells,
                    at + i,
                    offsets,
                    weights,
                    first,
                    taps,
                    spare_bytes,
                    has_bytes,
                    spare_singles,
                    has_singles,
                    spare_products,
                    has_products,
                    0,
                    spare,
                )
            low, high = (done + i) * taps, (done + i + here) * taps
            copy_every(bytes_[low:high], spare_bytes, 1)
            copy_every(singles[low:high], spare_singles, 1)
            copy_every(products[low:high], spare_products, 1)
            i += here
