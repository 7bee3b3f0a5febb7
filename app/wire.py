"""Trace rows as bytes: an Arrow IPC stream, or JSON Lines.

An encoder knows everything before the first byte: `header`, then `encode(first, count)` for each of `chunks`,
then `end`. A chunk is written into the memory of one that has been sent, so a reader that is slow or
gone costs what is on its way to it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from sys import getrefcount
from typing import Any, Literal, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from app import arrow
from engine.spec import Weighted
from engine.trace import Column, Trace, TraceChunk

ARROW = arrow.MEDIA_TYPE
JSON_LINES = "application/x-ndjson"
JSON_LINES_ALIAS = "application/jsonl"

# Multiply-adds of a chunk: at most so many, some milliseconds, that a stream can be left at any time; and as
# many as take less time than it takes to wake a thread for them.
_MOST_WORK = 1 << 22
_LIGHT_WORK = 1 << 16
_LIGHT_NUMBERS = 1 << 9  # of JSON

# The page's own, and that of the call that counts.
_OWN_REFERENCES = 2


class Encoder(Protocol):
    """Rows of one trace in one format."""

    header: bytes
    end: bytes
    length: int | None

    def broken_off(self, position: int) -> bytes | None:
        """What stands in the place of `end` when rows from `position` on are not sent. None for nothing: the
        connection has to be broken off.
        """

    light: bool
    """A chunk takes less than about 0.1 ms."""

    @property
    def reads(self) -> Sequence[NDArray[Any]]:
        """What has to be there until the end."""

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first position, count) of each chunk, in order."""

    def encode(self, first: int, count: int) -> bytes | memoryview:
        """One chunk. Any thread may call it, but only one at a time."""


