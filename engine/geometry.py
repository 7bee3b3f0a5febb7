"""What follows from a spec and an input size, in Python ints. The only place where a shape is computed.

Everything illegal is refused here, with the rule and the numbers; loops and painters trust what they are
given.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.checks import LARGEST, Pair, whole_number
from engine.errors import EngineError
from engine.lines import Line, line
from engine.padding import check_pads
from engine.spec import (
    AvgPool2D,
    Conv2DTranspose,
    MaxPool2D,
    NamedPadding,
    Operation,
    PaddingMode,
)

Axis = Literal["y", "x"]

LINES: dict[Axis, str] = {"y": "rows", "x": "columns"}


@dataclass(frozen=True)
class Geometry:
    """Both axes. A position is the row-major index of an output cell."""

    y: AnyAxis
    x: AnyAxis

    @property
    def output_height(self) -> int:
        return self.y.output_size

    @property
    def output_width(self) -> int:
        return self.x.output_size

    @property
    def positions(self) -> int:
        return self.output_height * self.output_width

    @cached_property
    def lines(self) -> tuple[Line, Line]:
        """What the loops read along, as arrays: that of y and that of x."""
        return line(self.y), line(self.x)

    @property
    def line_cells(self) -> int:
        """Cells of both lines: the input with its padding, or with its zeros stuffed in."""
        return self.y.line_size * self.x.line_size

    @property
    def cells_never_read(self) -> int:
        """Input cells that no window reads. A cell is read when its row is and its column is."""
        rows = self.y.input_size - len(self.y.never_read)
        columns = self.x.input_size - len(self.x.never_read)
        return self.y.input_size * self.x.input_size - rows * columns

    def coordinates(self, position: int) -> Pair:
        """(y, x) of an output cell."""
        return divmod(whole_number("position", position, 0, self.positions - 1), self.output_width)


def plan(spec: Operation, input_height: int, input_width: int) -> Geometry:
    """The geometry of `spec` over an input of that size. Raises EngineError where it does not fit."""
    return Geometry(_plan(spec, input_height, 0), _plan(spec, input_width, 1))


def _plan(spec: Operation, input_size: int, index: Literal[0, 1]) -> AnyAxis:
    axis: Axis = "y" if index == 0 else "x"
    padding = spec.padding if isinstance(spec.padding, str) else spec.padding[index]
    if spec.kernel_size == "global":
        kernel_size, padding = whole_number("input", input_size, 1), "VALID"
    else:
        kernel_size = spec.kernel_size[index]
    stride, dilation = spec.strides[index], spec.dilations[index]
    match spec:
        case Conv2DTranspose():
            wanted = None if spec.output_shape is None else spec.output_shape[index]
            extra = spec.output_padding[index]
            return plan_transposed_axis(
                input_size, kernel_size, stride, dilation, padding, axis, extra, wanted
            )
        case MaxPool2D() | AvgPool2D():
            whole_number("input", input_size, 1)
            found = plan_axis(
                input_size,
                kernel_size,
                stride,
                dilation,
                padding,
                axis,
                ceil=spec.ceil_mode,
                field="kernel_size",
            )
            if not (isinstance(spec, AvgPool2D) and spec.count_include_pad):
                _refuse_empty_windows(found, padding, axis)
            return found
        case _:
            return plan_axis(
                input_size, kernel_size, stride, dilation, padding, axis, padding_mode=spec.padding_mode
            )


@lru_cache(maxsize=64, typed=True)
def plan_axis(
    input_size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    padding: NamedPadding | Pair,
    axis: Axis,
    *,
    ceil: bool = False,
    padding_mode: PaddingMode = "zeros",
    field: str = "kernel",
) -> AxisGeometry:
    """One axis of a plan; `padding` is a name or (before, after), `field` what to call the kernel's size.

    An input of 0 cells is legal where the padding alone holds a window, as in TensorFlow.
    """
    whole_number("input", input_size, 0)
    span = (kernel_size - 1) * dilation + 1
    before, after = _pads(input_size, span, stride, padding)
    padded_size = before + input_size + after
    if padded_size > LARGEST:
        raise EngineError(
            "padding",
            padding,
            f"makes an input of {padded_size} {LINES[axis]}; at most {LARGEST} are possible.",
        )
    # A window of ceil_mode may overhang, the first one too, as in PyTorch.
    if span > padded_size and not (ceil and span - padded_size < stride):
        raise EngineError(
            field,
            span,
            f"This kernel does not fit: a window of {span} cells is larger than the padded input of "
            f"{padded_size} ({LINES[axis]}). Use a smaller kernel, less dilation, or padding.",
        )
    check_pads(input_size, (before, after), padding_mode, LINES[axis])
    steps = (padded_size - span) // stride
    if ceil:
        steps = -(-(padded_size - span) // stride)
        steps -= steps * stride >= input_size + before
    leftover = padded_size - span - steps * stride
    return AxisGeometry(
        input_size,
        kernel_size,
        stride,
        dilation,
        span,
        before,
        after,
        steps + 1,
        max(leftover, 0),
        max(-leftover, 0),
        padding_mode,
    )


@lru_cache(maxsize=64, typed=True)
def plan_transposed_axis(
    input_size: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    padding: NamedPadding | Pair,
    axis: Axis,
    output_padding: int = 0,
    output_size: int | None = None,
) -> TransposedAxisGeometry:
    """One axis of a transposed convolution; `padding` is a name or the crop (before, after)."""
    whole_number("input", input_size, 1)
    span = (kernel_size - 1) * dilation + 1
    full_size = (input_size - 1) * stride + span
    if full_size + max(stride, dilation) > LARGEST:
        raise EngineError(
            "strides", stride, f"makes an output of {full_size} {LINES[axis]}; at most {LARGEST} fit."
        )
    if output_size is not None and output_padding:
        raise EngineError(
            "output_padding",
            output_padding,
            f"{output_padding} cannot be given together with output_shape {output_size}; give one of them.",
        )
    if isinstance(padding, str) and padding != "VALID":
        if output_padding:
            raise EngineError(
                "output_padding",
                output_padding,
                f"{output_padding} means nothing with {padding}, whose output is {input_size} x {stride} = "
                f"{input_size * stride} {LINES[axis]}; give output_shape, or pads.",
            )
        wanted = input_size * stride if output_size is None else output_size
        # ONNX takes any output_shape; TensorFlow, whose SAME this is, only those that give this input back.
        whole = input_size * stride
        if padding == "SAME":
            _check_output_size(wanted, whole - stride + 1, whole, axis, padding)
        else:
            _check_output_size(wanted, 1, full_size + max(stride, dilation) - 1, axis, padding)
        crop = max(full_size - wanted, 0)
        before = crop // 2 if padding == "SAME" else crop - crop // 2
    else:
        before, after = (0, 0) if isinstance(padding, str) else padding
        base = full_size - before - after
        largest = max(stride, dilation) - 1
        if output_padding > largest:
            raise EngineError(
                "output_padding",
                output_padding,
                f"must be less than the larger of stride {stride} and dilation {dilation}; "
                f"got {output_padding} ({LINES[axis]}).",
            )
        if base + largest < 1 or (output_size is None and base + output_padding < 1):
            raise EngineError(
                "padding",
                [before, after],
                f"crops {before} + {after} {LINES[axis]} of the {full_size} that are stamped; "
                "nothing would be left.",
            )
        wanted = base + output_padding if output_size is None else output_size
        _check_output_size(wanted, max(base, 1), base + largest, axis, "these pads")
    return TransposedAxisGeometry(
        input_size,
        kernel_size,
        stride,
        dilation,
        span,
        full_size,
        before,
        full_size - before - wanted,
        wanted,
    )


def _check_output_size(wanted: int, least: int, most: int, axis: Axis, padding: str) -> None:
    if not least <= wanted <= most:
        raise EngineError(
            "output_shape",
            wanted,
            f"with {padding} the output can have {least} to {most} {LINES[axis]}; {wanted} were asked for.",
        )


def _pads(input_size: int, span: int, stride: int, padding: NamedPadding | Pair) -> Pair:
    match padding:
        case "VALID":
            return 0, 0
        case "FULL":
            return span - 1, span - 1
        case "SAME" | "SAME_LOWER":
            output_size = -(-input_size // stride)
            total = max((output_size - 1) * stride + span - input_size, 0)
            half, rest = total // 2, total - total // 2
            return (half, rest) if padding == "SAME" else (rest, half)
        case (before, after):
            return before, after


def _refuse_empty_windows(axis: AxisGeometry, padding: NamedPadding | Pair, name: Axis) -> None:
    """A pool has no answer where a window lies on padding alone."""
    inside = range(
        -(-axis.pad_before // axis.stride), (axis.pad_before + axis.input_size - axis.span) // axis.stride + 1
    )
    for position in range(axis.output_size):
        if position not in inside and not axis.cells_inside(position):
            raise EngineError(
                "padding",
                padding if isinstance(padding, str) else list(padding),
                f"window {position} of the {LINES[name]} lies on padding alone, from "
                f"{axis.first + position * axis.stride} to "
                f"{axis.first + position * axis.stride + axis.span - 1} of an input of {axis.input_size}; "
                "a pool has nothing to take there.",
            )
