"""Trace rows as bytes: an Arrow IPC stream, or JSON Lines.

An encoder knows everything before the first byte: `header`, then `encode(first, count)` for each of `chunks`,
then `end`. Encoding keeps nothing, so a reader that is slow or gone costs one chunk.
"""

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import nanoarrow
import numpy as np
import orjson
from nanoarrow.ipc import StreamWriter

from engine.trace import Column, Trace, TraceChunk

ARROW = "application/vnd.apache.arrow.stream"
JSON_LINES = "application/x-ndjson"
JSON_LINES_ALIAS = "application/jsonl"

_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_SCALARS: frozenset[Column] = frozenset({"sum", "output", "divisor"})
_ARROW_TYPES = {"uint8": nanoarrow.uint8, "int32": nanoarrow.int32, "float32": nanoarrow.float32}
_PREFIX = struct.Struct("<Ii")  # continuation marker, metadata length


class Encoder(Protocol):
    """Rows of one trace in one format."""

    header: bytes
    end: bytes
    length: int | None

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first position, count) of each chunk, in order."""

    def encode(self, first: int, count: int) -> bytes:
        """One chunk. Any thread may call it, but only one at a time."""


@dataclass(frozen=True)
class _Rows:
    """What every row of a stream has in common; hashable, so that message frames are built once."""

    taps: int
    in_channels: int
    window_dtype: str
    columns: tuple[Column, ...]

    def width(self, column: Column) -> int:
        """Numbers a row has in `column`."""
        match column:
            case "window" | "products":
                return self.taps
            case "channel_sums":
                return self.in_channels
            case "argmax":
                return 2
            case "sum" | "output" | "divisor":
                return 1

    def dtype(self, column: Column) -> np.dtype[Any]:
        match column:
            case "window":
                return np.dtype(self.window_dtype)
            case "argmax" | "divisor":
                return np.dtype(np.int32)
            case _:
                return np.dtype(np.float32)

    def bytes(self) -> int:
        return sum(self.width(column) * self.dtype(column).itemsize for column in self.columns)


@dataclass(frozen=True)
class _Frame:
    """A record batch message of a known number of rows: everything but the numbers."""

    message: bytes
    offsets: Mapping[Column, int]


class ArrowEncoder:
    """An Arrow IPC stream; the engine writes each column straight into the message's body."""

    end = _END_OF_STREAM

    def __init__(
        self,
        trace: Trace,
        first: int,
        count: int,
        columns: Sequence[Column],
        chunk_bytes: int,
        metadata: Mapping[str, str],
    ) -> None:
        self._trace = trace
        self._rows = _Rows(trace.taps, trace.in_channels, trace.window_dtype.name, tuple(columns))
        self._first, self._stop = first, first + count
        self._step = min(count, max(1, chunk_bytes // self._rows.bytes()))
        # Reused: bytes() below is the only copy a chunk is given.
        self._buffers: dict[int, tuple[np.ndarray[Any, np.dtype[np.uint8]], dict[str, Any]]] = {}
        self.header = _schema_message(self._rows, metadata)
        full, rest = divmod(count, self._step)
        self.length: int | None = len(self.header) + full * len(_frame(self._rows, self._step).message)
        self.length += len(_frame(self._rows, rest).message) if rest else 0
        self.length += len(self.end)

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        return _ranges(self._first, self._stop, self._step)

    def encode(self, first: int, count: int) -> bytes:
        if count not in self._buffers:
            self._buffers[count] = self._buffer(count)
        buffer, arrays = self._buffers[count]
        self._trace.fill(TraceChunk(first, count, **arrays))
        return buffer.tobytes()

    def _buffer(self, count: int) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], dict[str, Any]]:
        frame = _frame(self._rows, count)
        buffer = np.frombuffer(frame.message, np.uint8).copy()
        arrays: dict[str, Any] = {}
        for column, offset in frame.offsets.items():
            numbers = count * self._rows.width(column)
            dtype = self._rows.dtype(column)
            flat = buffer[offset : offset + numbers * dtype.itemsize].view(dtype)
            arrays[column] = flat if column in _SCALARS else flat.reshape(count, -1)
        return buffer, arrays


