"""What follows from a spec and an input size, in Python ints. The only place where a shape is computed.

Everything illegal is refused here, with the rule and the numbers; loops and painters trust what they are
given.

Both kinds of axis are read along a *line*: every cell that a window can lie on, in order, with the padding of
a window that slides over the input, with zeros between the input cells for a transposed convolution. Tap t of
output cell `position` lies on line cell position * step + origin + t * tap_step.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from engine.checks import LARGEST, Pair, whole_number
from engine.errors import EngineError
from engine.padding import check_pads, source
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
class AxisGeometry:
    """One axis of a window that slides over the input, in cells.

    span: what one window covers, gaps of the dilation included: (kernel_size - 1) * dilation + 1.
    leftover: padded cells after the last window, too few for another one.
    overhang: cells by which the last window of ceil_mode reaches beyond the padded input.
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
    overhang: int = 0
    padding_mode: PaddingMode = "zeros"

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

    @property
    def step(self) -> int:
        return self.stride

    @property
    def origin(self) -> int:
        return 0

    @property
    def tap_step(self) -> int:
        return self.dilation

    @property
    def line_size(self) -> int:
        return (self.output_size - 1) * self.step + self.span

    def line_source(self, cell: int) -> int | None:
        """The input index that a cell of the line reads; None for a zero."""
        coordinate = cell - self.pad_before
        if coordinate >= self.input_size + self.pad_after:
            return None
        return source(coordinate, self.input_size, self.padding_mode)

    def taps(self, position: int) -> tuple[int, ...]:
        """The input coordinates that output cell `position` reads; outside of 0..input_size-1 is padding."""
        start = self.first + whole_number("position", position, 0, self.output_size - 1) * self.stride
        return tuple(start + offset for offset in self.offsets)

    def sources(self, position: int) -> tuple[int | None, ...]:
        """The input indices whose values the taps of `position` read; None for a zero of the padding."""
        return tuple(self.line_source(tap + self.pad_before) for tap in self.taps(position))

    def cells_inside(self, position: int) -> int:
        """Taps of `position` that lie on the input."""
        return self._count(position, 0, self.input_size)

    def cells_padded(self, position: int) -> int:
        """Taps of `position` that lie on the padded input: not all of them where a window overhangs it."""
        return self._count(position, -self.pad_before, self.input_size + self.pad_after)

    def _count(self, position: int, low: int, high: int) -> int:
        start = self.first + position * self.stride
        lowest = max(0, -((start - low) // self.dilation))
        highest = min(self.kernel_size - 1, (high - 1 - start) // self.dilation)
        return max(0, highest - lowest + 1)

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
        if self.padding_mode != "zeros":
            read.update(self._read_through_padding())
        return tuple(cell for cell in range(self.input_size) if cell not in read)

    def _read_through_padding(self) -> set[int]:
        edges = [*range(self.pad_before), *range(self.pad_before + self.input_size, self.line_size)]
        found = {self.line_source(cell) for cell in edges if self._is_read(cell)}
        return {cell for cell in found if cell is not None}

    def _is_read(self, cell: int) -> bool:
        return any(
            0 <= cell - offset <= (self.output_size - 1) * self.stride and (cell - offset) % self.stride == 0
            for offset in self.offsets
        )

    def formula(self) -> str:
        """The output size with its numbers put in; it holds for every kind of padding."""
        left, right = ("⌈", "⌉") if self.overhang else ("⌊", "⌋")
        return (
            f"{left}({self.input_size} + {self.pad_before} + {self.pad_after} − {self.span}) ÷ {self.stride}"
            f"{right} + 1 = {self.output_size}"
        )


@dataclass(frozen=True)
class TransposedAxisGeometry:
    """One axis of a transposed convolution, in cells: input cell i stamps output cell
    i * stride + t * dilation - crop_before with tap t.

    span: what one stamp covers: (kernel_size - 1) * dilation + 1.
    full_size: what all stamps together cover: (input_size - 1) * stride + span.
    crop_before, crop_after: cells of that which are cut away; crop_after is negative where the output is
        larger, and ends in cells that no stamp reaches.
    """

    input_size: int
    kernel_size: int
    stride: int
    dilation: int
    span: int
    full_size: int
    crop_before: int
    crop_after: int
    output_size: int

    @property
    def step(self) -> int:
        return 1

    @property
    def origin(self) -> int:
        return self.span - 1

    @property
    def tap_step(self) -> int:
        return -self.dilation

    @property
    def line_size(self) -> int:
        return self.output_size + self.span - 1

    def line_source(self, cell: int) -> int | None:
        """The input index that a cell of the line reads; None for a stuffed zero and outside of the input."""
        place = cell + self.crop_before - (self.span - 1)
        index, rest = divmod(place, self.stride)
        return index if rest == 0 and 0 <= index < self.input_size else None

    def taps(self, position: int) -> tuple[int | None, ...]:
        """The input coordinates that reach output cell `position`, by tap; None between two input cells.

        Outside of 0..input_size-1 there is nothing that could reach it.
        """
        whole_number("position", position, 0, self.output_size - 1)
        places = [position + self.crop_before - tap * self.dilation for tap in range(self.kernel_size)]
        return tuple(None if place % self.stride else place // self.stride for place in places)

    def sources(self, position: int) -> tuple[int | None, ...]:
        """The input indices whose values reach `position`, by tap; None where nothing does."""
        return tuple(
            tap if tap is not None and 0 <= tap < self.input_size else None for tap in self.taps(position)
        )

    def stamp(self, index: int) -> tuple[int, ...]:
        """The output coordinates that input cell `index` stamps, by tap; outside of the output is cropped."""
        start = whole_number("index", index, 0, self.input_size - 1) * self.stride - self.crop_before
        return tuple(start + tap * self.dilation for tap in range(self.kernel_size))

    @cached_property
    def never_read(self) -> tuple[int, ...]:
        """The input coordinates whose whole stamp is cropped away."""
        return tuple(
            index
            for index in range(self.input_size)
            if not any(0 <= place < self.output_size for place in self.stamp(index))
        )

    def formula(self) -> str:
        """The output size with its numbers put in."""
        grown = f" − {self.crop_after}" if self.crop_after >= 0 else f" + {-self.crop_after}"
        return (
            f"({self.input_size} − 1) × {self.stride} + {self.span} − {self.crop_before}{grown}"
            f" = {self.output_size}"
        )


AnyAxis = AxisGeometry | TransposedAxisGeometry


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


@lru_cache(maxsize=256, typed=True)
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


@lru_cache(maxsize=256, typed=True)
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
            _check_output_size(wanted, 1, max(whole, full_size + max(stride, dilation) - 1), axis, padding)
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
