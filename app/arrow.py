"""Arrow IPC streams whose columns are numbers, or lists of as many numbers in every row, and never null.

What surrounds the numbers of a record batch is the same for every batch of as many rows. nanoarrow writes it
once; after that a batch is a copy of it with other numbers in it.
"""

import io
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
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
    """A column; `width` is how many numbers the list in each row has, None where it is a number.

    metadata: of the column's field in the schema.
    """

    name: str
    dtype: Literal["uint8", "int32", "float32"]
    width: int | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    def row_bytes(self) -> int:
        return (1 if self.width is None else self.width) * np.dtype(self.dtype).itemsize


class Batch(NamedTuple):
    """A record batch message to write into: `columns` are views of its memory, [rows] or [rows, width].

    Nothing refers to `message` itself but who reads it.
    """

    message: NDArray[np.uint8]
    columns: Mapping[str, NDArray[Any]]


class _Frame(NamedTuple):
    """A record batch message of a known number of rows: everything but the numbers."""

    prefix: bytes
    length: int
    offsets: tuple[int, ...]


def schema_message(columns: Sequence[Column], metadata: Mapping[str, str]) -> bytes:
    """What a stream begins with."""
    stream = _written(_schema(tuple(columns)).modify(metadata=dict(metadata)), columns, 0)
    return stream[: _message_length(stream)]


def batch_bytes(columns: Sequence[Column], rows: int) -> int:
    """Length of the message of a batch."""
    return _frame(tuple(columns), rows).length


def batch(columns: Sequence[Column], rows: int) -> Batch:
    """A batch of at least one row, all zeros."""
    frame = _frame(tuple(columns), rows)
    message = np.zeros(frame.length, np.uint8)
    message[: len(frame.prefix)] = np.frombuffer(frame.prefix, np.uint8)
    views: dict[str, NDArray[Any]] = {}
    for column, offset in zip(columns, frame.offsets, strict=True):
        flat = message[offset : offset + rows * column.row_bytes()].view(column.dtype)
        views[column.name] = flat if column.width is None else flat.reshape(rows, column.width)
    return Batch(message.view(), views)


@lru_cache(maxsize=512)
def _frame(columns: tuple[Column, ...], rows: int) -> _Frame:
    """As nanoarrow writes it; marks in the columns say where each one lies."""
    stream = _written(_schema(columns), columns, rows)
    message = memoryview(stream)[_message_length(stream) :]
    at = _message_length(message)
    prefix, offsets = bytes(message[:at]), []
    for mark, column in enumerate(columns, start=1):
        at += bytes(message[at : at + _PADDING]).index(mark)
        offsets.append(at)
        at += rows * column.row_bytes()
    return _Frame(prefix, len(message), tuple(offsets))


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


def _message_length(stream: bytes | memoryview) -> int:
    """Length of the first message's metadata, its prefix included; a schema message is nothing else."""
    _, metadata = _PREFIX.unpack_from(stream)
    return _PREFIX.size + int(metadata)


@lru_cache(maxsize=512)
def _schema(columns: tuple[Column, ...]) -> Any:
    types = {column.name: nanoarrow.c_schema(_type(column)) for column in columns}
    fields = [
        types[column.name].modify(name=column.name, metadata=dict(column.metadata) or None)
        for column in columns
    ]
    return nanoarrow.c_schema(nanoarrow.struct(types, nullable=False)).modify(children=fields)


def _type(column: Column) -> Any:
    item = _TYPES[column.dtype](nullable=False)
    return item if column.width is None else nanoarrow.fixed_size_list(item, column.width, nullable=False)
