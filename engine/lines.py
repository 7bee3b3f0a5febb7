"""The lines of a geometry as arrays: what the loops read along."""

from dataclasses import dataclass
from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Line:
    """One axis as a window is laid along it; the terms are those of engine.axes.

    sources: int64 [cells], the input index that each cell reads, or -1 for a zero. Cells run_start to
    run_start + run_length - 1 read neighbouring input cells, from run_source on.
    """

    sources: Indices
    run_start: int
    run_length: int
    run_source: int
    kernel_size: int
    step: int
    origin: int
    tap_step: int
    span: int
    output_size: int

    def taps(self, positions: Indices) -> Indices:
        """int64 [positions, kernel_size]: the input index that each tap reads, or -1 for a zero."""
        starts = positions * self.step + self.origin
        places = starts[:, np.newaxis] + np.arange(self.kernel_size) * self.tap_step
        return np.asarray(self.sources[places])


@lru_cache(maxsize=64)
def line(axis: AnyAxis) -> Line:
    """The line of one axis of a plan."""
    match axis:
        case AxisGeometry():
            run_start = min(axis.pad_before, axis.line_size)
            run_length = max(0, min(axis.input_size, axis.line_size - run_start))
            edges = [*range(run_start), *range(run_start + run_length, axis.line_size)]
            sources = np.arange(-run_start, axis.line_size - run_start)
            for cell in edges:
                found = axis.line_source(cell)
                sources[cell] = -1 if found is None else found
        case TransposedAxisGeometry():
            places = np.arange(axis.line_size) + axis.crop_before - (axis.span - 1)
            inside = (places % axis.stride == 0) & (places >= 0) & (places < axis.input_size * axis.stride)
            sources = np.where(inside, places // axis.stride, -1)
            run_start = run_length = 0
    sources.setflags(write=False)
    return Line(
        sources,
        run_start,
        run_length,
        0,
        axis.kernel_size,
        axis.step,
        axis.origin,
        axis.tap_step,
        axis.span,
        axis.output_size,
    )


@dataclass(frozen=True, eq=False)
class Phase:
    """Every stride-th output cell of a transposed convolution, from `first` on: all are reached by the same
    taps.

    So they are an ordinary convolution of the input. `line` is its line; `taps` are the kernel cells that are
    its kernel, in the line's order.
    """

    first: int
    stride: int
    taps: list[int]
    line: Line


def phases(axis: TransposedAxisGeometry) -> list[Phase]:
    """The phases that any tap reaches; output cells of the others have no terms."""
    found = []
    common = gcd(axis.stride, axis.dilation)
    by_first: dict[int, list[int]] = {}
    for tap in range(axis.kernel_size):
        by_first.setdefault((tap * axis.dilation - axis.crop_before) % axis.stride, []).insert(0, tap)
    for first, taps in by_first.items():
        if first >= axis.output_size:
            continue
        output_size = -((first - axis.output_size) // axis.stride)
        dilation = axis.dilation // common
        span = (len(taps) - 1) * dilation + 1
        start = (first + axis.crop_before - taps[0] * axis.dilation) // axis.stride
        sources = start + np.arange(output_size + span - 1)
        inside = (sources >= 0) & (sources < axis.input_size)
        run_start = min(max(0, -start), len(sources))
        phase_line = Line(
            np.where(inside, sources, -1),
            run_start,
            int(inside.sum()),
            start + run_start,
            len(taps),
            1,
            0,
            dilation,
            span,
            output_size,
        )
        found.append(Phase(first, axis.stride, taps, phase_line))
    return found
