"""The innermost blocks of a convolution as vector code, which LLVM does not find from loops by itself.

A block keeps the sums of a few output channels (or rows, or positions) by a few vectors of neighbours in
registers, and adds one tap after the other to all of them. Every sum is the same operations in the same
order wherever it lies in a block: a result depends neither on how rows are split over threads nor on its
neighbours.

Nothing here is checked. A block reads and writes whole vectors: the caller leaves room behind the last one.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from engine.compiled.vectors import (
    CHUNK,
    DOUBLES,
    INT32,
    INT64,
    LANES,
    SINGLE,
    VECTOR,
    ZERO,
    Block,
    Emitter,
    Values,
    kernel_of,
)


def split_block(parts: int) -> Any:
    """kernel(cells, at, output, output_at, targets)

    Of LANES * parts neighbouring cells, uint8 or float32, every parts-th together: cells[at + i * parts + p]
    goes to output[output_at + targets[p] + i].
    """

    def emit(
        to: Emitter,
        cells: Any,
        at: Any,
        output: Any,
        output_at: Any,
        targets: Any,
    ) -> None:
        builder = to.builder
        kind = cells.type.pointee
        place = builder.bitcast(to.address(cells, at), ir.VectorType(kind, LANES * parts).as_pointer())
        numbers = builder.load(place, align=1 if kind != SINGLE else 4)
        if kind != SINGLE:
            numbers = builder.uitofp(numbers, ir.VectorType(SINGLE, LANES * parts))
        for part in range(parts):
            mask = ir.Constant(
                ir.VectorType(INT32, LANES), [ir.Constant(INT32, i * parts + part) for i in range(LANES)]
            )
            into = builder.add(output_at, to.integer(targets, ir.Constant(INT64, part)))
            vector = builder.shuffle_vector(numbers, numbers, mask)
            builder.store(vector, to.vector_at(output, into), align=4)

    return kernel_of(emit)


def fold_block(vectors: int) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, bias, output, output_at)

    output[output_at + x] = the left fold in float64 of float32(cells[at + offsets[tap] + x] * weights[tap]),
    for tap in first ... first + taps - 1, plus bias[0], a float64; for x up to that many vectors.
    """

    def emit(
        to: Emitter,
        cells: Any,
        at: Any,
        offsets: Any,
        first: Any,
        taps: Any,
        weights: Any,
        bias: Any,
        output: Any,
        output_at: Any,
    ) -> None:
        cells, output = to.address(cells, at), to.address(output, output_at)

        def add_tap(index: Any, sums: Values) -> Values:
            tap = to.builder.add(index, first)
            scalar = to.everywhere(weights, tap)
            found = to.vectors(to.address(cells, to.integer(offsets, tap)), vectors)
            # Neither fused nor reordered: these are the products that are shown.
            products = [to.builder.fmul(vector, scalar) for vector in found]
            wide = [to.builder.fpext(product, DOUBLES) for product in products]
            return [to.builder.fadd(total, term) for total, term in zip(sums, wide, strict=True)]

        sums = to.repeat(taps, [ir.Constant(DOUBLES, None)] * vectors, add_tap)
        start = to.everywhere(bias, 0)
        for v, total in enumerate(sums):
            rounded = to.builder.fptrunc(to.builder.fadd(total, start), VECTOR)
            to.builder.store(rounded, to.vector_at(output, v * LANES), align=4)

    return kernel_of(emit)


