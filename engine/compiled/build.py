"""How a loop is compiled, and the types loops are compiled for."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

Array = NDArray[Any]
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

F32 = np.float32

# A product and its sum may fuse, and the sign of a zero may differ. Nothing that changes NaN or the order of
# a sum; and nothing at all in a trace.
FAST = frozenset({"contract", "nsz"})


class Plan(NamedTuple):
    """The numbers of a geometry that the loops need, per axis.

    An axis is read along its line: every cell a window can lie on, padding included. Window `position` starts
    at cell position * step of the line and tap t reads that cell + origin + t * dilation.
    For a transposed convolution the line is the input with its zeros stuffed in, the step 1, and taps run
    backwards: origin (kernel - 1) * dilation, dilation negative.

    Cells run_start ... run_start + run_length - 1 of a row's line read neighbouring input columns, from
    run_column on: what can be copied in one go.
    """

    kernel_height: int
    kernel_width: int
    step_y: int
    step_x: int
    origin_y: int
    origin_x: int
    dilation_y: int
    dilation_x: int
    span_y: int
    span_x: int
    run_start: int
    run_length: int
    run_column: int
    output_width: int


PLAN_NUMBERS = len(Plan._fields)
SIZE = types.int64
INDICES = types.Array(types.int64, 1, "C", readonly=True)


def read_only(dtype: types.Type, dimensions: int) -> types.Array:
    """Also takes writable arrays; images often come from bytes, which are not."""
    return types.Array(dtype, dimensions, "C", readonly=True)


# What by_type gives.
CELLS = (
    read_only(types.uint8, 1),
    read_only(types.float32, 1),
    types.UniTuple(SIZE, 4),  # type: ignore[no-untyped-call]
)


def by_type(inputs: Array) -> tuple[Array, Array, tuple[int, ...]]:
    """Inputs flat as uint8 and as float32, of which one is empty, and their shape.

    To compile a loop for either would take twice as long.
    """
    flat = inputs.reshape(-1)
    return (
        (flat, _NO_FLOATS, inputs.shape) if flat.dtype == _NO_BYTES.dtype else (_NO_BYTES, flat, inputs.shape)
    )


_NO_BYTES, _NO_FLOATS = np.empty(0, np.uint8), np.empty(0, F32)


def loop(*, fast: bool = False) -> Decorator:
    """A loop that other loops call: without the GIL, and without a check for zero at every division."""
    return cast(
        "Decorator",
        njit(  # type: ignore[call-overload]
            nogil=True,
            fastmath=set(FAST) if fast else False,
            error_model="numpy",
            # Python never calls it: a third of the compile time would go into the means to do so.
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
        ),
    )


@lru_cache(maxsize=64)
def numbers_of(plan: Plan) -> Array:
    """A plan as it is passed to an entry: Numba takes three microseconds to look at a named tuple."""
    return np.array(plan, np.int64)


@loop()
def plan_from(numbers: Array) -> Plan:
    """What numbers_of was given; there may be more numbers behind it."""
    return Plan(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        numbers[10],
        numbers[11],
        numbers[12],
        numbers[13],
    )


def part() -> Decorator:
    """A loop that one other loop calls, put in its place before LLVM sees either.

    Numba compiles and optimizes every other function once for itself and again in each of its callers.
    """
    return cast("Decorator", njit(inline="always", error_model="numpy"))


def entry(*signatures: object, fast: bool = False) -> Decorator:
    """A loop that Python calls: compiled at import for those signatures, or loaded from the cache.

    The signatures are written down so that nothing is ever compiled while someone waits for an answer.
    """

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        # Numba's cache looks at the file of a function only, not at those it calls into, and would go on
        # using old code after an edit elsewhere. A function's name is part of its file's name in the cache.
        function.__qualname__ = f"{function.__name__}_{_DIGEST}"
        return cast(
            "Callable[..., Any]",
            njit(
                list(signatures),
                cache=True,
                nogil=True,
                fastmath=set(FAST) if fast else False,
                error_model="numpy",
            )(function),
        )

    return compiled


def _digest() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:12]


_DIGEST = _digest()
