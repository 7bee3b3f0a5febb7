"""Every position's window, products and sums, in chunks from anywhere.

Tap order is channel, kernel row, kernel column. A product is float32(cell) * weight in float32; a sum is the
left fold of the products in tap order in float64, plus the bias, rounded to float32. So the sum that is shown
is the sum of what is shown. What is made of the sum, by an activation or a divisor, is computed from the
float32 sum in float64 and rounded to float32.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import backend
from engine.activations import activate
from engine.checks import whole_number
from engine.errors import EngineError
from engine.geometry import plan
from engine.inputs import Cells, checked_input
from engine.reference import Windows, largest
from engine.spec import AvgPool2D, MaxPool2D, Operation, Weighted

Column = Literal["window", "products", "channel_sums", "sum", "output", "argmax", "divisor"]

COLUMNS: tuple[Column, ...] = (
    "window",
    "products",
    "channel_sums",
    "sum",
    "output",
    "argmax",
    "divisor",
)

_OF_WEIGHTED: tuple[Column, ...] = ("window", "products", "channel_sums", "sum", "output")
_OF_MAX_POOL: tuple[Column, ...] = ("window", "output", "argmax")
_OF_AVG_POOL: tuple[Column, ...] = ("window", "sum", "output", "divisor")


@dataclass(frozen=True, eq=False)
class TraceChunk:
    """A run of consecutive positions; None for what was not asked for.

    window: [count, taps], the input's own dtype, what is not on the input as the value it reads as.
    products: float32 [count, taps]. channel_sums: float32 [count, in_channels of the group], without bias.
    sum: float32 [count], with it. output: float32 [count], after the activation or the division.
    argmax: int32 [count, 2], the input's (y, x). divisor: int32 [count].
    """

    first_position: int
    count: int
    window: Cells | None = None
    products: NDArray[np.float32] | None = None
    channel_sums: NDArray[np.float32] | None = None
    sum: NDArray[np.float32] | None = None
    output: NDArray[np.float32] | None = None
    argmax: NDArray[np.int32] | None = None
    divisor: NDArray[np.int32] | None = None


class Trace:
    """The trace of one output channel over one input, [height, width, channels].

    columns: those that the operation has. A convolution: window, products, channel_sums, sum, output. A max
    pool: window, output, argmax. An average pool: window, sum, output, divisor. The window of a max pool is
    float32 with -inf outside of the input, unless it never reaches there. That of a transposed convolution
    gathers: all the kernel's cells, with the input value that reaches the output cell through each, and zero
    where none does.

    Computes nothing until asked, and keeps nothing. Any number of threads may use one Trace. Raises
    EngineError where the operation does not fit the input, as `plan` does.
    """

    def __init__(self, spec: Operation, input: NDArray[np.generic], out_channel: int = 0) -> None:  # noqa: A002
        cells = checked_input(spec, input, ["height", "width", "in_channels"])
        self.spec = spec
        self.geometry = plan(spec, cells.shape[0], cells.shape[1])
        self.positions = self.geometry.positions
        self._y, self._x = self.geometry.lines
        window = self._y.kernel_size * self._x.kernel_size
        if isinstance(spec, Weighted):
            self.out_channel = whole_number("out_channel", out_channel, 0, spec.out_channels - 1)
            self.columns = _OF_WEIGHTED
            self.first_channel = spec.first_channel(out_channel)
            self.weights = spec.tap_weights[out_channel]
            self.bias = 0.0 if spec.bias is None else float(spec.bias[out_channel])
        else:
            self.out_channel = whole_number("out_channel", out_channel, 0, cells.shape[2] - 1)
            self.columns = _OF_MAX_POOL if isinstance(spec, MaxPool2D) else _OF_AVG_POOL
            self.first_channel = out_channel
            # The sum of an average pool is that of a kernel of ones.
            self.weights = np.ones(window, np.float32)
            self.bias = 0.0
            if isinstance(spec, MaxPool2D) and self._reads_padding() and cells.dtype == np.uint8:
                cells = cells[:, :, out_channel : out_channel + 1].astype(np.float32)
                self.first_channel = 0
        self._divisors = backend.divisors(spec, self.geometry) if isinstance(spec, AvgPool2D) else None
        self.taps = self.weights.size
        self.in_channels = self.taps // window
        self.cells = cells
        self._linear = backend.TraceFiller(
            self._y, self._x, cells, self.first_channel, self.weights, self.bias
        )
        self.window_dtype: np.dtype[np.uint8 | np.float32] = cells.dtype
        single, whole = np.dtype(np.float32), np.dtype(np.int32)
        # Of each column what one position has: its shape and dtype.
        self._rows: dict[Column, tuple[tuple[int, ...], np.dtype[np.generic]]] = {
            "window": ((self.taps,), self.window_dtype),
            "products": ((self.taps,), single),
            "channel_sums": ((self.in_channels,), single),
            "sum": ((), single),
            "output": ((), single),
            "argmax": ((2,), whole),
            "divisor": ((), whole),
        }

    def empty(self, first: int, count: int, columns: Collection[Column] | None = None) -> TraceChunk:
        """A chunk of those columns, all that there are by default, for `fill`; its content is undefined."""
        self._check_range(first, count)
        wanted = self._checked(columns)
        rows = {name: self._rows[name] for name in wanted}
        return TraceChunk(
            first, count, **{name: np.empty((count, *tail), dtype) for name, (tail, dtype) in rows.items()}
        )

    def fill(self, chunk: TraceChunk) -> None:
        """Write the chunk's positions into its arrays, in place.

        They may be views of one buffer, each C-contiguous, writable, aligned to its item and of the shape and
        dtype of `empty`; anything else raises EngineError before a byte is written.
        """
        self._check_range(chunk.first_position, chunk.count)
        self.filler(chunk)(chunk.first_position)

    def filler(self, chunk: TraceChunk) -> Callable[[int], None]:
        """fill(first): positions first..first+chunk.count-1 into the chunk's arrays, again and again.

        The arrays are as for `fill`, and looked at once: many short chunks take half the time. One thread at
        a time may call it.
        """
        whole_number("count", chunk.count, 1, self.positions)
        self._check_arrays(chunk)
        fill = self._max_pool_filler(chunk) if isinstance(self.spec, MaxPool2D) else self._sum_filler(chunk)
        count, last = chunk.count, self.positions - chunk.count
        return lambda first: fill(whole_number("first", first, 0, last), count)

    def chunks(
        self,
        first: int = 0,
        count: int | None = None,
        columns: Collection[Column] | None = None,
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
        wanted = self._checked(columns)
        whole_number("chunk_positions", chunk_positions, 1)

        def produce() -> Iterator[TraceChunk]:
            for start in range(first, stop, chunk_positions):
                chunk = self.empty(start, min(chunk_positions, stop - start), wanted)
                self.fill(chunk)
                yield chunk

        return produce()

    def _check_arrays(self, chunk: TraceChunk) -> None:
        for name in COLUMNS:
            array = getattr(chunk, name)
            if array is None:
                continue
            if name not in self.columns:
                self._checked([name])
            tail, dtype = self._rows[name]
            shape = chunk.count, *tail
            if array.shape != shape or array.dtype != dtype or not array.flags.carray:
                raise EngineError(
                    name,
                    array.shape,
                    f"must be a writable, aligned, C-contiguous {dtype} array of shape {list(shape)}; "
                    f"got {array.dtype} of shape {list(array.shape)}.",
                )

    def _sum_filler(self, chunk: TraceChunk) -> Callable[[int, int], None]:
        """A convolution, or an average pool as a convolution with ones."""
        output, divisor, sums = chunk.output, chunk.divisor, chunk.sum
        if sums is None and output is not None:
            sums = np.empty(chunk.count, np.float32)
        linear = self._linear.bound(chunk.window, chunk.products, chunk.channel_sums, sums)

        def fill_activated(first: int, count: int) -> None:
            linear(first, count)
            if isinstance(self.spec, Weighted) and output is not None and sums is not None:
                activate(sums, self.spec.activation, output)

        def fill_divided(first: int, count: int) -> None:
            linear(first, count)
            y, x = self._coordinates(first, count)
            found = divisors_y[y] * divisors_x[x]
            if divisor is not None:
                divisor[:] = found
            if output is not None and sums is not None:
                output[:] = sums.astype(np.float64) / found

        if self._divisors is not None:
            divisors_y, divisors_x = self._divisors
            return fill_divided
        return linear if output is None else fill_activated

    def _max_pool_filler(self, chunk: TraceChunk) -> Callable[[int, int], None]:
        output, argmax, window = chunk.output, chunk.argmax, chunk.window
        if window is None:
            window = np.empty((chunk.count, self.taps), self.window_dtype)
        linear = self._linear.bound(window, None, None, None)

        def fill(first: int, count: int) -> None:
            linear(first, count)
            y, x = self._coordinates(first, count)
            taps_y, taps_x = self._y.taps(y), self._x.taps(x)
            is_read = (taps_y >= 0)[:, :, np.newaxis] & (taps_x >= 0)[:, np.newaxis, :]
            if not is_read.all():
                window[~is_read.reshape(window.shape)] = -np.inf
            if output is None and argmax is None:
                return
            values, winner = largest(Windows(window.reshape(count, 1, *is_read.shape[1:]), is_read))
            if output is not None:
                output[:] = values[:, 0]
            if argmax is not None:
                kernel_y, kernel_x = np.divmod(winner[:, 0], self._x.kernel_size)
                rows = np.arange(count)
                argmax[:, 0] = taps_y[rows, kernel_y]
                argmax[:, 1] = taps_x[rows, kernel_x]

        return fill

    def _coordinates(self, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        positions = np.arange(first, first + count)
        y, x = np.divmod(positions, self._x.output_size)
        return y, x

    def _reads_padding(self) -> bool:
        return bool((self._y.sources < 0).any() or (self._x.sources < 0).any())

    def _check_range(self, first: int, count: int) -> None:
        whole_number("first", first, 0, self.positions - 1)
        whole_number("count", count, 1, self.positions - first)

    def _checked(self, columns: Collection[Column] | None) -> tuple[Column, ...]:
        """`columns` in the order of COLUMNS, or all that the operation has."""
        if columns is None:
            return self.columns
        unknown = [name for name in columns if name not in self.columns]
        if unknown or not columns or isinstance(columns, str):
            raise EngineError("columns", list(columns), f"must be one or more of {', '.join(self.columns)}.")
        return tuple(name for name in COLUMNS if name in columns)