class ArrowEncoder:
    """An Arrow IPC stream; the engine writes each column straight into the message's body."""

    end = arrow.END_OF_STREAM

    def __init__(
        self,
        trace: Trace,
        first: int,
        count: int,
        columns: tuple[Column, ...],
        chunk_bytes: int,
        metadata: Mapping[str, str],
        pages: "Pages | None" = None,
    ) -> None:
        """pages: those of the trace, which only light chunks are written into, all in one thread."""
        self._trace = trace
        self.reads = (trace.cells,)
        pages = Pages() if pages is None else pages
        self._columns, row_bytes = pages.layout(trace, columns)
        self._first, self._stop = first, first + count
        self._step = min(count, max(1, min(chunk_bytes // row_bytes, _MOST_WORK // trace.taps)))
        # A pool's winners and divisors are looked for by NumPy, many times slower.
        self.light = isinstance(trace.spec, Weighted) and self._step * trace.taps <= _LIGHT_WORK
        self._pages = pages if self.light else Pages()
        self.header = _header(self._columns, tuple(metadata.items()), first, count)
        full, rest = divmod(count, self._step)
        batches = full * arrow.batch_bytes(self._columns, self._step)
        batches += arrow.batch_bytes(self._columns, rest) if rest else 0
        self.length: int | None = len(self.header) + batches + len(self.end)

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        return _ranges(self._first, self._stop, self._step)

    def broken_off(self, position: int) -> None:  # noqa: ARG002
        """An Arrow stream has but one end, and its length was announced. Batches that were sent are whole."""
        return

    def encode(self, first: int, count: int) -> memoryview:
        page = self._pages.free(self._trace, self._columns, count)
        page.fill(first)
        return page.message.data


class _Page:
    """A record batch that is filled again and again: to make it takes as long as to fill it."""

    def __init__(self, trace: Trace, columns: Sequence[arrow.Column], count: int) -> None:
        self.columns, self.count = columns, count
        self.message, arrays = arrow.batch(columns, count)
        self.fill = trace.filler(TraceChunk(0, count, **arrays))

    def is_free(self) -> bool:
        """Whether nobody has what it held before: neither the transport nor anything on the way there."""
        return getrefcount(self.message) == _OWN_REFERENCES


class Pages:
    """What streams of one trace have in common: how they are laid out, and the last two batches that were
    written, those for one thread at a time.
    """

    def __init__(self) -> None:
        self._kept: list[_Page] = []
        self._layouts: dict[tuple[Column, ...], tuple[tuple[arrow.Column, ...], int]] = {}

    def layout(self, trace: Trace, names: tuple[Column, ...]) -> tuple[tuple[arrow.Column, ...], int]:
        """The columns of these names, and the bytes of a row of them."""
        found = self._layouts.get(names)
        if found is None:
            columns = _arrow_columns(
                tuple((name, _dtype(trace, name), tuple(_axes(trace, name).items())) for name in names)
            )
            found = columns, sum(column.row_bytes() for column in columns)
            self._layouts[names] = found
        return found

    def free(self, trace: Trace, columns: Sequence[arrow.Column], count: int) -> _Page:
        """One to write into."""
        for page in self._kept:
            if page.count == count and page.columns == columns and page.is_free():
                return page
        page = _Page(trace, columns, count)
        self._kept = [*self._kept[-1:], page]
        return page


class JsonLinesEncoder:
    """One JSON object a position, then {"end": true, "next": N}. Numbers are the exact float32 values."""

    header = b""
    length: int | None = None

    def __init__(
        self, trace: Trace, first: int, count: int, columns: Sequence[Column], chunk_bytes: int
    ) -> None:
        self._trace = trace
        self.reads = (trace.cells,)
        self._columns = tuple(columns)
        numbers = sum(prod(_axes(trace, column).values()) for column in columns)
        self._first, self._stop = first, first + count
        self._step = min(count, max(1, min(chunk_bytes // (8 * numbers + 64), _MOST_WORK // trace.taps)))
        self.light = isinstance(trace.spec, Weighted) and self._step * numbers <= _LIGHT_NUMBERS
        self.end = orjson.dumps({"end": True, "next": self._stop}) + b"\n"

    @property
    def chunks(self) -> Iterator[tuple[int, int]]:
        return _ranges(self._first, self._stop, self._step)

    def broken_off(self, position: int) -> bytes:
        """As `end`, but false, and with the reason."""
        reason = {"end": False, "next": position, "status": 503, "detail": "The server is stopping."}
        return orjson.dumps(reason) + b"\n"

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


def _axes(trace: Trace, column: Column) -> dict[str, int]:
    """What the numbers of one row are numbered by, and how many there are of each; nothing for one number."""
    match column:
        case "window" | "products":
            y, x = trace.geometry.y, trace.geometry.x
            return {"channel": trace.in_channels, "kernel_y": y.kernel_size, "kernel_x": x.kernel_size}
        case "channel_sums":
            return {"channel": trace.in_channels}
        case "argmax":
            return {"coordinate": 2}
        case "sum" | "output" | "divisor":
            return {}


def _dtype(trace: Trace, column: Column) -> Literal["uint8", "int32", "float32"]:
    match column:
        case "window":
            return "uint8" if trace.window_dtype == "uint8" else "float32"
        case "argmax" | "divisor":
            return "int32"
        case _:
            return "float32"


@lru_cache(maxsize=512)
def _arrow_columns(
    named: tuple[tuple[Column, Literal["uint8", "int32", "float32"], tuple[tuple[str, int], ...]], ...],
) -> tuple[arrow.Column, ...]:
    """Of each name, dtype and axes; the metadata says how to give the numbers of a row their shape."""
    columns = []
    for name, dtype, axes in named:
        names, shape = [axis for axis, _ in axes], [size for _, size in axes]
        metadata = ("axes", json.dumps(names)), ("shape", json.dumps(shape))
        columns.append(
            arrow.Column(name, dtype, prod(shape), metadata) if axes else arrow.Column(name, dtype)
        )
    return tuple(columns)


def _header(
    columns: tuple[arrow.Column, ...], metadata: tuple[tuple[str, str], ...], first: int, count: int
) -> bytes:
    """The schema with its metadata, and with `first_position` and `count` in it."""
    numbers = str(first).encode(), str(count).encode()
    template, places = _header_template(columns, metadata, len(numbers[0]), len(numbers[1]))
    message = bytearray(template)
    for place, number in zip(places, numbers, strict=True):
        message[place : place + len(number)] = number
    return bytes(message)


# Of a classroom in which everybody has an own trace.
@lru_cache(maxsize=4096)
def _header_template(
    columns: tuple[arrow.Column, ...], metadata: tuple[tuple[str, str], ...], *digits: int
) -> tuple[bytes, tuple[int, ...]]:
    """The header for numbers of so many digits, and where in it their digits are.

    Every request has other numbers, and to write a schema takes ten times as long as to fill in a chunk. Two
    with other digits show where they are.
    """

    def written(*marks: str) -> bytes:
        texts = (mark * length for mark, length in zip(marks, digits, strict=True))
        asked = dict(zip(("first_position", "count"), texts, strict=True))
        return arrow.schema_message(columns, dict(metadata) | asked)

    template, other = written("1", "1"), written("2", "3")
    one, two = np.frombuffer(template, np.uint8), np.frombuffer(other, np.uint8)
    changed = (two * (one != two)).tobytes()
    return template, (changed.index(b"2"), changed.index(b"3"))
