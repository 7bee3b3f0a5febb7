"""The innermost blocks of a convolution as vector code, which LLVM does not find from loops by itself.

A block keeps the sums of a few output channels (or rows, or positions) by a few vectors of neighbours in
registers, and adds one tap after the other to all of them. Every sum is the same operations in the same
order wherever it lies in a block: a result depends neither on how rows are split over threads nor on its
neighbours.

Nothing here is checked. A block reads and writes whole vectors: the caller leaves room behind the last one.
"""

from collections.abc import Callable, Iterable
from inspect import signature
from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target
from numba.extending import intrinsic

Values = list[Any]

# The processor that Numba compiles for, which its settings may make another one than this.
_FEATURES = str(cpu_target.target_context.codegen().magic_tuple()[2]).split(",")
_WIDE = "+avx512f" in _FEATURES

# float32 cells in a vector.
LANES = 16 if _WIDE else 8 if "+avx2" in _FEATURES and "+fma" in _FEATURES else 4


class Block(NamedTuple):
    """`sums` (channels, rows or positions) by `vectors` vectors of sums."""

    sums: int
    vectors: int


# As many sums as the 32 or 16 vector registers hold beside the operands, and at least eight: that many
# multiply-adds are under way at a time. The narrow ones are for what is left over at the end of a row.
EIGHT, EIGHT_NARROW = (Block(8, 3), Block(8, 1)) if _WIDE else (Block(8, 1), Block(8, 1))
FOUR, FOUR_NARROW = (Block(4, 6), Block(4, 1)) if _WIDE else (Block(4, 3), Block(4, 1))
PAIR, PAIR_NARROW = (Block(2, 8), Block(2, 2)) if _WIDE else (Block(2, 4), Block(2, 2))
LAST, LAST_NARROW = (Block(14, 2), Block(4, 2)) if _WIDE else (Block(6, 2), Block(2, 2))

# Cells that a block may read behind the last one it needs.
SLACK = 16 * LANES

# Products added up before their sum is added to what there is already: a sum of thousands of float32 terms
# one by one loses digits.
CHAIN = 160

# Cells of neighbouring positions lie this far apart under a channels-last block.
CHUNK = 16

_F32 = ir.FloatType()
_I64 = ir.IntType(64)
_I32 = ir.IntType(32)
_VECTOR = ir.VectorType(_F32, LANES)
_DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
_ZERO = ir.Constant(_VECTOR, None)


