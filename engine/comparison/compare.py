"""Two conventions side by side: both outputs, their signed difference, and where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import ops
from engine.axes import AnyAxis, AxisGeometry
from engine.checks import Pair
from engine.comparison.conventions import Fill, Resolved
from engine.inputs import Cells, checked_input
from engine.spec import AvgPool2D, Conv2DTranspose, MaxPool2D, Operation, Weighted

Single = NDArray[np.float32]
Cell = tuple[int, int, int, int]
Verdict = Literal["same", "numbers", "shapes"]

# What the sums of the engine may be off, as part of the magnitude of their terms.
_TOLERANCE = 1e-5

_NUMPY_MODES: dict[Fill, Literal["reflect", "symmetric", "edge", "wrap"]] = {
    "reflect": "reflect",
    "symmetric": "symmetric",
    "replicate": "edge",
    "circular": "wrap",
}


@dataclass(frozen=True, eq=False)
class Difference:
    """How two outputs of one shape differ.

    cells: how many differ by more than rounding. total: how many there are.
    largest: the largest magnitude of the difference. at: (batch, y, x, channel) of the first cell with it.
    values: float32, the second output minus the first; 0 where they differ by no more than rounding.
    """

    cells: int
    total: int
    largest: float
    at: Cell
    values: Single


@dataclass(frozen=True)
class Row:
    """One line of the table: what it is, and what it is on either side; None where a side has no such thing.

    Its name is one of: pads_y, pads_x (before, after); fill; divisor; output_size (height, width); rows_read,
    columns_read (the first coordinate that the first window covers, the last that the last one does; of a
    transposed convolution of the stamps, on the output); turned; window_y, window_x (first, last); value.
    """

    name: str
    first: object
    second: object

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two conventions over one input.

    first, second: what the conventions come to. outputs: float32 [batch, output_height, output_width,
        out_channels] each.
    difference: None where the shapes differ.
    shift: (y, x) with second[y + shift_y, x + shift_x] = first[y, x] wherever both are;
        None where there is no such pair, or it is (0, 0).
    """

    first: Resolved
    second: Resolved
    outputs: tuple[Single, Single]
    difference: Difference | None
    shift: Pair | None

    @property
    def verdict(self) -> Verdict:
        if self.difference is None:
            return "shapes"
        return "numbers" if self.difference.cells else "same"

    def rows(self, at: Cell | None = None) -> list[Row]:
        """The table; with output cell `at`, (batch, y, x, channel), it ends with rows about that."""
        first, second = dict(self._facts(0, at)), dict(self._facts(1, at))
        names = list(dict.fromkeys([*first, *second]))
        return [Row(name, first.get(name), second.get(name)) for name in names]

    def _facts(self, side: Literal[0, 1], at: Cell | None) -> Iterator[tuple[str, object]]:
        resolved, output = (self.first, self.second)[side], self.outputs[side]
        spec, (y, x) = resolved.spec, (resolved.geometry.y, resolved.geometry.x)
        yield from zip(("pads_y", "pads_x"), resolved.pads, strict=True)
        if not isinstance(spec, Conv2DTranspose | MaxPool2D | AvgPool2D):
            yield "fill", resolved.fill if any(map(any, resolved.pads)) else None
        if isinstance(spec, AvgPool2D):
            yield "divisor", "all" if spec.count_include_pad else "inside"
        yield "output_size", (y.output_size, x.output_size)
        yield "rows_read", _reach(y)
        yield "columns_read", _reach(x)
        if isinstance(spec, Conv2DTranspose):
            yield "turned", spec.flip_kernel
        if at is None:
            return
        batch, position_y, position_x, channel = at
        if position_y < y.output_size and position_x < x.output_size:
            if isinstance(y, AxisGeometry) and isinstance(x, AxisGeometry):
                yield "window_y", _window(y, position_y)
                yield "window_x", _window(x, position_x)
            yield "value", float(output[batch, position_y, position_x, channel])


