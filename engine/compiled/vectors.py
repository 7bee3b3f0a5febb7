"""Vectors of float32: how many lanes there are, how large a block is, and how their code is written."""

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
PAIR, PAIR_NARROW = (Block(2, 8), Block(2, 4)) if _WIDE else (Block(2, 4), Block(2, 2))
LAST, LAST_NARROW = (Block(14, 2), Block(4, 2)) if _WIDE else (Block(6, 2), Block(2, 2))

# Cells that a block may read behind the last one it needs.
SLACK = 16 * LANES

# Products added up before their sum is added to what there is already: a sum of thousands of float32 terms
# one by one loses digits.
CHAIN = 160

# Cells of neighbouring positions lie this far apart under a channels-last block.
CHUNK = 16

SINGLE = ir.FloatType()
INT64 = ir.IntType(64)
INT32 = ir.IntType(32)
VECTOR = ir.VectorType(SINGLE, LANES)
DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
ZERO = ir.Constant(VECTOR, None)


class Emitter:
    """Writes vector instructions on float32 memory."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
        self.fma = builder.module.declare_intrinsic(f"llvm.fmuladd.v{LANES}f32", fnty=kind)

    def address(self, start: Any, index: Any) -> Any:
        return self.builder.gep(start, [ir.Constant(INT64, index) if isinstance(index, int) else index])

    def vector_at(self, start: Any, index: Any) -> Any:
        return self.builder.bitcast(self.address(start, index), VECTOR.as_pointer())

    def scaled(self, index: Any, factor: int) -> Any:
        return self.builder.mul(index, ir.Constant(INT64, factor))

    def integer(self, start: Any, index: Any) -> Any:
        return self.builder.load(self.address(start, index))

    def vectors(self, start: Any, count: int) -> Values:
        return [self.builder.load(self.vector_at(start, v * LANES), align=4) for v in range(count)]

    def everywhere(self, start: Any, index: Any) -> Any:
        """The number at start[index] in every lane."""
        number = self.builder.load(self.address(start, index))
        kind = ir.VectorType(number.type, LANES)
        one = self.builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(INT32, 0))
        lanes = ir.Constant(ir.VectorType(INT32, LANES), [ir.Constant(INT32, 0)] * LANES)
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
        index = builder.phi(INT64)
        index.add_incoming(ir.Constant(INT64, 0), before)
        carried = [builder.phi(total.type) for total in sums]
        builder.cbranch(builder.icmp_signed("<", index, count), inside, after)
        builder.position_at_end(inside)
        results = body(index, carried)
        index.add_incoming(builder.add(index, ir.Constant(INT64, 1)), builder.block)
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


def kernel_of(emit: Callable[..., None]) -> Any:
    """emit(emitter, *arguments) as a function for compiled loops; arguments are arrays and integers."""

    def kernel(_typing: Any, *kinds: Any) -> Any:
        def generate(context: Any, builder: Any, typed: Any, arguments: Values) -> Any:
            emit(Emitter(builder), *_memory(context, builder, typed.args, arguments))
            return context.get_dummy_value()

        arrays_and_sizes = (kind if isinstance(kind, types.Array) else types.int64 for kind in kinds)
        return types.void(*arrays_and_sizes), generate

    # Numba wants to know the parameters, and has no use for *kinds.
    kernel.__signature__ = signature(emit)  # type: ignore[attr-defined]
    return intrinsic(kernel)
