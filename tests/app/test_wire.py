"""Trace rows as bytes: what pyarrow and json read is what NumPy computes."""

import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.wire import ArrowEncoder, Encoder, JsonLinesEncoder
from engine.spec import Conv2D
from engine.trace import Column, Trace
from tests.app import oracle

Array = NDArray[Any]
COLUMNS: tuple[Column, ...] = ("window", "products", "channel_sums", "sum")


def written(encoder: Encoder) -> bytes:
    body = encoder.header + b"".join(encoder.encode(*chunk) for chunk in encoder.chunks) + encoder.end
    assert encoder.length in (None, len(body))
    return body


def expected_rows(
    image: Array, kernel: Array, bias: Array, strides: Any, out_channel: int
) -> dict[str, Array]:
    """The columns of a VALID trace, float32 as the engine promises them."""
    window = oracle.windows(image, *kernel.shape[:2], strides, (1, 1), ((0, 0), (0, 0)))
    weights = oracle.tap_weights(kernel)[:, out_channel].astype(np.float32)
    products = window.astype(np.float32) * weights
    per_channel = products.reshape(len(window), image.shape[2], -1)
    return {
        "window": window,
        "products": products,
        "channel_sums": oracle.left_fold(per_channel).astype(np.float32),
        "sum": (oracle.left_fold(products) + bias[out_channel]).astype(np.float32),
    }


def read_arrow(body: bytes) -> tuple[pa.Schema, dict[str, Array]]:
    reader = pa.ipc.open_stream(io.BytesIO(body))
    table = reader.read_all().combine_chunks()
    table.validate(full=True)
    columns = {}
    for name in table.column_names:
        column = table[name].chunk(0)
        flat = column if name == "sum" else column.flatten()
        columns[name] = np.asarray(flat).reshape(table.num_rows, -1).squeeze(axis=-1 if name == "sum" else ())
    return table.schema, columns


@settings(deadline=None, max_examples=60)
@given(
    dtype=st.sampled_from([np.uint8, np.float32]),
    size=st.tuples(st.integers(3, 8), st.integers(4, 9), st.integers(1, 4)),
    kernel_size=st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 2), st.integers(1, 3)),
    columns=st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True).map(
        lambda chosen: tuple(name for name in COLUMNS if name in chosen)
    ),
    chunk_bytes=st.integers(1, 5000),
    slice_of=st.tuples(st.floats(0, 0.99), st.floats(0, 1)),
    seed=st.integers(0, 99),
)
def test_both_formats_against_numpy(
    dtype: Any,
    size: Any,
    kernel_size: Any,
    strides: Any,
    columns: tuple[Column, ...],
    chunk_bytes: int,
    slice_of: tuple[float, float],
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    image = (random.random(size) * 200).astype(dtype)
    kernel = random.normal(size=(*kernel_size[:2], size[2], kernel_size[2])).astype(np.float32)
    bias = random.normal(size=kernel_size[2]).astype(np.float32)
    out_channel = kernel_size[2] - 1
    trace = Trace(Conv2D(kernel, bias, strides, (1, 1), "VALID"), image, out_channel)
    first = int(slice_of[0] * trace.positions)
    count = max(1, int(slice_of[1] * (trace.positions - first)))
    rows = expected_rows(image, kernel, bias, strides, out_channel)

    schema, found = read_arrow(written(ArrowEncoder(trace, first, count, columns, chunk_bytes, {"a": "b"})))
    assert schema.metadata == {b"a": b"b", b"first_position": b"%d" % first, b"count": b"%d" % count}
    assert schema.names == list(columns)
    for name in columns:
        assert found[name].dtype == (dtype if name == "window" else np.float32)
        assert np.array_equal(found[name], rows[name][first : first + count]), name

    lines = written(JsonLinesEncoder(trace, first, count, columns, chunk_bytes)).splitlines()
    read = [json.loads(line) for line in lines]
    assert read.pop() == {"end": True, "next": first + count}
    assert [row.pop("position") for row in read] == list(range(first, first + count))
    for offset, row in enumerate(read):
        assert list(row) == list(columns)
        for name in columns:
            assert np.array_equal(row[name], rows[name][first + offset].astype(np.float64)), name


def test_no_field_may_be_null() -> None:
    trace = Trace(Conv2D(np.ones((2, 3, 1, 1))), np.ones((4, 5, 1), np.uint8))
    schema, _ = read_arrow(written(ArrowEncoder(trace, 0, 20, COLUMNS, 100, {})))
    assert schema == pa.schema(
        [
            pa.field("window", pa.list_(pa.field("item", pa.uint8(), nullable=False), 6), nullable=False),
            pa.field("products", pa.list_(pa.field("item", pa.float32(), nullable=False), 6), nullable=False),
            pa.field(
                "channel_sums", pa.list_(pa.field("item", pa.float32(), nullable=False), 1), nullable=False
            ),
            pa.field("sum", pa.float32(), nullable=False),
        ]
    )


@pytest.mark.parametrize("chunk_bytes", [8 * 1024, 64 * 1024])
@pytest.mark.parametrize("make", [ArrowEncoder, JsonLinesEncoder])
def test_chunks_are_about_as_large_as_asked(make: Any, chunk_bytes: int) -> None:
    image = np.random.default_rng(3).integers(0, 256, (60, 70, 3), dtype=np.uint8)
    trace = Trace(Conv2D(np.ones((3, 3, 3, 1))), image)
    metadata = [{}] if make is ArrowEncoder else []
    encoder = make(trace, 0, trace.positions, COLUMNS, chunk_bytes, *metadata)
    sizes = [len(encoder.encode(*chunk)) for chunk in encoder.chunks]
    assert all(chunk_bytes / 3 < size < chunk_bytes * 1.6 + 1000 for size in sizes[:-1])
    assert len(sizes) > 5


def test_a_chunk_is_not_changed_by_the_next_one() -> None:
    trace = Trace(Conv2D(np.ones((1, 1, 1, 1))), np.arange(12, dtype=np.float32).reshape(3, 4, 1))
    encoder = ArrowEncoder(trace, 0, 12, ("sum",), 16, {})
    chunks = [encoder.encode(*chunk) for chunk in encoder.chunks]
    assert len(chunks) == 3
    _, found = read_arrow(encoder.header + b"".join(chunks) + encoder.end)
    assert found["sum"].tolist() == list(range(12))


def test_memory_is_used_again_when_nobody_has_any_of_it() -> None:
    trace = Trace(Conv2D(np.ones((1, 1, 1, 1))), np.arange(12, dtype=np.float32).reshape(3, 4, 1))
    encoder = ArrowEncoder(trace, 0, 12, ("sum",), 16, {})

    def address(first: int) -> int:
        return np.frombuffer(encoder.encode(first, 4), np.uint8).ctypes.data

    whole = encoder.encode(0, 4)
    held, before = whole[-16:-8], bytes(whole)
    del whole
    first = address(4)
    assert address(8) == first
    assert bytes(held) == before[-16:-8]
    assert first != np.frombuffer(held, np.uint8).ctypes.data - len(before) + 16
    del held
    assert len({first, address(0), address(4)}) <= 2
