"""A computed output as a table: one row an output cell, in an Arrow stream."""

from collections.abc import Iterator, Mapping

import numpy as np

from app import arrow
from app.arrays import Array


class OutputTable:
    """An output [batch, height, width, channels], and of a max pool its argmax, as an encoder of app.wire.

    Rows are batch-major, then row-major. A chunk is made when the one before has been taken.
    """

    end = arrow.END_OF_STREAM
    light = False

    def __init__(
        self, output: Array, argmax: Array | None, chunk_bytes: int, metadata: Mapping[str, str]
    ) -> None:
        batch, self._height, self._width, channels = output.shape
        self._lists = {"output": output}
        columns = [arrow.Column(name, "int32") for name in ("batch", "y", "x")]
        columns.append(arrow.Column("output", "float32", channels))
        if argmax is not None:
            self._lists["argmax"] = argmax
            columns.append(arrow.Column("argmax", "int32", 2 * channels))
        self.reads = tuple(self._lists.values())
        self._rows = batch * self._height * self._width
        self._step = min(self._rows, max(1, chunk_bytes // sum(column.row_bytes() for column in columns)))
        full, rest = divmod(self._rows, self._step)
        # Written into again and again: tobytes() below is the only copy a chunk is given.
        self._batches = {count: arrow.batch(columns, count) for count in {self._step, rest} - {0}}
        self.header = arrow.schema_message(columns, metadata)
        self.length: int | None = len(self.header) + full * len(self._batches[self._step].message)
        self.length += len(self._batches[rest].message) if rest else 0
        self.length += len(self.end)

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first row, count) of each chunk, in order."""
        starts = range(0, self._rows, self._step)
        return ((start, min(self._step, self._rows - start)) for start in starts)

    def broken_off(self, row: int) -> None:  # noqa: ARG002
        """The stream has but one end, as that of a trace."""
        return

    def encode(self, first: int, count: int) -> bytes:
        """One chunk. Any thread may call it, but only one at a time."""
        message, columns = self._batches[count]
        # NumPy's divmod takes four times as long.
        rows = np.arange(first, first + count, dtype=np.int32)
        lines = rows // self._width
        items = lines // self._height
        columns["batch"][:] = items
        columns["y"][:] = lines - items * self._height
        columns["x"][:] = rows - lines * self._width
        cells = columns["batch"], columns["y"], columns["x"]
        for name, values in self._lists.items():
            columns[name][:] = values[cells].reshape(count, -1)
        return message.tobytes()
