"""Receptive fields: which cells of the first input an output cell depends on, across stacked layers.

As in the literature the field is counted as if every input went on beyond its edges, so that all cells of an
output have the same one; at an edge part of it lies on padding. Along each axis it reaches from the first to
the last cell: dilation and strides can leave gaps in it.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.checks import LARGEST

_Cells = NDArray[np.int64]

# The output cells of a transposed convolution see different numbers of input cells, in a pattern that
# repeats: after as many cells as its stride, after the product of the strides of several.
LARGEST_PERIOD = 256
# A first and last cell of nothing; far enough from every other number to stay apart when one is added.
_NEVER, _EVER = 2**61, -(2**61)


@dataclass(frozen=True, eq=False)
class ReceptiveField:
    """Of the output cells of one axis.

    firsts, lasts: int64 [period], the first and last input cell that each of the first `period` output cells
        depends on, negative before the input's edge; of cells i + period those of i, `shift` further on.
        first > last where no stamp of a transposed convolution reaches a cell.
    """

    firsts: _Cells
    lasts: _Cells
    shift: int

    @property
    def period(self) -> int:
        return len(self.firsts)

    @property
    def size(self) -> int:
        """Cells from the first to the last, of the output cell with the most; 0 where all have none."""
        return max(0, int((self.lasts - self.firsts).max()) + 1)

    @property
    def jump(self) -> Fraction:
        """Input cells from one output cell's field to the next one's: the product of the strides."""
        return Fraction(self.shift, self.period)

    @property
    def start(self) -> int | None:
        """The first input cell of output cell 0; None where it depends on none."""
        return int(self.firsts[0]) if self.firsts[0] <= self.lasts[0] else None

    def through(self, axis: AnyAxis) -> "ReceptiveField | None":
        """The field after one more layer; None where it, or its pattern, is too large to be told."""
        match axis:
            case AxisGeometry():
                repeat = self.period
                period = repeat // gcd(repeat, axis.stride)
                shift = self.shift * (period * axis.stride // self.period)
            case TransposedAxisGeometry():
                repeat = period = self.period * axis.stride
                shift = self.shift
        if period > LARGEST_PERIOD or shift > LARGEST:
            return None
        firsts, lasts = np.full(period, _NEVER), np.full(period, _EVER)
        outputs = np.arange(period)
        # `repeat` taps on, the same fields come again, moved: only the taps at both ends count.
        taps = range(axis.kernel_size)
        for tap in {*taps[:repeat], *taps[-repeat:]}:
            match axis:
                case AxisGeometry():
                    cells, read = outputs * axis.stride + axis.first + tap * axis.dilation, slice(None)
                case TransposedAxisGeometry():
                    places = outputs + axis.crop_before - tap * axis.dilation
                    cells, read = places // axis.stride, places % axis.stride == 0
            first, last = self._of(cells)
            firsts[read] = np.minimum(firsts, first)[read]
            lasts[read] = np.maximum(lasts, last)[read]
        nothing = firsts > lasts
        firsts[nothing], lasts[nothing] = _NEVER, _EVER
        found = ReceptiveField(firsts, lasts, shift)
        return found if found.size <= LARGEST else None

    def _of(self, cells: _Cells) -> tuple[_Cells, _Cells]:
        turns, places = np.divmod(cells, self.period)
        return self.firsts[places] + turns * self.shift, self.lasts[places] + turns * self.shift


ONE_CELL = ReceptiveField(np.zeros(1, np.int64), np.zeros(1, np.int64), 1)
