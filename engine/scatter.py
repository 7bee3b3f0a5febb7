"""The other view of a transposed convolution: every input cell stamps the kernel onto the output.

A trace gathers: one output cell, and the input values that reach it. Here it is one input cell, and where
its products fall. They are the same float32 products: those that fall on a position, folded in tap order
(channel, kernel row, kernel column), make the sum that the trace shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.axes import TransposedAxisGeometry
from engine.checks import whole_number
from engine.geometry import plan
from engine.inputs import Cells, checked_input
from engine.spec import Conv2DTranspose


@dataclass(frozen=True, eq=False)
class ScatterChunk:
    """A run of consecutive input cells, row-major.

    values: [count, group_channels], the input's own dtype. products: float32 [count, taps], in tap order.
    """

    first_cell: int
    count: int
    values: Cells
    products: NDArray[np.float32]


@dataclass(frozen=True)
class StampCell:
    """One kernel cell of a stamp.

    kernel_y, kernel_x: of the kernel as it is stamped; a flipped kernel is flipped already.
    output_y, output_x: where it falls; outside of the output it is cropped away, and position is None.
    weights, products: one per channel of the group; products are rounded to float32.
    """

    kernel_y: int
    kernel_x: int
    output_y: int
    output_x: int
    position: int | None
    weights: tuple[float, ...]
    products: tuple[float, ...]


@dataclass(frozen=True)
class Stamp:
    """What input cell (y, x) stamps, by kernel row and column; values: one per channel of the group."""

    y: int
    x: int
    values: tuple[float, ...]
    cells: list[StampCell]


class Scatter:
    """The stamps of one output channel over one input, [height, width, channels].

    cells: how many input cells there are; cell i is (i // width, i % width). Channel c of the group is input
    channel first_channel + c. Computes nothing until asked, and keeps nothing. Raises EngineError where the
    operation does not fit the input, as `plan` does.
    """

    def __init__(self, spec: Conv2DTranspose, input: NDArray[np.generic], out_channel: int = 0) -> None:  # noqa: A002
        cells = checked_input(spec, input, ["height", "width", "in_channels"])
        self.spec = spec
        self.out_channel = whole_number("out_channel", out_channel, 0, spec.out_channels - 1)
        self.geometry = plan(spec, cells.shape[0], cells.shape[1])
        self.cells = cells.shape[0] * cells.shape[1]
        self.taps = spec.taps
        self.group_channels = spec.group_channels
        self.first_channel = spec.first_channel(out_channel)
        self.weights = spec.tap_weights[out_channel]
        self._values = cells.reshape(self.cells, -1)[
            :, self.first_channel : self.first_channel + spec.group_channels
        ]

    def chunks(
        self, first: int = 0, count: int | None = None, chunk_cells: int = 1024
    ) -> Iterator[ScatterChunk]:
        """Input cells first..first+count-1 (by default to the end), `chunk_cells` to a chunk.

        The range is checked at the call, not at the first chunk.
        """
        left = self.cells - whole_number("first", first, 0, self.cells - 1)
        stop = first + (left if count is None else whole_number("count", count, 1, left))
        whole_number("chunk_cells", chunk_cells, 1)
        return (
            self._chunk(start, min(chunk_cells, stop - start)) for start in range(first, stop, chunk_cells)
        )

    def stamp(self, y: int, x: int) -> Stamp:
        """What input cell (y, x) stamps. Raises EngineError for a cell outside of the input."""
        axis_y, axis_x = self.geometry.y, self.geometry.x
        whole_number("y", y, 0, axis_y.input_size - 1)
        whole_number("x", x, 0, axis_x.input_size - 1)
        if not isinstance(axis_y, TransposedAxisGeometry) or not isinstance(axis_x, TransposedAxisGeometry):
            raise TypeError("the geometry is not that of a transposed convolution")
        chunk = self._chunk(y * axis_x.input_size + x, 1)
        kernel = self.group_channels, axis_y.kernel_size, axis_x.kernel_size
        weights, products = self.weights.reshape(kernel), chunk.products.reshape(kernel)
        cells = []
        for kernel_y, output_y in enumerate(axis_y.stamp(y)):
            for kernel_x, output_x in enumerate(axis_x.stamp(x)):
                is_kept = 0 <= output_y < axis_y.output_size and 0 <= output_x < axis_x.output_size
                cells.append(
                    StampCell(
                        kernel_y,
                        kernel_x,
                        output_y,
                        output_x,
                        output_y * axis_x.output_size + output_x if is_kept else None,
                        tuple(weights[:, kernel_y, kernel_x].tolist()),
                        tuple(products[:, kernel_y, kernel_x].tolist()),
                    )
                )
        return Stamp(y, x, tuple(float(value) for value in chunk.values[0]), cells)

    def _chunk(self, first: int, count: int) -> ScatterChunk:
        values = self._values[first : first + count].copy()
        weights = self.weights.reshape(1, self.group_channels, -1)
        # Infinities of the input are legal, and so are the NaN that follow from them.
        with np.errstate(invalid="ignore", over="ignore"):
            products = values.astype(np.float32)[:, :, np.newaxis] * weights
        return ScatterChunk(first, count, values, products.reshape(count, self.taps))
