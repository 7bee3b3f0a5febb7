"""One axis of a geometry, in Python ints.

Both kinds are read along a *line*: every cell that a window can lie on, in order, with the padding of a
window that slides over the input, with zeros between the input cells for a transposed convolution. Tap t of
output cell `position` lies on line cell position * step + origin + t * tap_step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.checks import whole_number
from engine.padding import source
from engine.spec import PaddingMode


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
        read = np.zeros(self.input_size, np.bool_)
        for offset in self.offsets:
            # Only positions whose tap lies on the input are walked: pads may be far longer than the input.
            start = self.first + offset
            low = max(0, -(start // self.stride))
            high = min(self.output_size - 1, (self.input_size - 1 - start) // self.stride)
            if low <= high:
                read[start + low * self.stride : start + high * self.stride + 1 : self.stride] = True
        if self.padding_mode != "zeros":
            read[self._read_through_padding()] = True
        return tuple(np.flatnonzero(~read).tolist())

    def _read_through_padding(self) -> list[int]:
        laid = np.zeros(self.line_size, np.bool_)
        for offset in self.offsets:
            laid[offset : offset + (self.output_size - 1) * self.stride + 1 : self.stride] = True
        laid[self.pad_before : self.pad_before + self.input_size] = False
        sources = [self.line_source(cell) for cell in np.flatnonzero(laid).tolist()]
        return [cell for cell in sources if cell is not None]

    @property
    def output_symbols(self) -> str:
        """What the output size is, in the names of the fields; it holds for every kind of padding."""
        left, right = ("⌈", "⌉") if self.overhang else ("⌊", "⌋")
        # One that fits on the padding alone, behind the input: ceil_mode does not lay it.
        dropped = " − 1" if self.leftover >= self.stride else ""
        return f"{left}(input_size + pad_before + pad_after − span) ÷ stride{right} + 1{dropped}"

    def formula(self) -> str:
        """The output size with its numbers put in."""
        return f"{with_numbers(self.output_symbols, vars(self))} = {self.output_size}"


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

    @property
    def output_symbols(self) -> str:
        """What the output size is, in the names of the fields."""
        return "(input_size − 1) × stride + span − crop_before − crop_after"

    def formula(self) -> str:
        """The output size with its numbers put in."""
        return f"{with_numbers(self.output_symbols, vars(self))} = {self.output_size}"


AnyAxis = AxisGeometry | TransposedAxisGeometry


def with_numbers(symbols: str, values: Mapping[str, object]) -> str:
    """A formula with the value of each name put in; what has none, as "max", stays."""
    numbers = re.sub(r"[a-z_]+(\[\d\])*", lambda name: str(values.get(name[0], name[0])), symbols)
    return numbers.replace("− -", "+ ")
