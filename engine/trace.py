"""Every position's window, products and sums, in chunks from anywhere; and one position explained.

Tap order is channel, kernel row, kernel column. A product is float32(cell) * weight in float32; a sum is the
left fold of the products in tap order in float64, plus the bias, rounded to float32. So the sum that is shown
is the sum of what is shown.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import backend
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import Cells, Conv2D, checked_input, whole_number

Column = Literal["window", "products", "channel_sums", "sum"]

COLUMNS: tuple[Column, ...] = ("window", "products", "channel_sums", "sum")


@dataclass(frozen=True, eq=False)
class TraceChunk:
    """A run of consecutive positions; None for what was not asked for.

    window: [count, taps], the input's own dtype, padding as 0. products: float32 [count, taps].
    channel_sums: float32 [count, in_channels], without the bias. sum: float32 [count], with it.
    """

    first_position: int
    count: int
    window: Cells | None = None
    products: NDArray[np.float32] | None = None
    channel_sums: NDArray[np.float32] | None = None
    sum: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Tap:
    """One kernel cell and the input cell it reads.

    partial_sum is the float64 left fold up to and with this tap, without the bias;
    channel_partial_sum is the same within the tap's own channel.
    """

    channel: int
    kernel_y: int
    kernel_x: int
    input_y: int
    input_x: int
    padding: bool
    value: float
    weight: float
    product: float
    partial_sum: float
    channel_partial_sum: float


@dataclass(frozen=True)
class Explanation:
    """One position: output cell (y, x), its taps in tap order, and how they add up."""

    position: int
    y: int
    x: int
    taps: list[Tap]
    channel_sums: list[float]
    bias: float
    sum: float


class Trace:
    """The trace of one output channel over one input, HWC, uint8 or float32.

    Computes nothing until asked, and keeps nothing. Any number of threads may use one Trace. Raises
    EngineError where the operation does not fit the input, as `plan` does.
    """

    def __init__(self, spec: Conv2D, input: Cells, out_channel: int = 0) -> None:  # noqa: A002
        self._cells = np.require(
            checked_input(spec, input, ["height", "width", "in_channels"]), requirements=["C", "A"]
        )
        self._spec = spec
        out_channel = whole_number("out_channel", out_channel, 0, spec.out_channels - 1)
        self.geometry = plan(spec, self._cells.shape[0], self._cells.shape[1])
        self.positions = self.geometry.positions
        self.taps = spec.taps
        self.in_channels = spec.in_channels
        self.window_dtype: np.dtype[np.uint8 | np.float32] = self._cells.dtype
        self.weights: NDArray[np.float32] = np.ascontiguousarray(
            backend.tap_order(spec.kernel)[:, out_channel]
        )
        self.weights.setflags(write=False)
        self.bias = 0.0 if spec.bias is None else float(spec.bias[out_channel])

    def empty(self, first: int, count: int, columns: Collection[Column] = COLUMNS) -> TraceChunk:
        """A chunk of those columns for `fill`; what is in its arrays is undefined."""
        self._check_range(first, count)
        _check_columns(columns)
        shapes = self._shapes(count)
        return TraceChunk(
            first, count, **{name: np.empty(*shapes[name]) for name in COLUMNS if name in columns}
        )

    def fill(self, chunk: TraceChunk) -> None:
        """Write the chunk's positions into its arrays, in place.

        They may be views of one buffer, each C-contiguous, writable, aligned to its item and of the shape and
        dtype of `empty`; anything else raises EngineError before a byte is written.
        """
        self._check_range(chunk.first_position, chunk.count)
        for name, (shape, dtype) in self._shapes(chunk.count).items():
            array = getattr(chunk, name)
            if array is not None and not (
                array.shape == shape and array.dtype == dtype and array.flags.carray
            ):
                raise EngineError(
                    name,
                    array.shape,
                    f"must be a writable, aligned, C-contiguous {dtype} array of shape {list(shape)}; "
                    f"got {array.dtype} of shape {list(array.shape)}.",
                )
        backend.fill_trace(
            self.geometry,
            self._cells,
            self.weights,
            self.bias,
            chunk.first_position,
            chunk.count,
            chunk.window,
            chunk.products,
            chunk.channel_sums,
            chunk.sum,
        )

    def chunks(
        self,
        first: int = 0,
        count: int | None = None,
        columns: Collection[Column] = COLUMNS,
        chunk_positions: int = 1024,
    ) -> Iterator[TraceChunk]:
        """Positions first..first+count-1 (by default to the end), `chunk_positions` to a chunk.

        Each chunk has arrays of its own. The range and the columns are checked at the call, not at the first
        chunk.
        """
        if count is None:
            count = self.positions - whole_number("first", first, 0, self.positions - 1)
        self._check_range(first, count)
        stop = first + count
        _check_columns(columns)
        whole_number("chunk_positions", chunk_positions, 1)

        def produce() -> Iterator[TraceChunk]:
            for start in range(first, stop, chunk_positions):
                chunk = self.empty(start, min(chunk_positions, stop - start), columns)
                self.fill(chunk)
                yield chunk

        return produce()

    def explain(self, position: int) -> Explanation:
        """Everything about one position. Raises EngineError outside of 0..positions-1."""
        whole_number("position", position, 0, self.positions - 1)
        y, x = self.geometry.coordinates(position)
        window = np.empty((1, self.taps), self.window_dtype)
        terms = np.empty((1, self.taps), np.float32)
        channel_sums = np.empty((1, self.in_channels), np.float32)
        total = np.empty(1, np.float32)
        self.fill(TraceChunk(position, 1, window, terms, channel_sums, total))
        values, products = window[0].tolist(), terms[0].tolist()
        rows, columns = self.geometry.y.taps(y), self.geometry.x.taps(x)
        height, width, channels = self._cells.shape
        places = [
            (channel, kernel_y, kernel_x)
            for channel in range(channels)
            for kernel_y in range(len(rows))
            for kernel_x in range(len(columns))
        ]
        taps = []
        partial_sum = channel_partial_sum = 0.0
        for tap, (channel, kernel_y, kernel_x) in enumerate(places):
            partial_sum += products[tap]
            begins_channel = kernel_y == kernel_x == 0
            channel_partial_sum = products[tap] + (0.0 if begins_channel else channel_partial_sum)
            row, column = rows[kernel_y], columns[kernel_x]
            taps.append(
                Tap(
                    channel=channel,
                    kernel_y=kernel_y,
                    kernel_x=kernel_x,
                    input_y=row,
                    input_x=column,
                    padding=not (0 <= row < height and 0 <= column < width),
                    value=float(values[tap]),
                    weight=float(self.weights[tap]),
                    product=products[tap],
                    partial_sum=partial_sum,
                    channel_partial_sum=channel_partial_sum,
                )
            )
        return Explanation(position, y, x, taps, channel_sums[0].tolist(), self.bias, float(total[0]))

    def _shapes(self, count: int) -> dict[Column, tuple[tuple[int, ...], np.dtype[np.generic]]]:
        single = np.dtype(np.float32)
        return {
            "window": ((count, self.taps), self.window_dtype),
            "products": ((count, self.taps), single),
            "channel_sums": ((count, self.in_channels), single),
            "sum": ((count,), single),
        }

    def _check_range(self, first: int, count: int) -> None:
        whole_number("first", first, 0, self.positions - 1)
        whole_number("count", count, 1, self.positions - first)


def _check_columns(columns: Collection[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown or not columns or isinstance(columns, str):
        raise EngineError("columns", list(columns), f"must be one or more of {', '.join(COLUMNS)}.")
