"""Arrow IPC streams whose columns are numbers, or lists of as many numbers in every row, and never null.

What surrounds the numbers of a record batch is the same for every batch of as many rows. nanoarrow writes it
once; after that a batch is a copy of it with other numbers in it.
"""

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import nanoarrow
import numpy as np
from nanoarrow.ipc import StreamWriter
from numpy.typing import NDArray

MEDIA_TYPE = "application/vnd.apache.arrow.stream"
END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"

_TYPES = {"uint8": nanoarrow.uint8, "int32": nanoarrow.int32, "float32": nanoarrow.float32}
_PREFIX = struct.Struct("<Ii")  # continuation marker, metadata length
_PADDING = 64  # no column begins later than so many bytes after the one before it


class Column(NamedTuple):
    """A column; `width` is how many numbers the list in each row has, None where it is a number."""

    name: str
    dtype: Literal["uint8", "int32", "float32"]
    width: int | None = None

    def row_bytes(self) -> int:
        return (1 if self.width is None else self.width) * np.dtype(self.dtype).itemsize


class Batch(NamedTuple):
    """A record batch message to write into: `columns` are views of `message`, [rows] or [rows, width]."""

    message: NDArray[np.uint8]
    columns: Mapping[str, NDArray[Any]]


def schema_message(columns: Sequence[Column], metadata: Mapping[str, str]) -> bytes:
    """What a stream begins with."""
    stream = _written(nanoarrow.c_schema(_schema(columns)).modify(metadata=dict(metadata)), columns, 0)
    return stream[: _message_length(stream)]


def batch(columns: Sequence[Column], rows: int) -> Batch:
    """A batch of at least one row; what is in it is undefined."""
    stream = _written(nanoarrow.c_schema(_schema(columns)), columns, rows)
    start = _message_length(stream)
    message = np.frombuffer(stream, np.uint8)[start:].copy()
    at = _message_length(stream[start : start + _PREFIX.size])
    views: dict[str, NDArray[Any]] = {}
    for mark, column in enumerate(columns, start=1):
        at += int(np.argmax(message[at : at + _PADDING] == mark))
        size = rows * column.row_bytes()
        flat = message[at : at + size].view(column.dtype)
        views[column.name] = flat if column.width is None else flat.reshape(rows, column.width)
        at += size
    return Batch(message, views)


def _written(schema: Any, columns: Sequence[Column], rows: int) -> bytes:
    """The schema and one batch, without the stream's end; the bytes of column k are all k, counted from 1."""
    children = []
    for mark, column in enumerate(columns, start=1):
        marked = np.full(rows * column.row_bytes(), mark, np.uint8).view(column.dtype)
        item = _TYPES[column.dtype](nullable=False)
        values = nanoarrow.c_array_from_buffers(item, len(marked), [None, marked])
        if column.width is not None:
            values = nanoarrow.c_array_from_buffers(_type(column), rows, [None], children=[values])
        children.append(values)
    sink = io.BytesIO()
    writer = StreamWriter.from_writable(sink)
    writer.write_array(nanoarrow.c_array_from_buffers(schema, rows, [None], children=children))
    return sink.getvalue()


def _message_length(stream: bytes) -> int:
    """Length of the first message's metadata, its prefix included; a schema message is nothing else."""
    _, metadata = _PREFIX.unpack_from(stream)
    return _PREFIX.size + int(metadata)


def _schema(columns: Sequence[Column]) -> Any:
    return nanoarrow.struct({column.name: _type(column) for column in columns}, nullable=False)


def _type(column: Column) -> Any:
    item = _TYPES[column.dtype](nullable=False)
    return item if column.width is None else nanoarrow.fixed_size_list(item, column.width, nullable=False)
