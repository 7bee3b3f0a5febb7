"""The one place that pads an array. Padding is zeros."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.geometry import Geometry

Cell = TypeVar("Cell", bound=np.generic)


def padded_rows(cells: NDArray[Cell], geometry: Geometry, start: int, stop: int) -> NDArray[Cell]:
    """Rows start..stop-1 of the padded input, counted from its first, as a new array of the same dtype.

    cells: [height, width, channels].
    """
    top, left = geometry.y.pad_before, geometry.x.pad_before
    height, width, channels = cells.shape
    padded = np.zeros((stop - start, geometry.x.padded_size, channels), cells.dtype)
    low, high = max(start, top), min(stop, top + height)
    if low < high:
        padded[low - start : high - start, left : left + width] = cells[low - top : high - top]
    return padded
