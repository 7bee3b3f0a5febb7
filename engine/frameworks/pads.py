"""What the frameworks need to know of the padding, from the geometry."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.frameworks.calls import Sides
from engine.geometry import Geometry
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, PaddingMode

Pooled = TypeVar("Pooled", MaxPool2D, AvgPool2D)

# What NumPy's pad, and after it most others', calls a padding that reads the input.
NUMPY_MODES: Mapping[PaddingMode, str] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


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


def cropping(spec: Conv2DTranspose, geometry: Geometry) -> tuple[Sides, tuple[int, int]]:
    """What a transposed convolution crops of all of its stamps, and the cells (y, x) that it adds first.

    As it was asked for: the planned crop has both in one number.
    """
    if isinstance(spec.padding, str):
        return pads(geometry), grown(geometry)
    (top, bottom), (left, right) = spec.padding
    return (top, bottom, left, right), (_added(geometry.y, bottom), _added(geometry.x, right))


def _added(axis: AnyAxis, after: int) -> int:
    return after - axis.crop_after if isinstance(axis, TransposedAxisGeometry) else 0


def laid_pads(geometry: Geometry, ceil: bool = False) -> Sides:
    """Pads with which every window that is laid lies on the padded input, and no other window would.

    ceil: nor would another one that overhangs it. The pads themselves where they are so already: other
    frameworks have no ceil_mode, or other rules for which windows there are.
    """
    return *_laid(geometry.y, ceil), *_laid(geometry.x, ceil)


def _laid(axis: AnyAxis, ceil: bool) -> tuple[int, int]:
    if not isinstance(axis, AxisGeometry):
        raise TypeError("a transposed convolution has no windows that slide")
    if axis.overhang or axis.leftover >= (1 if ceil else axis.stride):
        return axis.pad_before, max(axis.line_size - axis.pad_before - axis.input_size, 0)
    return axis.pad_before, axis.pad_after


def overhangs(geometry: Geometry) -> bool:
    """Whether the last window of ceil_mode reaches beyond the padded input."""
    return any(isinstance(axis, AxisGeometry) and axis.overhang > 0 for axis in (geometry.y, geometry.x))


def with_window(spec: Pooled, geometry: Geometry) -> Pooled:
    """A global pool as one of a single window, which never pads: over the same input it is the same."""
    if spec.kernel_size != "global":
        return spec
    return replace(spec, kernel_size=(geometry.y.kernel_size, geometry.x.kernel_size), padding="VALID")


def is_plain(sides: Sides) -> bool:
    return not any(sides)


def is_even(sides: Sides) -> bool:
    """Whether both sides of each axis have the same."""
    return sides[0] == sides[1] and sides[2] == sides[3]


def reads_input(spec: Operation, sides: Sides) -> bool:
    """Whether the padding is filled from the input."""
    return isinstance(spec, Conv2D | DepthwiseConv2D) and spec.padding_mode != "zeros" and not is_plain(sides)
