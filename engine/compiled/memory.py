"""Flat arrays passed to an entry as one array of addresses.

To look at an array takes Numba a quarter of a microsecond, and a chunk of a trace is written into five, from
seven others. Who passes addresses keeps the arrays alive.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numba.extending import intrinsic

from engine.compiled.build import Array, loop


def addresses(*arrays: Array) -> Array:
    """int64 [2 * len(arrays)], of each its address and its size; contiguous, of whatever dtype."""
    # `ctypes.data` says the same, and takes ten times as long.
    places = (array.__array_interface__["data"][0] for array in arrays)
    pairs = zip(places, arrays, strict=True)
    return np.array([number for place, array in pairs for number in (place, array.size)], np.int64)


def _reader(dtype: types.Type) -> Callable[[Array, int], Array]:
    def cast(_: Any, address: types.Type) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(dtype)(address), generate  # type: ignore[no-untyped-call]

    pointer: Any = intrinsic(cast)

    @loop()
    def array_at(memory: Array, which: int) -> Array:
        array: Array = carray(pointer(memory[2 * which]), (memory[2 * which + 1],))
        return array

    return array_at


# array(memory, which): of what addresses(...) gave the array of that number, which is of that dtype.
bytes_at, singles_at, doubles_at, whole_at = (
    _reader(dtype) for dtype in (types.uint8, types.float32, types.float64, types.int64)
)
