"""Other orders of axes than ours, which are NHWC for activations and HWIO, HWIM, HWOI for weights."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.checks import short
from engine.errors import EngineError

Cell = TypeVar("Cell", bound=np.generic)
Layout = Literal["NHWC", "NCHW"]
KernelLayout = Literal["HWIO", "OIHW", "HWIM", "HWOI", "IOHW"]

Order = tuple[int, int, int, int]

# Where the axes of our own order are found in the other one.
_ACTIVATIONS: Mapping[str, Order] = {"NHWC": (0, 1, 2, 3), "NCHW": (0, 2, 3, 1)}
_KERNELS: Mapping[str, Order] = {
    "HWIO": (0, 1, 2, 3),
    "OIHW": (2, 3, 1, 0),
    "HWIM": (0, 1, 2, 3),
    "HWOI": (0, 1, 2, 3),
    "IOHW": (2, 3, 1, 0),
}

KERNEL_LAYOUTS: dict[str, tuple[KernelLayout, ...]] = {
    "conv2d": ("HWIO", "OIHW"),
    "depthwise_conv2d": ("HWIM",),
    "conv2d_transpose": ("HWOI", "IOHW"),
}


def to_nhwc(array: NDArray[Cell], layout: Layout, field: str = "input") -> NDArray[Cell]:
    """A view of `array`, whose axes are in the order of `layout`, as [batch, height, width, channels]."""
    return _ordered(array, _ACTIVATIONS, layout, "layout", field)


def from_nhwc(array: NDArray[Cell], layout: Layout) -> NDArray[Cell]:
    """A view of a [batch, height, width, channels] array in the order of `layout`."""
    return array if layout == "NHWC" else array.transpose(0, 3, 1, 2)


def kernel_from(array: NDArray[Cell], layout: KernelLayout) -> NDArray[Cell]:
    """A view of a kernel in `layout` as the spec takes it: OIHW as HWIO, IOHW as HWOI, ours as they are.

    In OIHW the I is in_channels / groups, in IOHW the O is out_channels / groups, as in PyTorch and ONNX.
    """
    return _ordered(array, _KERNELS, layout, "kernel_layout", "kernel")


def _ordered(
    array: NDArray[Any], orders: Mapping[str, Order], layout: str, layout_field: str, field: str
) -> NDArray[Any]:
    if layout not in orders:
        raise EngineError(layout_field, layout, f"must be one of {', '.join(orders)}; got {short(layout)}.")
    if not isinstance(array, np.ndarray):
        raise EngineError(field, None, f"must be an array, not {type(array).__name__}.")
    if array.ndim != 4:
        shape = list(array.shape)
        raise EngineError(field, shape, f"must have 4 dimensions {layout}; its shape is {shape}.")
    return array.transpose(orders[layout])