class JsonLinesEncoder:
    """One JSON object a position, then {"end": true, "next": N}. Numbers are the exact float32 values."""

    header = b""
    length: int | None = None

    def __init__(
        self, trace: Trace, first: int, count: int, columns: Sequence[Column], chunk_bytes: int
    ) -> None:
        self._trace = trace
        self._columns = tuple(columns)
        rows = _Rows(trace.taps, trace.in_channels, trace.window_dtype.name, self._columns)
        digits = sum(rows.width(column) for column in columns)
        self._first, self._stop = first, first + count
        self._step = max(1, chunk_bytes // (8 * digits + 64))
        self.end = orjson.dumps({"end": True, "next": self._stop}) + b"\n"

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        return _ranges(self._first, self._stop, self._step)

    def encode(self, first: int, count: int) -> bytes:
        chunk = self._trace.empty(first, count, self._columns)
        self._trace.fill(chunk)
        named = [(name, _as_written(getattr(chunk, name))) for name in self._columns]
        lines = [
            orjson.dumps(
                {"position": first + row, **{name: values[row] for name, values in named}},
                option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE,
            )
            for row in range(count)
        ]
        return b"".join(lines)


def _as_written(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """float32 as float64: orjson writes a float32 with just the digits that tell it from its float32
    neighbours, and a reader who adds those up as doubles would not arrive at our sum.
    """
    return values.astype(np.float64) if values.dtype == np.float32 else values


def _ranges(first: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    return ((start, min(step, stop - start)) for start in range(first, stop, step))


def _schema_message(rows: _Rows, metadata: Mapping[str, str]) -> bytes:
    schema = nanoarrow.c_schema(_arrow_type(rows)).modify(metadata=dict(metadata))
    stream = _written(schema, rows, 0)
    return stream[: _message_length(stream)]


@lru_cache(maxsize=256)
def _frame(rows: _Rows, count: int) -> _Frame:
    """The frame for `count` rows, as nanoarrow writes it; marks in the columns say where each one lies."""
    stream = _written(nanoarrow.c_schema(_arrow_type(rows)), rows, count)
    message = stream[_message_length(stream) :]
    metadata_length = _message_length(message)
    body = message[metadata_length:]
    offsets = {
        column: metadata_length + body.index(bytes([mark]))
        for mark, column in enumerate(rows.columns, start=1)
    }
    return _Frame(message, offsets)


def _written(schema: Any, rows: _Rows, count: int) -> bytes:
    """A stream of the schema and one batch, without its end; column k holds the byte k throughout."""
    columns = []
    for mark, column in enumerate(rows.columns, start=1):
        numbers = count * rows.width(column)
        marked = np.full(numbers * rows.dtype(column).itemsize, mark, np.uint8).view(rows.dtype(column))
        values = nanoarrow.c_array_from_buffers(_item_type(rows, column), numbers, [None, marked])
        columns.append(
            values
            if column in _SCALARS
            else nanoarrow.c_array_from_buffers(_column_type(rows, column), count, [None], children=[values])
        )
    sink = io.BytesIO()
    writer = StreamWriter.from_writable(sink)
    writer.write_array(nanoarrow.c_array_from_buffers(schema, count, [None], children=columns))
    return sink.getvalue()


def _message_length(stream: bytes) -> int:
    """Length of the first message's metadata, its prefix included; a schema message is nothing else."""
    _, metadata = _PREFIX.unpack_from(stream)
    return _PREFIX.size + int(metadata)


def _arrow_type(rows: _Rows) -> Any:
    return nanoarrow.struct({column: _column_type(rows, column) for column in rows.columns}, nullable=False)


def _column_type(rows: _Rows, column: Column) -> Any:
    item = _item_type(rows, column)
    return item if column in _SCALARS else nanoarrow.fixed_size_list(item, rows.width(column), nullable=False)


def _item_type(rows: _Rows, column: Column) -> Any:
    return _ARROW_TYPES[rows.dtype(column).name](nullable=False)
