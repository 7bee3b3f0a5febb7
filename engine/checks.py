"""Checks that every spec shares: whole numbers, pairs, exact float32 arrays. Each refusal names its field."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import EngineError

Pair = tuple[int, int]

# The longest axis, stride, dilation or pad. Positions travel as int32, and products of two such numbers still
# fit the int64 arithmetic of the compiled loops.
LARGEST = 2**31 - 1

_SINGLE = np.dtype(np.float32)
_BOOLEANS, _INTEGERS = (bool, np.bool_), (int, np.integer)


def whole_number(field: str, value: object, least: int, most: int = LARGEST) -> int:
    """`value` as a Python int from `least` to `most`; floats and booleans are refused, even 1.0 and True."""
    if isinstance(value, _BOOLEANS) or not isinstance(value, _INTEGERS):
        raise EngineError(field, value, f"must be a whole number; got {short(value)}.")
    number = int(value)
    if not least <= number <= most:
        allowed = f"at least {least}" if most == LARGEST and number < least else f"from {least} to {most}"
        raise EngineError(field, value, f"must be {allowed}; got {short(number)}.")
    return number


def exact_float32(field: str, values: ArrayLike) -> NDArray[np.float32]:
    """`values` as a new, contiguous, read-only float32 array of at least one element.

    Fractions are rounded to float32; integers must survive exactly. Raises EngineError otherwise, and for
    NaN, infinities, booleans, ragged lists and whatever is not a real number.
    """
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, OverflowError) as error:
        raise EngineError(field, None, "must be a full rectangular array of numbers.") from error
    if array.dtype.kind not in "iuf":
        raise EngineError(field, None, f"must be an array of real numbers, not of {array.dtype.name}.")
    if array.size == 0:
        raise EngineError(field, array.shape, f"must not be empty; its shape is {list(array.shape)}.")
    single = array.astype(np.float32, order="C") if array.dtype.kind in "iu" else _rounded(field, array)
    _refuse_first(field, array, ~np.isfinite(single), "is not a finite float32 number")
    _refuse_inexact(field, array, single)
    single.setflags(write=False)
    return single


def exact_float32_cells(field: str, array: NDArray[np.generic]) -> NDArray[np.float32]:
    """As exact_float32, for an array of real numbers in which NaN and infinities are legal, empty or not.

    A float32 array is returned as it is.
    """
    if array.dtype == _SINGLE:
        return cast("NDArray[np.float32]", array)
    single = array.astype(np.float32) if array.dtype.kind in "iu" else _rounded(field, array)
    _refuse_inexact(field, array, single)
    return single


def _rounded(field: str, array: NDArray[np.generic]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        single = array.astype(np.float32, order="C")
    _refuse_first(field, array, np.isinf(single) & np.isfinite(array), "is beyond the range of float32")
    return single


def _refuse_inexact(field: str, array: NDArray[Any], single: NDArray[np.float32]) -> None:
    if array.dtype.kind in "iu":
        # Only integers beyond 2**24 can be inexact. They are compared as Python ints: float64 has gaps of its
        # own above 2**53.
        large = (array > 2**24) | (array < -(2**24))
        inexact = [int(kept) != int(asked) for kept, asked in zip(single[large], array[large], strict=True)]
        large[large] = inexact
        _refuse_first(field, array, large, "is not exactly representable in float32")


def whole_pair(field: str, value: object, least: int) -> Pair:
    """`value`, two whole numbers [y, x] of at least `least`, as a tuple."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 2:
        raise EngineError(field, value, f"must be two whole numbers, [y, x]; got {short(value)}.")
    return whole_number(field, value[0], least), whole_number(field, value[1], least)


def flag(field: str, value: object) -> bool:
    """`value`, which has to be True or False; 0 and 1 are refused."""
    if not isinstance(value, bool | np.bool_):
        raise EngineError(field, value, f"must be true or false; got {short(value)}.")
    return bool(value)


def short(value: object) -> str:
    """`value` as text for a message, however long it is."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _refuse_first(field: str, array: NDArray[np.generic], wrong: NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        index = tuple(int(place) for place in np.argwhere(wrong)[0])
        raise EngineError(field, array[index].item(), f"{array[index]} at {list(index)} {what}.")