def planar_block(block: Block) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, weights_at, bias, channel, output, output_at, stride,
    fresh)

    output[output_at + c * stride + x] (+)= sum of weights[tap, c] * cells[at + offsets[first + tap] + x], for
    the block's channels c, x up to its width, and tap in 0 ... taps - 1. A fresh output begins with
    bias[channel + c]. weights: flat, from weights_at on [taps, block.sums].
    """

    def emit(
        to: Emitter,
        cells: Any,
        at: Any,
        offsets: Any,
        first: Any,
        taps: Any,
        weights: Any,
        weights_at: Any,
        bias: Any,
        channel: Any,
        output: Any,
        output_at: Any,
        stride: Any,
        fresh: Any,
    ) -> None:
        cells, output, bias = (
            to.address(cells, at),
            to.address(output, output_at),
            to.address(bias, channel),
        )
        weights, offsets = to.address(weights, weights_at), to.address(offsets, first)

        def add_tap(tap: Any, sums: Values) -> Values:
            vectors = to.vectors(to.address(cells, to.integer(offsets, tap)), block.vectors)
            row = to.address(weights, to.scaled(tap, block.sums))
            return to.add_outer(sums, row, range(block.sums), vectors)

        sums = to.repeat(taps, [ZERO] * (block.sums * block.vectors), add_tap)
        start = [to.everywhere(bias, c) for c in range(block.sums) for _ in range(block.vectors)]
        to.finish(sums, block, output, stride, fresh, start)

    return kernel_of(emit)


def pair_block(block: Block) -> Any:
    """kernel(cells, at, offsets, offsets_at, first, upper, both, lower, weights, weights_at, bias, channel,
    output, output_at, stride, fresh)

    As planar_block, for two rows of one channel: output[output_at + row * stride + x]. The offset of tap 0 is
    offsets[offsets_at]. Of the taps from `first` on, the first `upper` are for row 0 only, the next `both`
    for both rows, the last `lower` for row 1 only: a cell under both windows is read once. weights: flat,
    from weights_at on [all taps, 2].
    """

    def emit(
        to: Emitter,
        cells: Any,
        at: Any,
        offsets: Any,
        offsets_at: Any,
        first: Any,
        upper: Any,
        both: Any,
        lower: Any,
        weights: Any,
        weights_at: Any,
        bias: Any,
        channel: Any,
        output: Any,
        output_at: Any,
        stride: Any,
        fresh: Any,
    ) -> None:
        cells, output = to.address(cells, at), to.address(output, output_at)
        weights, offsets = to.address(weights, weights_at), to.address(offsets, offsets_at)
        width = block.vectors

        def adding(first: Any, rows: range) -> Callable[[Any, Values], Values]:
            def add_tap(index: Any, sums: Values) -> Values:
                tap = to.builder.add(index, first)
                vectors = to.vectors(to.address(cells, to.integer(offsets, tap)), width)
                row = to.address(weights, to.scaled(tap, 2))
                return to.add_outer(sums, row, rows, vectors)

            return add_tap

        middle = to.builder.add(first, upper)
        last = to.builder.add(middle, both)
        top = to.repeat(upper, [ZERO] * width, adding(first, range(1)))
        sums = to.repeat(both, top + [ZERO] * width, adding(middle, range(2)))
        low = to.repeat(lower, sums[width:], adding(last, range(1, 2)))
        start = [to.everywhere(bias, channel)] * (2 * width)
        to.finish(sums[:width] + low, block, output, stride, fresh, start)

    return kernel_of(emit)


def channels_last_block(block: Block) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, bias, channel, output, output_at, stride, fresh)

    output[output_at + p * stride + c] (+)= sum of weights[tap, c] * cells[at + offsets[tap] + p * CHUNK], for
    the block's positions p, channels c up to its width, and tap in first ... first + taps - 1. A fresh output
    begins with bias[channel + c]. weights: flat [all taps, block.vectors * LANES].
    """

    def emit(
        to: Emitter,
        cells: Any,
        at: Any,
        offsets: Any,
        first: Any,
        taps: Any,
        weights: Any,
        bias: Any,
        channel: Any,
        output: Any,
        output_at: Any,
        stride: Any,
        fresh: Any,
    ) -> None:
        cells, output, bias = (
            to.address(cells, at),
            to.address(output, output_at),
            to.address(bias, channel),
        )

        def add_tap(index: Any, sums: Values) -> Values:
            tap = to.builder.add(index, first)
            cell = to.address(cells, to.integer(offsets, tap))
            vectors = to.vectors(
                to.address(weights, to.scaled(tap, block.vectors * LANES)),
                block.vectors,
            )
            return to.add_outer(sums, cell, range(0, block.sums * CHUNK, CHUNK), vectors)

        sums = to.repeat(taps, [ZERO] * (block.sums * block.vectors), add_tap)
        to.finish(
            sums,
            block,
            output,
            stride,
            fresh,
            to.vectors(bias, block.vectors) * block.sums,
        )

    return kernel_of(emit)