class _Emitter:
    """Writes vector instructions on float32 memory."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        self.fma = builder.module.declare_intrinsic(f"llvm.fmuladd.v{LANES}f32", fnty=kind)

    def address(self, start: Any, index: Any) -> Any:
        return self.builder.gep(start, [ir.Constant(_I64, index) if isinstance(index, int) else index])

    def vector_at(self, start: Any, index: Any) -> Any:
        return self.builder.bitcast(self.address(start, index), _VECTOR.as_pointer())

    def scaled(self, index: Any, factor: int) -> Any:
        return self.builder.mul(index, ir.Constant(_I64, factor))

    def integer(self, start: Any, index: Any) -> Any:
        return self.builder.load(self.address(start, index))

    def vectors(self, start: Any, count: int) -> Values:
        return [self.builder.load(self.vector_at(start, v * LANES), align=4) for v in range(count)]

    def everywhere(self, start: Any, index: Any) -> Any:
        """The number at start[index] in every lane."""
        number = self.builder.load(self.address(start, index))
        kind = ir.VectorType(number.type, LANES)
        one = self.builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(_I32, 0))
        lanes = ir.Constant(ir.VectorType(_I32, LANES), [ir.Constant(_I32, 0)] * LANES)
        return self.builder.shuffle_vector(one, one, lanes)

    def add_outer(self, sums: Values, scalars: Any, places: Iterable[int], vectors: Values) -> Values:
        """sums[s * len(vectors) + v] + scalars[places[s]] * vectors[v]

        A scalar is read right before its use: read all at once, they would crowd sums out of the registers.
        """
        results: Values = []
        for place in places:
            scalar = self.everywhere(scalars, place)
            for vector in vectors:
                results.append(self.builder.call(self.fma, [vector, scalar, sums[len(results)]]))
        return results

    def repeat(self, count: Any, sums: Values, body: Callable[[Any, Values], Values]) -> Values:
        """sums = body(index, sums) for index in range(count)"""
        builder = self.builder
        before = builder.block
        head, inside, after = (builder.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(_I64)
        index.add_incoming(ir.Constant(_I64, 0), before)
        carried = [builder.phi(total.type) for total in sums]
        builder.cbranch(builder.icmp_signed("<", index, count), inside, after)
        builder.position_at_end(inside)
        results = body(index, carried)
        index.add_incoming(builder.add(index, ir.Constant(_I64, 1)), builder.block)
        for phi, initial, result in zip(carried, sums, results, strict=True):
            phi.add_incoming(initial, before)
            phi.add_incoming(result, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return carried

    def finish(
        self,
        sums: Values,
        block: Block,
        output: Any,
        stride: Any,
        fresh: Any,
        bias: Values,
    ) -> None:
        """output[s * stride + v] = sums + (bias[s, v] if fresh, else what is there already)."""
        rows = [self.address(output, self.scaled(stride, s)) for s in range(block.sums)]
        places = [self.vector_at(row, v * LANES) for row in rows for v in range(block.vectors)]
        with self.builder.if_else(self.builder.icmp_signed("!=", fresh, fresh.type(0))) as (first, again):
            with first:
                for place, total, start in zip(places, sums, bias, strict=True):
                    self.builder.store(self.builder.fadd(total, start), place, align=4)
            with again:
                for place, total in zip(places, sums, strict=True):
                    held = self.builder.load(place, align=4)
                    self.builder.store(self.builder.fadd(total, held), place, align=4)


def _memory(context: Any, builder: Any, kinds: Any, arguments: Values) -> Values:
    """Arrays as where their cells begin; integers as they are."""
    return [
        context.make_array(kind)(context, builder, argument).data
        if isinstance(kind, types.Array)
        else argument
        for kind, argument in zip(kinds, arguments, strict=True)
    ]


def _kernel(emit: Callable[..., None]) -> Any:
    """emit(emitter, *arguments) as a function for compiled loops; arguments are arrays and integers."""

    def kernel(_typing: Any, *kinds: Any) -> Any:
        def generate(context: Any, builder: Any, typed: Any, arguments: Values) -> Any:
            emit(_Emitter(builder), *_memory(context, builder, typed.args, arguments))
            return context.get_dummy_value()

        arrays_and_sizes = (kind if isinstance(kind, types.Array) else types.int64 for kind in kinds)
        return types.void(*arrays_and_sizes), generate

    # Numba wants to know the parameters, and has no use for *kinds.
    kernel.__signature__ = signature(emit)  # type: ignore[attr-defined]
    return intrinsic(kernel)


def split_block(parts: int) -> Any:
    """kernel(cells, at, output, output_at, targets)

    Of LANES * parts neighbouring cells, uint8 or float32, every parts-th together: cells[at + i * parts + p]
    goes to output[output_at + targets[p] + i].
    """

    def emit(
        to: _Emitter,
        cells: Any,
        at: Any,
        output: Any,
        output_at: Any,
        targets: Any,
    ) -> None:
        builder = to.builder
        kind = cells.type.pointee
        place = builder.bitcast(to.address(cells, at), ir.VectorType(kind, LANES * parts).as_pointer())
        numbers = builder.load(place, align=1 if kind != _F32 else 4)
        if kind != _F32:
            numbers = builder.uitofp(numbers, ir.VectorType(_F32, LANES * parts))
        for part in range(parts):
            mask = ir.Constant(
                ir.VectorType(_I32, LANES), [ir.Constant(_I32, i * parts + part) for i in range(LANES)]
            )
            into = builder.add(output_at, to.integer(targets, ir.Constant(_I64, part)))
            vector = builder.shuffle_vector(numbers, numbers, mask)
            builder.store(vector, to.vector_at(output, into), align=4)

    return _kernel(emit)


def fold_block(vectors: int) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, bias, output, output_at)

    output[output_at + x] = the left fold in float64 of float32(cells[at + offsets[tap] + x] * weights[tap]),
    for tap in first ... first + taps - 1, plus bias[0], a float64; for x up to that many vectors.
    """

    def emit(
        to: _Emitter,
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
            wide = [to.builder.fpext(product, _DOUBLES) for product in products]
            return [to.builder.fadd(total, term) for total, term in zip(sums, wide, strict=True)]

        sums = to.repeat(taps, [ir.Constant(_DOUBLES, None)] * vectors, add_tap)
        start = to.everywhere(bias, 0)
        for v, total in enumerate(sums):
            rounded = to.builder.fptrunc(to.builder.fadd(total, start), _VECTOR)
            to.builder.store(rounded, to.vector_at(output, v * LANES), align=4)

    return _kernel(emit)


def planar_block(block: Block) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, bias, channel, output, output_at, stride, fresh)

    output[output_at + c * stride + x] (+)= sum of weights[tap, c] * cells[at + offsets[tap] + x], for the
    block's channels c, x up to its width, and tap in first ... first + taps - 1. A fresh output begins with
    bias[channel + c]. weights: flat [all taps, block.sums].
    """

    def emit(
        to: _Emitter,
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
            vectors = to.vectors(to.address(cells, to.integer(offsets, tap)), block.vectors)
            row = to.address(weights, to.scaled(tap, block.sums))
            return to.add_outer(sums, row, range(block.sums), vectors)

        sums = to.repeat(taps, [_ZERO] * (block.sums * block.vectors), add_tap)
        start = [to.everywhere(bias, c) for c in range(block.sums) for _ in range(block.vectors)]
        to.finish(sums, block, output, stride, fresh, start)

    return _kernel(emit)


def pair_block(block: Block) -> Any:
    """kernel(cells, at, offsets, first, upper, both, lower, weights, bias, channel, output, output_at,
    stride, fresh)

    As planar_block, for two rows of one channel: output[output_at + row * stride + x]. Of the taps from
    `first` on, the first `upper` are for row 0 only, the next `both` for both rows, the last `lower` for
    row 1 only: a cell under both windows is read once. weights: flat [taps, 2].
    """

    def emit(
        to: _Emitter,
        cells: Any,
        at: Any,
        offsets: Any,
        first: Any,
        upper: Any,
        both: Any,
        lower: Any,
        weights: Any,
        bias: Any,
        channel: Any,
        output: Any,
        output_at: Any,
        stride: Any,
        fresh: Any,
    ) -> None:
        cells, output = to.address(cells, at), to.address(output, output_at)
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
        top = to.repeat(upper, [_ZERO] * width, adding(first, range(1)))
        sums = to.repeat(both, top + [_ZERO] * width, adding(middle, range(2)))
        low = to.repeat(lower, sums[width:], adding(last, range(1, 2)))
        start = [to.everywhere(bias, channel)] * (2 * width)
        to.finish(sums[:width] + low, block, output, stride, fresh, start)

    return _kernel(emit)


def channels_last_block(block: Block) -> Any:
    """kernel(cells, at, offsets, first, taps, weights, bias, channel, output, output_at, stride, fresh)

    output[output_at + p * stride + c] (+)= sum of weights[tap, c] * cells[at + offsets[tap] + p * CHUNK], for
    the block's positions p, channels c up to its width, and tap in first ... first + taps - 1. A fresh output
    begins with bias[channel + c]. weights: flat [all taps, block.vectors * LANES].
    """

    def emit(
        to: _Emitter,
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

        sums = to.repeat(taps, [_ZERO] * (block.sums * block.vectors), add_tap)
        to.finish(
            sums,
            block,
            output,
            stride,
            fresh,
            to.vectors(bias, block.vectors) * block.sums,
        )

    return _kernel(emit)
