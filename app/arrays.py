"""Arrays out of JSON: nested lists and base64 .npy, checked before NumPy sees them."""

import base64
import binascii
import io
import math
from itertools import chain
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from app.errors import RefusedError

Array = NDArray[Any]
NPY_MAGIC = b"\x93NUMPY"
"""What every .npy file begins with."""
_NPY_VERSIONS = ((1, 0), (2, 0), (3, 0))
_MOST_DIMENSIONS = 4
_EXACT_INT = 2**24  # every whole number up to here is a float32


def from_nested(values: object, field: str, *, most: int) -> Array:
    """A nested list of finite numbers as float32, of the shape the lists have.

    RefusedError, naming `field`: ragged lists, booleans, anything that is no number, NaN and Infinity, whole
    numbers that float32 cannot hold exactly, and more than `most` values.
    """
    if not isinstance(values, list):
        raise RefusedError(field, "must be a nested list of numbers", values)
    shape = [len(values)]
    flat: list[Any] = values
    while (types := set(map(type, flat))) == {list}:
        lengths = set(map(len, flat))
        if len(lengths) > 1:
            raise RefusedError(
                field, f"is ragged: lists of {min(lengths)} and of {max(lengths)} items side by side"
            )
        shape.append(lengths.pop())
        if len(shape) > _MOST_DIMENSIONS:
            raise RefusedError(field, f"has more than {_MOST_DIMENSIONS} dimensions")
        flat = list(chain.from_iterable(flat))
    if not flat:
        raise RefusedError(field, f"is empty: its shape is {shape}")
    if len(flat) > most:
        raise RefusedError(field, f"has {len(flat)} values; the limit is {most}")
    if list in types:
        raise RefusedError(field, "is ragged: lists and numbers side by side")
    if not types <= {int, float}:
        raise RefusedError(field, "has something else than numbers in it; booleans are none")
    _refuse_inexact(flat, field)
    return _as_float32(np.array(flat, dtype=np.float64).reshape(shape), field)


def from_npy(text: str, field: str, *, most: int) -> Array:
    """A base64 .npy file, as `from_npy_file` reads it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(field, "is not base64") from None
    return from_npy_file(raw, field, most=most)


def from_npy_file(raw: bytes, field: str, *, most: int) -> Array:
    """A .npy file as uint8, or as float32 whatever real numbers it has. Pickles are never loaded."""
    stream = io.BytesIO(raw)
    try:
        version = npy_format.read_magic(stream)
        if version not in _NPY_VERSIONS:
            raise ValueError(version)
        read_header = (
            npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
        )
        shape, by_columns, dtype = read_header(stream)
        if any(type(side) is not int for side in shape):
            raise ValueError(shape)
    except Exception:  # noqa: BLE001  NumPy parses the header as Python, which fails in every way there is
        raise RefusedError(field, "is not a .npy file") from None
    if dtype.hasobject or dtype.kind not in "uif":
        raise RefusedError(field, f"has dtype {dtype}; send real numbers (uint8, float32, ...)")
    if len(shape) > _MOST_DIMENSIONS:
        raise RefusedError(field, f"has {len(shape)} dimensions; there may be at most {_MOST_DIMENSIONS}")
    count = math.prod(shape)  # Python ints: a header can claim any shape
    if min(shape, default=1) < 1 or count > most:
        # A number written in hexadecimal may have more digits than Python writes.
        said = list(shape) if all(abs(side) < 2**63 for side in shape) else "beyond all bounds"
        raise RefusedError(field, f"has shape {said}; there must be 1 to {most} values")
    if count * dtype.itemsize != len(raw) - stream.tell():
        raise RefusedError(
            field,
            f"has a header for {count * dtype.itemsize} bytes of data and holds {len(raw) - stream.tell()}",
        )
    array: Array = np.frombuffer(raw, dtype, offset=stream.tell())
    array = array.reshape(shape, order="F" if by_columns else "C")
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    if dtype.kind in "ui" and dtype.itemsize > 2:
        _refuse_inexact_integers(array, field)
    return _as_float32(array, field)


def as_uint8(array: Array, field: str) -> Array:
    """`array` as uint8, refused unless every value is a whole number from 0 to 255."""
    small = np.clip(array, 0, 255).astype(np.uint8)
    if not np.array_equal(small, array):
        raise RefusedError(field, "is not all whole numbers from 0 to 255, as dtype uint8 needs")
    return small


def _refuse_inexact(flat: list[Any], field: str) -> None:
    for value in flat:
        if (
            type(value) is int
            and abs(value) > _EXACT_INT
            and (abs(value) >= 2**127 or int(np.float32(value)) != value)
        ):
            raise RefusedError(field, "has a whole number that float32 cannot hold exactly", value)


def _refuse_inexact_integers(array: Array, field: str) -> None:
    """The same for all of an array at once: one by one, what an upload can hold takes seconds."""
    # The smallest 64-bit number is its own magnitude, read without its sign.
    magnitude = array.astype(np.uint64) if array.dtype.kind == "u" else np.abs(array.astype(np.int64))
    bits = magnitude.view(np.uint64)
    lowest = np.maximum(bits & (~bits + np.uint64(1)), np.uint64(1))
    inexact = bits // lowest >= _EXACT_INT
    if inexact.any():
        value = int(array.flat[int(np.argmax(inexact))])
        raise RefusedError(field, "has a whole number that float32 cannot hold exactly", value)


def _as_float32(array: Array, field: str) -> Array:
    if not np.isfinite(array).all():
        raise RefusedError(field, "has NaN or Infinity in it")
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(result).all():
        raise RefusedError(field, "has a number too large for float32")
    return result
