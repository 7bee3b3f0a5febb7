"""What was asked: an operation, checked and normalised, before anything is known of the input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import EngineError

NamedPadding = Literal["SAME", "SAME_LOWER", "VALID", "FULL"]
Pair = tuple[int, int]
Padding = NamedPadding | tuple[Pair, Pair]
Cells = NDArray[np.uint8 | np.float32]

NAMED_PADDINGS: tuple[NamedPadding, ...] = ("SAME", "SAME_LOWER", "VALID", "FULL")

# The longest axis, stride, dilation or pad. Positions travel as int32, and products of two such numbers still
# fit the int64 arithmetic of the compiled loops.
LARGEST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Conv2D:
    """A two-dimensional cross-correlation: the kernel is not flipped.

    kernel: float32 [kernel_height, kernel_width, in_channels, out_channels] (HWIO).
    bias: float32 [out_channels], or None for none.
    strides, dilations: (y, x), each at least 1.
    padding: "SAME" (as TensorFlow: the odd cell at the end), "SAME_LOWER" (at the start), "VALID", "FULL", or
        ((top, bottom), (left, right)). Padding is zeros.

    Any sequence or array of numbers will do; what is kept are read-only float32 arrays and tuples of Python
    ints. Raises EngineError for NaN, infinities, integers that float32 cannot hold exactly, wrong ranks, and
    for strides, dilations and pads that are not whole numbers: 1.5 and True are refused, where TensorFlow
    truncates.
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32] | None = None
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: Padding = "SAME"

    def __post_init__(self) -> None:
        kernel = exact_float32("kernel", self.kernel)
        if kernel.ndim != 4:
            raise EngineError(
                "kernel",
                kernel.shape,
                "must have 4 dimensions [kernel_height, kernel_width, in_channels, out_channels]; "
                f"this one has {kernel.ndim}, shape {list(kernel.shape)}.",
            )
        object.__setattr__(self, "kernel", kernel)
        if self.bias is not None:
            object.__setattr__(self, "bias", _bias(self.bias, self.out_channels))
        object.__setattr__(self, "strides", _pair("strides", self.strides, least=1))
        object.__setattr__(self, "dilations", _pair("dilations", self.dilations, least=1))
        object.__setattr__(self, "padding", _padding(self.padding))

    @property
    def kernel_height(self) -> int:
        return int(self.kernel.shape[0])

    @property
    def kernel_width(self) -> int:
        return int(self.kernel.shape[1])

    @property
    def in_channels(self) -> int:
        return int(self.kernel.shape[2])

    @property
    def out_channels(self) -> int:
        return int(self.kernel.shape[3])

    @property
    def taps(self) -> int:
        """Cells in one window: in_channels x kernel_height x kernel_width."""
        return self.in_channels * self.kernel_height * self.kernel_width


def whole_number(field: str, value: object, least: int, most: int = LARGEST) -> int:
    """`value` as a Python int from `least` to `most`; floats and booleans are refused, even 1.0 and True."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise EngineError(field, value, f"must be a whole number; got {_short(value)}.")
    number = int(value)
    if not least <= number <= most:
        allowed = f"at least {least}" if most == LARGEST and number < least else f"from {least} to {most}"
        raise EngineError(field, value, f"must be {allowed}; got {_short(number)}.")
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
    with np.errstate(over="ignore"):
        single = array.astype(np.float32, order="C")
    _refuse_first(field, array, ~np.isfinite(single), "is not a finite float32 number")
    if array.dtype.kind in "iu":
        # Only integers beyond 2**24 can be inexact. They are compared as Python ints: float64 has gaps of its
        # own above 2**53.
        large = (array > 2**24) | (array < -(2**24))
        inexact = [int(kept) != int(asked) for kept, asked in zip(single[large], array[large], strict=True)]
        large[large] = inexact
        _refuse_first(field, array, large, "is not exactly representable in float32")
    single.setflags(write=False)
    return single


def checked_input(spec: Conv2D, cells: Cells, dimensions: list[str]) -> Cells:
    """`cells`, or an EngineError if it is not an array that `spec` can be applied to."""
    if not isinstance(cells, np.ndarray):
        raise EngineError("input", None, f"must be an array, not {type(cells).__name__}.")
    if cells.dtype not in (np.uint8, np.float32):
        raise EngineError("input", None, f"must be uint8 or float32, not {cells.dtype}.")
    shape = list(cells.shape)
    if len(shape) != len(dimensions):
        expected = f"{len(dimensions)} dimensions [{', '.join(dimensions)}]"
        raise EngineError("input", shape, f"must have {expected}; its shape is {shape}.")
    if dimensions[0] == "batch" and shape[0] == 0:
        raise EngineError("input", shape, f"must have at least one item in its batch; its shape is {shape}.")
    if shape[-1] != spec.in_channels:
        raise EngineError(
            "input", shape, f"has {shape[-1]} channels, but the kernel is for {spec.in_channels}."
        )
    return cells


def _refuse_first(field: str, array: NDArray[np.generic], wrong: NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        index = tuple(int(place) for place in np.argwhere(wrong)[0])
        raise EngineError(field, array[index].item(), f"{array[index]} at {list(index)} {what}.")


def _bias(values: ArrayLike, out_channels: int) -> NDArray[np.float32]:
    bias = exact_float32("bias", values)
    if bias.shape != (out_channels,):
        raise EngineError(
            "bias",
            bias.shape,
            f"must have shape [{out_channels}], one number per output channel, not {list(bias.shape)}.",
        )
    return bias


def _pair(field: str, value: object, least: int) -> Pair:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 2:
        raise EngineError(field, value, f"must be two whole numbers, [y, x]; got {_short(value)}.")
    return whole_number(field, value[0], least), whole_number(field, value[1], least)


def _padding(value: object) -> Padding:
    for name in NAMED_PADDINGS:
        if isinstance(value, str) and value == name:
            return name
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise EngineError(
            "padding",
            value,
            f"must be {', '.join(NAMED_PADDINGS)} or [[top, bottom], [left, right]]; got {_short(value)}.",
        )
    return _pair("padding", value[0], least=0), _pair("padding", value[1], least=0)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
