"""Backwards: which positions read an input cell, and with which weight."""

from typing import NamedTuple

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.checks import whole_number
from engine.geometry import Geometry
from engine.spec import AvgPool2D, MaxPool2D, Operation, Weighted
from engine.trace import Trace


class Read(NamedTuple):
    """One tap of one position that reads the cell.

    y, x: the output cell of the position.
    kernel_y, kernel_x: of the kernel as it lies on the window; a flipped kernel is flipped already.
    padding: the tap lies on the padding, which reads the cell by its mode.
    """

    position: int
    y: int
    x: int
    kernel_y: int
    kernel_x: int
    padding: bool


class _AxisRead(NamedTuple):
    position: int
    kernel: int
    padding: bool


def reads(geometry: Geometry, y: int, x: int) -> list[Read]:
    """Every read of input cell (y, x), sorted by position, kernel_y, kernel_x.

    In closed form: nothing is walked but the kernel and, under "replicate", the padding. A position may read
    the cell several times, through the padding: each is a Read of its own. Empty where no window reads it, or
    where all of a transposed convolution's stamp is cropped away. Raises EngineError for a cell outside.
    """
    rows, columns = _along(geometry.y, "y", y), _along(geometry.x, "x", x)
    return sorted(
        Read(
            row.position * geometry.output_width + column.position,
            row.position,
            column.position,
            row.kernel,
            column.kernel,
            row.padding or column.padding,
        )
        for row in rows
        for column in columns
    )


def weights(
    spec: Operation, geometry: Geometry, read: Read, out_channel: int = 0
) -> tuple[float, ...] | None:
    """What `out_channel` multiplies the cell with at this read, one number per input channel of its group.

    Those channels are spec.first_channel(out_channel) and the following. An average pool, whose channels are
    all alike, has one: 1 / divisor. A max pool has None: which cell counts depends on the values; see `wins`.
    """
    match spec:
        case Weighted():
            whole_number("out_channel", out_channel, 0, spec.out_channels - 1)
            by_channel = spec.tap_weights[out_channel].reshape(spec.group_channels, *spec.kernel_size)
            return tuple(by_channel[:, read.kernel_y, read.kernel_x].tolist())
        case AvgPool2D():
            return (1 / (_divisor(spec, geometry.y, read.y) * _divisor(spec, geometry.x, read.x)),)
        case MaxPool2D():
            return None


def wins(trace: Trace, read: Read) -> bool:
    """Whether the cell is the one that the max pool of `trace` keeps at this read.

    One tap of every position wins. Raises EngineError for another operation.
    """
    chunk = trace.empty(read.position, 1, ["argmax"])
    trace.fill(chunk)
    places = trace.geometry.y.taps(read.y)[read.kernel_y], trace.geometry.x.taps(read.x)[read.kernel_x]
    return chunk.argmax is not None and tuple(chunk.argmax[0].tolist()) == places


def _along(axis: AnyAxis, field: str, index: int) -> list[_AxisRead]:
    whole_number(field, index, 0, axis.input_size - 1)
    if isinstance(axis, TransposedAxisGeometry):
        return [
            _AxisRead(place, tap, padding=False)
            for tap, place in enumerate(axis.stamp(index))
            if 0 <= place < axis.output_size
        ]
    found = []
    for coordinate in (index, *_padding_that_reads(axis, index)):
        for tap, offset in enumerate(axis.offsets):
            position, rest = divmod(coordinate - axis.first - offset, axis.stride)
            if rest == 0 and 0 <= position < axis.output_size:
                found.append(_AxisRead(position, tap, padding=coordinate != index))
    return found


def _padding_that_reads(axis: AxisGeometry, index: int) -> list[int]:
    """The coordinates of the padding whose value is that of input cell `index`: padding.source, inverted."""
    size, before, after = axis.input_size, axis.pad_before, axis.pad_after
    last = size - 1
    match axis.padding_mode:
        case "zeros":
            return []
        case "reflect":
            mirrored = (-index, 2 * last - index)
        case "circular":
            mirrored = (index - size, index + size)
        case "replicate":
            return [
                *range(-before if index == 0 else 0, 0),
                *range(size, size + (after if index == last else 0)),
            ]
    return [place for place in mirrored if -before <= place < 0 or size <= place < size + after]


def _divisor(spec: AvgPool2D, axis: AnyAxis, position: int) -> int:
    if not isinstance(axis, AxisGeometry):
        raise TypeError("a pool has no transposed geometry")
    return axis.cells_padded(position) if spec.count_include_pad else axis.cells_inside(position)
