"""What the frameworks need to know of the padding, from the geometry."""

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.frameworks.calls import Sides
from engine.geometry import Geometry
from engine.spec import Conv2D, DepthwiseConv2D, Operation


def pads(geometry: Geometry) -> Sides:
    """The pads; of a transposed convolution what is cropped."""
    return *_pads(geometry.y), *_pads(geometry.x)


def _pads(axis: AnyAxis) -> tuple[int, int]:
    if isinstance(axis, TransposedAxisGeometry):
        return axis.crop_before, max(axis.crop_after, 0)
    return axis.pad_before, axis.pad_after


def grown(geometry: Geometry) -> tuple[int, int]:
    """Cells (y, x) that a transposed convolution's output has beyond all of its stamps."""
    return _grown(geometry.y), _grown(geometry.x)


def _grown(axis: AnyAxis) -> int:
    return max(-axis.crop_after, 0) if isinstance(axis, TransposedAxisGeometry) else 0


def laid_pads(geometry: Geometry) -> Sides:
    """Pads with which the windows cover everything: nothing overhangs, nothing is left over.

    The ones after can be less than 0, where cells of the input are left over. For a framework whose call has
    no ceil_mode, or another one.
    """
    return *_laid(geometry.y), *_laid(geometry.x)


def _laid(axis: AnyAxis) -> tuple[int, int]:
    if not isinstance(axis, AxisGeometry):
        raise TypeError("a transposed convolution has no windows that slide")
    return axis.pad_before, axis.line_size - axis.pad_before - axis.input_size


def is_plain(sides: Sides) -> bool:
    return not any(sides)


def is_even(sides: Sides) -> bool:
    """Whether both sides of each axis have the same."""
    return sides[0] == sides[1] and sides[2] == sides[3]


def reads_input(spec: Operation, sides: Sides) -> bool:
    """Whether the padding is filled from the input."""
    return isinstance(spec, Conv2D | DepthwiseConv2D) and spec.padding_mode != "zeros" and not is_plain(sides)
