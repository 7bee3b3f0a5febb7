"""What was asked: an operation, checked and normalised, before anything is known of the input."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.checks import Pair, exact_float32, flag, short, whole_number, whole_pair
from engine.errors import EngineError

NamedPadding = Literal["SAME", "SAME_LOWER", "VALID", "FULL"]
Padding = NamedPadding | tuple[Pair, Pair]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
Activation = Literal["relu", "sigmoid", "tanh"]
KernelSize = Pair | Literal["global"]

NAMED_PADDINGS: tuple[NamedPadding, ...] = ("SAME", "SAME_LOWER", "VALID", "FULL")
PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")
ACTIVATIONS: tuple[Activation, ...] = ("relu", "sigmoid", "tanh")

Single = NDArray[np.float32]


class Weighted:
    """What the operations with a kernel have in common: output channel j contracts the channels of one group.

    Fields may be given as any sequence or array of numbers; what is kept are read-only float32 arrays and
    tuples of Python ints. Raises EngineError for NaN, infinities, integers that float32 cannot hold exactly,
    wrong ranks, and for strides, dilations and pads that are not whole numbers: 1.5 and True are refused,
    where TensorFlow truncates.
    """

    axes: ClassVar[str]
    kernel: Single
    bias: Single | None
    strides: Pair
    dilations: Pair
    padding: Padding
    flip_kernel: bool
    activation: Activation | None
    groups: int

    def _normalise(self, names: Sequence[NamedPadding]) -> None:
        kernel = exact_float32("kernel", self.kernel)
        if kernel.ndim != 4:
            raise EngineError(
                "kernel",
                kernel.shape,
                f"must have 4 dimensions {self.axes}; this one has {kernel.ndim}, shape "
                f"{list(kernel.shape)}.",
            )
        _set(self, "kernel", kernel)
        _set(self, "strides", whole_pair("strides", self.strides, least=1))
        _set(self, "dilations", whole_pair("dilations", self.dilations, least=1))
        _set(self, "padding", _padding(self.padding, names))
        _set(self, "flip_kernel", flag("flip_kernel", self.flip_kernel))
        if self.activation is not None:
            _choice("activation", self.activation, ACTIVATIONS)

    def _normalise_groups(self, dimension: str, channels: int) -> None:
        """`channels` of the kernel have to divide into the groups."""
        groups = whole_number("groups", self.groups, 1)
        _set(self, "groups", groups)
        if channels % groups:
            raise EngineError(
                "groups", groups, f"must divide the {channels} {dimension} of the kernel; got {groups}."
            )

    def _normalise_bias(self) -> None:
        if self.bias is not None:
            _set(self, "bias", _bias(self.bias, self.out_channels))

    @cached_property
    def kernel_size(self) -> Pair:
        return int(self.kernel.shape[0]), int(self.kernel.shape[1])

    @property
    def kernel_height(self) -> int:
        return self.kernel_size[0]

    @property
    def kernel_width(self) -> int:
        return self.kernel_size[1]

    @cached_property
    def in_channels(self) -> int:
        raise NotImplementedError

    @cached_property
    def out_channels(self) -> int:
        raise NotImplementedError

    @cached_property
    def group_channels(self) -> int:
        """Input channels that one output channel reads."""
        return self.in_channels // self.groups

    @cached_property
    def taps(self) -> int:
        """Cells in one window: group_channels x kernel_height x kernel_width."""
        return self.group_channels * self.kernel_height * self.kernel_width

    @cached_property
    def biases(self) -> Single:
        """float32 [out_channels], read-only: the bias, zeros where there is none."""
        if self.bias is not None:
            return self.bias
        zeros = np.zeros(self.out_channels, np.float32)
        zeros.setflags(write=False)
        return zeros

    @cached_property
    def tap_weights(self) -> Single:
        """float32 [out_channels, taps], read-only: what the taps of a window are multiplied with.

        In tap order: channel of the group, kernel row, kernel column. A flipped kernel is flipped here.
        """
        by_channel = self._by_channel()
        if self.flip_kernel:
            by_channel = by_channel[:, :, ::-1, ::-1]
        weights = np.ascontiguousarray(by_channel).reshape(self.out_channels, self.taps)
        weights.setflags(write=False)
        return weights

    def first_channel(self, out_channel: int) -> int:
        """The first of the group_channels input channels that `out_channel` reads."""
        return out_channel // (self.out_channels // self.groups) * self.group_channels

    def _by_channel(self) -> Single:
        """[out_channels, group_channels, kernel_height, kernel_width]"""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Conv2D(Weighted):
    """A two-dimensional cross-correlation: the kernel is not flipped, unless `flip_kernel` asks for it.

    kernel: float32 [kernel_height, kernel_width, in_channels / groups, out_channels] (HWIO).
    bias: float32 [out_channels], or None for none.
    strides, dilations: (y, x), each at least 1.
    padding: "SAME" (as TensorFlow: the odd cell at the end), "SAME_LOWER" (at the start), "VALID", "FULL", or
        ((top, bottom), (left, right)).
    groups: divides in_channels and out_channels; output channel j reads group j // (out_channels / groups).
    padding_mode: what the padding reads: "zeros"; "reflect" (the edge is not repeated), "replicate",
        "circular".
    activation: "relu", "sigmoid", "tanh" or None; applied to the sum.

    Raises EngineError as Weighted says.
    """

    axes: ClassVar[str] = "[kernel_height, kernel_width, in_channels, out_channels]"

    kernel: Single
    bias: Single | None = None
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: Padding = "SAME"
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    flip_kernel: bool = False
    activation: Activation | None = None

    def __post_init__(self) -> None:
        self._normalise(NAMED_PADDINGS)
        self._normalise_groups("out_channels", self.out_channels)
        self._normalise_bias()
        _choice("padding_mode", self.padding_mode, PADDING_MODES)

    @cached_property
    def in_channels(self) -> int:
        return int(self.kernel.shape[2]) * self.groups

    @cached_property
    def out_channels(self) -> int:
        return int(self.kernel.shape[3])

    def _by_channel(self) -> Single:
        return self.kernel.transpose(3, 2, 0, 1)


@dataclass(frozen=True, eq=False)
class DepthwiseConv2D(Weighted):
    """Every channel convolved by itself: output channel c * multiplier + m is channel c under its kernel m.

    kernel: float32 [kernel_height, kernel_width, in_channels, multiplier] (HWIM).
    bias: float32 [in_channels * multiplier]. The rest as in Conv2D.
    """

    axes: ClassVar[str] = "[kernel_height, kernel_width, in_channels, multiplier]"

    kernel: Single
    bias: Single | None = None
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: Padding = "SAME"
    padding_mode: PaddingMode = "zeros"
    flip_kernel: bool = False
    activation: Activation | None = None

    def __post_init__(self) -> None:
        self._normalise(NAMED_PADDINGS)
        self._normalise_bias()
        _choice("padding_mode", self.padding_mode, PADDING_MODES)

    @cached_property
    def groups(self) -> int:  # type: ignore[override]
        return self.in_channels

    @cached_property
    def in_channels(self) -> int:
        return int(self.kernel.shape[2])

    @cached_property
    def out_channels(self) -> int:
        return int(self.kernel.shape[2] * self.kernel.shape[3])

    def _by_channel(self) -> Single:
        height, width = self.kernel_size
        return self.kernel.transpose(2, 3, 0, 1).reshape(self.out_channels, 1, height, width)


@dataclass(frozen=True, eq=False)
class Conv2DTranspose(Weighted):
    """A transposed convolution: every input value stamps value * kernel onto the output, `strides` apart.

    kernel: float32 [kernel_height, kernel_width, out_channels / groups, in_channels] (HWOI).
    bias: float32 [out_channels].
    padding: a crop of the full stamped output, (input - 1) * stride + span. As PyTorch and ONNX write it:
        ((top, bottom), (left, right)), or "VALID" for none. As TensorFlow writes it: "SAME" for an output of
        input * stride, with the odd cell of the crop at the end, "SAME_LOWER" with it at the start.
    output_padding: (y, x) cells more at the end, less than the larger of stride and dilation; not with SAME.
    output_shape: (height, width) to have, one of the sizes that are possible: with explicit pads and "VALID",
        those of output_padding, with which it cannot be given together.
    flip_kernel: stamp the kernel turned by 180 degrees.

    Groups, activation and errors as in Conv2D. Padding is always zeros.
    """

    axes: ClassVar[str] = "[kernel_height, kernel_width, out_channels, in_channels]"

    kernel: Single
    bias: Single | None = None
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: Padding = "SAME"
    groups: int = 1
    output_padding: Pair = (0, 0)
    output_shape: Pair | None = None
    flip_kernel: bool = False
    activation: Activation | None = None

    def __post_init__(self) -> None:
        self._normalise([name for name in NAMED_PADDINGS if name != "FULL"])
        self._normalise_groups("in_channels", self.in_channels)
        self._normalise_bias()
        _set(self, "output_padding", whole_pair("output_padding", self.output_padding, least=0))
        if self.output_shape is not None:
            _set(self, "output_shape", whole_pair("output_shape", self.output_shape, least=1))

    @cached_property
    def in_channels(self) -> int:
        return int(self.kernel.shape[3])

    @cached_property
    def out_channels(self) -> int:
        return int(self.kernel.shape[2]) * self.groups

    def _by_channel(self) -> Single:
        height, width, outputs, _ = self.kernel.shape
        grouped = self.kernel.reshape(height, width, outputs, self.groups, self.group_channels)
        return grouped.transpose(3, 2, 4, 0, 1).reshape(self.out_channels, self.group_channels, height, width)


@dataclass(frozen=True, eq=False)
class Pool:
    """What both pools have in common. Every channel is pooled by itself.

    kernel_size: (height, width) of the window, or "global" for the size of the input.
    strides, dilations, padding: as in Conv2D. What lies outside of the input is never part of the answer.
    ceil_mode: also lay a last window that overhangs the padded input, if it starts within the input or the
        padding before it.
    """

    kernel_size: KernelSize
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: Padding = "SAME"
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.kernel_size, str):
            _choice("kernel_size", self.kernel_size, ("global",))
        else:
            _set(self, "kernel_size", whole_pair("kernel_size", self.kernel_size, least=1))
        _set(self, "strides", whole_pair("strides", self.strides, least=1))
        _set(self, "dilations", whole_pair("dilations", self.dilations, least=1))
        _set(self, "padding", _padding(self.padding, NAMED_PADDINGS))
        _set(self, "ceil_mode", flag("ceil_mode", self.ceil_mode))
        if self.kernel_size == "global":
            self._refuse_for_global("strides", self.strides, (1, 1))
            self._refuse_for_global("dilations", self.dilations, (1, 1))
            if self.padding not in ("SAME", "VALID"):
                self._refuse_for_global("padding", self.padding, "VALID")

    def _refuse_for_global(self, field: str, value: object, only: object) -> None:
        if value != only:
            raise EngineError(
                field, value, f"means nothing to a global pool, which has one window; got {short(value)}."
            )


@dataclass(frozen=True, eq=False)
class MaxPool2D(Pool):
    """The largest value under the window. Ties go to the first in row-major order; NaN wins over all."""


@dataclass(frozen=True, eq=False)
class AvgPool2D(Pool):
    """The mean of the values under the window.

    count_include_pad: divide by the cells of the window within the padded input, and not only by those within
    the input.
    """

    count_include_pad: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _set(self, "count_include_pad", flag("count_include_pad", self.count_include_pad))


Operation = Conv2D | DepthwiseConv2D | Conv2DTranspose | MaxPool2D | AvgPool2D


def _set(spec: object, field: str, value: object) -> None:
    object.__setattr__(spec, field, value)


def _bias(values: ArrayLike, out_channels: int) -> Single:
    bias = exact_float32("bias", values)
    if bias.shape != (out_channels,):
        raise EngineError(
            "bias",
            bias.shape,
            f"must have shape [{out_channels}], one number per output channel, not {list(bias.shape)}.",
        )
    return bias


def _choice(field: str, value: object, choices: Sequence[str]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise EngineError(field, value, f"must be one of {', '.join(choices)}; got {short(value)}.")


def _padding(value: Any, names: Sequence[NamedPadding]) -> Padding:
    for name in names:
        if isinstance(value, str) and value == name:
            return name
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise EngineError(
            "padding",
            value,
            f"must be {', '.join(names)} or [[top, bottom], [left, right]]; got {short(value)}.",
        )
    return whole_pair("padding", value[0], least=0), whole_pair("padding", value[1], least=0)
