"""What follows from a spec and an input size, in Python ints. The only place where a shape is computed.

Everything illegal is refused here, with the rule and the numbers; loops and painters trust what they are
given.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from engine.errors import EngineError
from engine.spec import LARGEST, Conv2D, NamedPadding, Pair, whole_number

Axis = Literal["y", "x"]

LINES: dict[Axis, str] = {"y": "rows", "x": "columns"}


@dataclass(frozen=True)
class AxisGeometry:
    """One axis, in cells.

    span: what one window covers, gaps of the dilation included: (kernel_size - 1) * dilation + 1.
    leftover: padded cells after the last window, too few for another one.
    """

    input_size: int
    kernel_size: int
    stride: int
    dilation: int
    span: int
    pad_before: int
    pad_after: int
    output_size: int
    leftover: int

    @property
    def padded_size(self) -> int:
        return self.pad_before + self.input_size + self.pad_after

    @property
    def first(self) -> int:
        """The input coordinate of the first tap of the first window; negative in the padding."""
        return -self.pad_before

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where the taps of a window lie, counted from its first."""
        return tuple(range(0, self.span, self.dilation))

    def taps(self, position: int) -> tuple[int, ...]:
        """The input coordinates that output cell `position` reads; outside of 0..input_size-1 is padding."""
        start = self.first + whole_number("position", position, 0, self.output_size - 1) * self.stride
        return tuple(start + offset for offset in self.offsets)

    @cached_property
    def never_read(self) -> tuple[int, ...]:
        """The input coordinates that no window reads: leftover ones, and gaps of strides and dilations."""
        read: set[int] = set()
        for offset in self.offsets:
            # Only positions whose tap lies on the input are walked: pads may be far longer than the input.
            start = self.first + offset
            low = max(0, -(start // self.stride))
            high = min(self.output_size - 1, (self.input_size - 1 - start) // self.stride)
            read.update(range(start + low * self.stride, start + high * self.stride + 1, self.stride))
        return tuple(cell for cell in range(self.input_size) if cell not in read)

    def formula(self) -> str:
        """The output size with its numbers put in; it holds for every kind of padding."""
        return (
            f"⌊({self.input_size} + {self.pad_before} + {self.pad_after} − {self.span}) ÷ {self.stride}⌋ + 1"
            f" = {self.output_size}"
        )


@dataclass(frozen=True)
class Geometry:
    """Both axes. A position is the row-major index of an output cell."""

    y: AxisGeometry
    x: AxisGeometry

    @property
    def output_height(self) -> int:
        return self.y.output_size

    @property
    def output_width(self) -> int:
        return self.x.output_size

    @property
    def positions(self) -> int:
        return self.output_height * self.output_width

    @property
    def padded_cells(self) -> int:
        """Cells of the padded input, the scale of what the reference allocates per channel."""
        return self.y.padded_size * self.x.padded_size

    @property
    def cells_never_read(self) -> int:
        """Input cells that no window reads. A cell is read when its row is and its column is."""
        rows = self.y.input_size - len(self.y.never_read)
        columns = self.x.input_size - len(self.x.never_read)
        return self.y.input_size * self.x.input_size - rows * columns

    def coordinates(self, position: int) -> Pair:
        """(y, x) of an output cell."""
        return divmod(whole_number("position", position, 0, self.positions - 1), self.output_width)


def plan(spec: Conv2D, input_height: int, input_width: int) -> Geometry:
    """The geometry of `spec` over an input of that size. Raises EngineError where it does not fit."""
    padding_y, padding_x = (spec.padding,) * 2 if isinstance(spec.padding, str) else spec.padding
    return Geometry(
        y=plan_axis(input_height, spec.kernel_height, spec.strides[0], spec.dilations[0], padding_y, "y"),
        x=plan_axis(input_width, spec.kernel_width, spec.strides[1], spec.dilations[1], padding_x, "x"),
    )


def plan_axis(
    input_size: int, kernel_size: int, stride: int, dilation: int, padding: NamedPadding | Pair, axis: Axis
) -> AxisGeometry:
    """One axis of a plan; `padding` is a name or (before, after).

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
    if span > padded_size:
        raise EngineError(
            "kernel",
            span,
            f"This kernel does not fit: a window of {span} cells is larger than the padded input of "
            f"{padded_size} ({LINES[axis]}). Use a smaller kernel, less dilation, or padding.",
        )
    steps, leftover = divmod(padded_size - span, stride)
    return AxisGeometry(input_size, kernel_size, stride, dilation, span, before, after, steps + 1, leftover)


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
