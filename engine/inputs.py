"""An input as every loop takes it: uint8 or float32, contiguous, with the channels the operation is for."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.checks import exact_float32_cells
from engine.errors import EngineError
from engine.spec import Operation, Weighted

Cells = NDArray[np.uint8 | np.float32]

# To compare with the type itself takes ten times as long, as long as several rows of a small output.
_BYTE = np.dtype(np.uint8)


def checked_input(spec: Operation, cells: NDArray[np.generic], dimensions: list[str]) -> Cells:
    """`cells` as a C-contiguous, aligned array of uint8 or float32, the same one where it is that already.

    Other integers are taken as float32 if every value is exactly representable; float64 and float16 are
    rounded. NaN and infinities are legal here. Raises EngineError for an array that `spec` cannot be applied
    to.
    """
    if not isinstance(cells, np.ndarray):
        raise EngineError("input", None, f"must be an array, not {type(cells).__name__}.")
    if cells.dtype.kind not in "iuf":
        raise EngineError("input", None, f"must be an array of real numbers, not of {cells.dtype}.")
    shape = list(cells.shape)
    if len(shape) != len(dimensions):
        expected = f"{len(dimensions)} dimensions [{', '.join(dimensions)}]"
        raise EngineError("input", shape, f"must have {expected}; its shape is {shape}.")
    if dimensions[0] == "batch" and shape[0] == 0:
        raise EngineError("input", shape, f"must have at least one item in its batch; its shape is {shape}.")
    if shape[-1] == 0:
        raise EngineError("input", shape, f"must have at least one channel; its shape is {shape}.")
    if isinstance(spec, Weighted) and shape[-1] != spec.in_channels:
        groups = f" ({spec.groups} groups of {spec.group_channels})" if spec.groups > 1 else ""
        raise EngineError(
            "input", shape, f"has {shape[-1]} channels, but the kernel is for {spec.in_channels}{groups}."
        )
    if cells.dtype != _BYTE:
        cells = exact_float32_cells("input", cells)
    if not (cells.flags.c_contiguous and cells.flags.aligned):
        cells = np.require(cells, requirements=["C", "A"])
    return cast("Cells", cells)
