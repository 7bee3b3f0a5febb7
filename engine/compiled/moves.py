"""Moves of a few neighbouring floats, for runs too short for LLVM to make vector code of."""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.compiled.build import Array

# What move_four moves: a kernel row, or a pixel's channels, mostly in one go. Where it is too much, the next
# move puts it right; arrays have MOVE - 1 cells to spare behind the last one.
MOVE = 4


def mover(lanes: int) -> Callable[[Array, int, Array, int], None]:
    """move(to, i, of, j): to[i : i + lanes] = of[j : j + lanes], floats, unchecked, one load and one store.

    From plain indexing LLVM makes as many as there are lanes, and more to find out whether an index counts
    from the end.
    """

    def move(_: Any, to: Any, to_index: Any, of: Any, of_index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> None:
            vector = ir.VectorType(ir.FloatType(), lanes)

            def place(which: int) -> Any:
                array = context.make_array(signature.args[which])(context, builder, arguments[which])
                return builder.bitcast(builder.gep(array.data, [arguments[which + 1]]), vector.as_pointer())

            builder.store(builder.load(place(2), align=4), place(0), align=4)

        return types.void(to, to_index, of, of_index), generate

    return cast("Callable[[Array, int, Array, int], None]", intrinsic(move))


move_four = mover(MOVE)
