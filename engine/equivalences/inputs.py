"""Inputs of the equivalences: checked, and laid out with their padding."""

import numpy as np
from numpy.typing import NDArray

from engine.axes import AxisGeometry
from engine.geometry import Geometry, plan
from engine.inputs import Cells, checked_input
from engine.spec import Conv2D, DepthwiseConv2D, Operation

Indices = NDArray[np.int64]


def batch_of(spec: Operation, cells: NDArray[np.generic]) -> Cells:
    """`cells`, [batch, height, width, in_channels], as engine.inputs.checked_input makes them."""
    return checked_input(spec, cells, ["batch", "height", "width", "in_channels"])


def sliding(geometry: Geometry) -> tuple[AxisGeometry, AxisGeometry]:
    """Both axes (y, x) of a window that slides over the input."""
    if not isinstance(geometry.y, AxisGeometry) or not isinstance(geometry.x, AxisGeometry):
        raise TypeError("the geometry is that of a transposed convolution")
    return geometry.y, geometry.x


def padded_sources(axis: AxisGeometry, extra: int = 0) -> Indices:
    """int64 [padded_size + extra]: the input index that each cell reads, or -1 for a zero.

    The padded input to its end, which a Line leaves out where no window reaches it.
    """
    sources = [axis.line_source(cell) for cell in range(axis.padded_size + extra)]
    return np.array([-1 if index is None else index for index in sources], np.int64)


def laid_out(cells: Cells, rows: Indices, columns: Indices) -> Cells:
    """[batch, len(rows), len(columns), channels]: the input cells with those indices, zeros for -1."""
    laid = np.zeros((len(cells), len(rows), len(columns), cells.shape[3]), cells.dtype)
    filled_rows, filled_columns = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
    laid[:, filled_rows[:, np.newaxis], filled_columns] = cells[
        :, rows[filled_rows, np.newaxis], columns[filled_columns]
    ]
    return laid


def padded_input(conv: Conv2D | DepthwiseConv2D, input: NDArray[np.generic]) -> Cells:  # noqa: A002
    """[batch, padded_height, padded_width, in_channels], of the input's dtype: what the windows lie on."""
    cells = batch_of(conv, input)
    y, x = sliding(plan(conv, cells.shape[1], cells.shape[2]))
    return laid_out(cells, padded_sources(y), padded_sources(x))