def compare(first: Resolved, second: Resolved, input: NDArray[np.generic]) -> Comparison:  # noqa: A002
    """Both over `input`, [batch, height, width, in_channels], of the size for which they were resolved.

    Numbers differ where they are further apart than what rounding can do to sums of their terms.
    """
    cells = checked_input(first.spec, input, ["batch", "height", "width", "in_channels"])
    outputs = output(first, cells), output(second, cells)
    with np.errstate(invalid="ignore", over="ignore"):
        magnitude = np.maximum(*_fitted(_magnitude(first, cells), _magnitude(second, cells)))
    slack = np.float32(_TOLERANCE) * np.nan_to_num(magnitude, nan=0, posinf=0)
    return Comparison(
        first,
        second,
        outputs,
        _difference(*outputs, slack) if outputs[0].shape == outputs[1].shape else None,
        _shift(first, second, outputs, float(slack.max(initial=0.0))),
    )


def output(resolved: Resolved, cells: Cells) -> Single:
    """float32 [batch, output_height, output_width, out_channels], of `cells`, which are NHWC."""
    if not resolved.beforehand:
        return ops.run(resolved.spec, cells)
    pads = ((0, 0), *resolved.pads, (0, 0))
    filled = np.pad(cells, pads, mode=_NUMPY_MODES[resolved.fill])
    return ops.run(replace(resolved.spec, padding="VALID"), filled)


def _magnitude(resolved: Resolved, cells: Cells) -> Single:
    """What the terms of each output add up to without their signs."""
    spec: Operation = resolved.spec
    if isinstance(spec, MaxPool2D):
        return np.zeros((1, 1, 1, 1), np.float32)
    if isinstance(spec, Weighted):
        bias = None if spec.bias is None else np.abs(spec.bias)
        spec = replace(spec, kernel=np.abs(spec.kernel), bias=bias, activation=None)
    return output(replace(resolved, spec=spec), np.abs(cells))


def _fitted(first: Single, second: Single) -> tuple[Single, Single]:
    if first.shape == second.shape:
        return first, second
    return first.max(keepdims=True), second.max(keepdims=True)


def _difference(first: Single, second: Single, slack: Single) -> Difference:
    with np.errstate(invalid="ignore", over="ignore"):
        values = second - first
        alike = (first == second) | (np.isnan(first) & np.isnan(second)) | (np.abs(values) <= slack)
    values[alike] = 0
    magnitude = np.nan_to_num(np.abs(values), nan=np.inf)
    batch, y, x, channel = (int(index) for index in np.unravel_index(np.argmax(magnitude), values.shape))
    return Difference(
        int(np.count_nonzero(~alike)),
        values.size,
        float(magnitude[batch, y, x, channel]),
        (batch, y, x, channel),
        values,
    )


def _shift(first: Resolved, second: Resolved, outputs: tuple[Single, Single], slack: float) -> Pair | None:
    """Where the same window lies in the second output; what the pads say is tried on the numbers."""
    moves = []
    for one, other in zip(
        (first.geometry.y, first.geometry.x), (second.geometry.y, second.geometry.x), strict=True
    ):
        if isinstance(one, AxisGeometry) and isinstance(other, AxisGeometry):
            move, rest = divmod(other.pad_before - one.pad_before, one.stride)
            if rest:
                return None
        else:
            move = _crop(one) - _crop(other)
        moves.append(move)
    moved_y, moved_x = moves
    if (moved_y, moved_x) == (0, 0):
        return None
    before, after = _overlap(outputs[0], outputs[1], moved_y, moved_x)
    if not before.size or not np.allclose(before, after, rtol=0, atol=slack, equal_nan=True):
        return None
    return moved_y, moved_x


def _overlap(first: Single, second: Single, moved_y: int, moved_x: int) -> tuple[Single, Single]:
    """The parts of both in which second[y + moved_y, x + moved_x] and first[y, x] are to be the same."""
    y, x = max(-moved_y, 0), max(-moved_x, 0)
    height = min(first.shape[1] - y, second.shape[1] - (y + moved_y))
    width = min(first.shape[2] - x, second.shape[2] - (x + moved_x))
    height, width = max(height, 0), max(width, 0)
    top, left = y + moved_y, x + moved_x
    return first[:, y : y + height, x : x + width], second[:, top : top + height, left : left + width]


def _crop(axis: AnyAxis) -> int:
    return 0 if isinstance(axis, AxisGeometry) else axis.crop_before


def _reach(axis: AnyAxis) -> Pair:
    if isinstance(axis, AxisGeometry):
        return axis.first, _window(axis, axis.output_size - 1)[1]
    return -axis.crop_before, axis.full_size - axis.crop_before - 1


def _window(axis: AxisGeometry, position: int) -> Pair:
    start = axis.first + position * axis.stride
    return start, start + axis.span - 1
