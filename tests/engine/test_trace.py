"""Windows, products and sums: to the last bit, from anywhere, into anything."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import backend, ops, reference
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import Conv2D
from engine.trace import COLUMNS, Column, Trace, TraceChunk
from tests.engine import naive
from tests.engine.cases import CASES, Case


def written_out(spec: Conv2D, cells: naive.Array, out_channel: int) -> dict[Column, naive.Array]:
    """Every column of every position, one scalar operation at a time."""
    rows, columns = naive.axis_taps(spec, cells.shape[0], 0), naive.axis_taps(spec, cells.shape[1], 1)
    bias = 0.0 if spec.bias is None else float(spec.bias[out_channel])
    windows, products, channel_sums, sums = [], [], [], []
    for y, x in np.ndindex(len(rows), len(columns)):
        pairs = list(naive.terms(spec, cells, rows[y], columns[x], out_channel))
        windows.append([cell for cell, _ in pairs])
        products.append([np.float32(cell) * np.float32(weight) for cell, weight in pairs])
        total = 0.0
        parts = [0.0] * spec.in_channels
        for tap, product in enumerate(products[-1]):
            total += float(product)
            parts[tap * spec.in_channels // spec.taps] += float(product)
        channel_sums.append(np.array(parts).astype(np.float32))
        sums.append(np.float32(total + bias))
    return {
        "window": np.array(windows).astype(cells.dtype),
        "products": np.array(products),
        "channel_sums": np.array(channel_sums),
        "sum": np.array(sums),
    }


def assert_same(chunk: TraceChunk, expected: dict[Column, naive.Array], columns: Any = COLUMNS) -> None:
    here = slice(chunk.first_position, chunk.first_position + chunk.count)
    for name in COLUMNS:
        array = getattr(chunk, name)
        if name in columns:
            np.testing.assert_array_equal(array, expected[name][here], strict=True)
        else:
            assert array is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trace_is_what_is_written_out(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=False), case.input(case.small, integers=False)[-1]
    out_channel = spec.out_channels - 1
    trace = Trace(spec, cells, out_channel)
    expected = written_out(spec, cells, out_channel)
    assert trace.positions == len(expected["sum"])
    for chunk_positions in (trace.positions, max(1, trace.positions // 3), 7):
        chunks = list(trace.chunks(chunk_positions=chunk_positions))
        for chunk in chunks:
            assert_same(chunk, expected)
        assert [chunk.first_position for chunk in chunks] == list(range(0, trace.positions, chunk_positions))
        assert sum(chunk.count for chunk in chunks) == trace.positions


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_compiled_is_the_reference_to_the_last_bit(data: st.DataObject) -> None:
    backend.warm()
    draw = data.draw
    small = st.integers(1, 4)
    kernel_shape = draw(st.tuples(small, small, st.integers(1, 5), st.just(1)))
    size = draw(st.tuples(st.integers(1, 15), st.integers(1, 15)))
    pads = st.tuples(st.integers(0, 7), st.integers(0, 7))
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    spec = Conv2D(
        source.standard_normal(kernel_shape),
        draw(st.none() | st.just(source.standard_normal(1))),
        draw(st.tuples(st.integers(1, 6), st.integers(1, 6))),
        draw(st.tuples(small, small)),
        draw(st.sampled_from(["SAME", "SAME_LOWER", "VALID", "FULL"]) | st.tuples(pads, pads)),
    )
    cells: naive.Array = source.integers(0, 256, (*size, kernel_shape[2]), dtype=np.uint8)
    if draw(st.booleans()):
        cells = source.standard_normal(cells.shape, dtype=np.float32)
    try:
        geometry = plan(spec, *size)
    except EngineError:
        assume(False)
    trace = Trace(spec, cells)
    first = draw(st.integers(0, trace.positions - 1))
    count = draw(st.integers(1, trace.positions - first))
    columns = draw(st.sets(st.sampled_from(COLUMNS), min_size=1))
    expected, chunk = trace.empty(first, count), trace.empty(first, count, columns)
    trace.fill(chunk)
    reference.fill_trace(
        geometry,
        cells,
        trace.weights,
        trace.bias,
        first,
        count,
        expected.window,
        expected.products,
        expected.channel_sums,
        expected.sum,
    )
    for name in columns:
        np.testing.assert_array_equal(getattr(chunk, name), getattr(expected, name), strict=True)


def test_the_sum_is_the_left_fold_and_not_the_pairwise_sum(arithmetic: str) -> None:
    # In float64, 1 is lost beside 1e17: only the order of addition decides whether the last ones survive.
    products = np.array([1e17, 1.0, -1e17, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0], np.float32)
    kernel = products[[0, 3, 6, 1, 4, 7, 2, 5, 8]].reshape(3, 3).T.reshape(3, 3, 1, 1)
    trace = Trace(Conv2D(kernel, padding="VALID"), np.ones((3, 3, 1), np.uint8))
    chunk = next(trace.chunks())
    assert chunk.products is not None
    assert chunk.sum is not None
    assert chunk.products[0].tolist() == products.tolist()
    fold = 0.0
    for product in products.tolist():
        fold += product
    pairwise_sum = products.astype(np.float64).sum()
    assert fold == 8.0
    assert fold != pairwise_sum
    assert chunk.sum[0] == fold
    assert trace.explain(0).taps[-1].partial_sum == fold


def test_what_is_shown_adds_up_where_numpy_would_not() -> None:
    """Of nine-term sums of ordinary fractions, NumPy's float32 sum often misses the displayed one."""
    backend.warm()
    source = np.random.default_rng(5)
    trace = Trace(Conv2D(source.standard_normal((3, 3, 1, 1))), source.random((30, 40, 1), np.float32))
    chunk = next(trace.chunks(chunk_positions=1200))
    assert chunk.products is not None
    assert chunk.sum is not None
    missed = 0
    for products, shown in zip(chunk.products, chunk.sum, strict=True):
        fold = 0.0
        for product in products.tolist():
            fold += product
        assert np.float32(fold) == shown
        missed += products.sum() != shown
    assert missed > 100


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_chunks_are_written_into_views_of_one_buffer(dtype: str, arithmetic: str) -> None:
    source = np.random.default_rng(5)
    spec = Conv2D(source.standard_normal((2, 3, 3, 2)), [1, -2], strides=(1, 2))
    cells = source.integers(0, 256, (8, 9, 3)).astype(dtype)
    trace = Trace(spec, cells, 1)
    expected = written_out(spec, cells, 1)
    count = 17
    itemsize = trace.window_dtype.itemsize
    lengths = [
        count * trace.taps * itemsize,
        count * trace.taps * 4,
        count * trace.in_channels * 4,
        count * 4,
    ]
    starts = [8]
    for length in lengths:
        starts.append(starts[-1] + (length + 7) // 8 * 8 + 8)
    buffer = bytearray(b"\xa5" * starts[-1])
    views = [
        np.frombuffer(buffer, np.uint8)[start : start + length].view(
            dtype if name == "window" else np.float32
        )
        for name, start, length in zip(COLUMNS, starts[:-1], lengths, strict=True)
    ]
    chunk = TraceChunk(
        5,
        count,
        views[0].reshape(count, trace.taps),
        views[1].reshape(count, trace.taps),
        views[2].reshape(count, trace.in_channels),
        views[3],
    )
    trace.fill(chunk)
    assert_same(chunk, expected)
    written = np.zeros(len(buffer), bool)
    for start, length in zip(starts[:-1], lengths, strict=True):
        written[start : start + length] = True
    assert {buffer[place] for place in np.flatnonzero(~written)} == {0xA5}


def test_the_article_explained(arithmetic: str) -> None:
    cells = np.arange(1, 17, dtype=np.float32).reshape(4, 4, 1)
    trace = Trace(Conv2D(np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)), cells)
    chunk = next(trace.chunks(columns=["sum"]))
    assert chunk.sum is not None
    assert chunk.sum.tolist() == [-8, -4, -4, 10, -18, -6, -6, 21, -30, -6, -6, 33, -24, -4, -4, 26]
    corner = trace.explain(0)
    assert (corner.position, corner.y, corner.x, corner.bias, corner.sum) == (0, 0, 0, 0.0, -8.0)
    assert [tap.value for tap in corner.taps] == [0, 0, 0, 0, 1, 2, 0, 5, 6]
    assert [tap.product for tap in corner.taps] == [0, 0, 0, 0, 0, -2, 0, 0, -6]
    assert [tap.partial_sum for tap in corner.taps] == [0, 0, 0, 0, 0, -2, -2, -2, -8]
    assert [(tap.input_y, tap.input_x) for tap in corner.taps] == [
        (y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)
    ]
    assert [tap.padding for tap in corner.taps] == [True, True, True, True, False, False, True, False, False]


def test_an_explanation_is_the_position_of_the_trace(arithmetic: str) -> None:
    source = np.random.default_rng(11)
    spec = Conv2D(
        source.standard_normal((2, 3, 4, 5)), source.standard_normal(5), (2, 3), (3, 1), "SAME_LOWER"
    )
    cells = source.integers(0, 256, (7, 8, 4)).astype(np.uint8)
    expected = written_out(spec, cells, 3)
    trace = Trace(spec, cells, 3)
    geometry = trace.geometry
    for position in range(trace.positions):
        one = trace.explain(position)
        assert (one.y, one.x) == divmod(position, geometry.output_width)
        assert [tap.value for tap in one.taps] == expected["window"][position].tolist()
        assert [tap.product for tap in one.taps] == expected["products"][position].tolist()
        assert one.channel_sums == expected["channel_sums"][position].tolist()
        assert one.sum == expected["sum"][position]
        assert np.float32(one.taps[-1].partial_sum + one.bias) == np.float32(one.sum)
        assert all(b.partial_sum == a.partial_sum + b.product for a, b in pairwise(one.taps))
        for channel, total in enumerate(one.channel_sums):
            fold = 0.0
            for tap in one.taps[6 * channel : 6 * channel + 6]:
                fold += tap.product
                assert tap.channel_partial_sum == fold
            assert np.float32(fold) == total
        for tap in one.taps:
            assert tap.input_y == geometry.y.taps(one.y)[tap.kernel_y]
            assert tap.input_x == geometry.x.taps(one.x)[tap.kernel_x]
            assert tap.padding != (0 <= tap.input_y < 7 and 0 <= tap.input_x < 8)
            assert tap.weight == spec.kernel[tap.kernel_y, tap.kernel_x, tap.channel, 3]
            assert tap.value == (0 if tap.padding else cells[tap.input_y, tap.input_x, tap.channel])
        assert [(tap.channel, tap.kernel_y, tap.kernel_x) for tap in one.taps] == list(np.ndindex(4, 2, 3))


def test_a_trace_and_an_output_are_the_same_on_small_integers(arithmetic: str) -> None:
    spec = Conv2D(np.arange(-9, 9).reshape(3, 2, 1, 3), [3, -1, 2], (2, 1), (1, 2), "FULL")
    cells = np.arange(35, dtype=np.uint8).reshape(5, 7, 1)
    output = ops.run(spec, cells[np.newaxis])[0]
    for out_channel in range(3):
        chunk = next(Trace(spec, cells, out_channel).chunks(columns=["sum"]))
        assert chunk.sum is not None
        assert chunk.sum.tolist() == output[:, :, out_channel].ravel().tolist()


def test_many_threads_may_read_one_trace() -> None:
    backend.warm()
    source = np.random.default_rng(11)
    trace = Trace(Conv2D(source.standard_normal((3, 3, 3, 1))), source.random((60, 70, 3), np.float32))
    alone = next(trace.chunks(chunk_positions=trace.positions))
    assert alone.products is not None

    def read(first: int) -> bool:
        return all(
            np.array_equal(getattr(chunk, name), getattr(alone, name)[chunk.first_position :][: chunk.count])
            for chunk in trace.chunks(first, 2000, chunk_positions=333)
            for name in COLUMNS
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(0, 2200, 31)))


BAD_CHUNKS: list[tuple[Column, Any]] = [
    ("window", np.empty((4, 12), np.float32)),  # the input is uint8
    ("window", np.empty((4, 11), np.uint8)),
    ("products", np.empty((5, 12), np.float32)),
    ("products", np.empty((4, 12), np.float64)),
    ("products", np.empty((12, 4), np.float32).T),
    ("products", np.empty((4, 24), np.float32)[:, ::2]),
    ("products", np.frombuffer(bytes(4 * 12 * 4), np.float32).reshape(4, 12)),  # read-only
    ("channel_sums", np.empty((4, 1), np.float32)),
    ("sum", np.empty((4, 1), np.float32)),
    ("sum", np.empty(17, np.uint8)[1:].view(np.float32)),  # not aligned
]


@pytest.mark.parametrize(("name", "array"), BAD_CHUNKS)
def test_arrays_that_do_not_suit_are_refused(name: Column, array: Any) -> None:
    trace = Trace(Conv2D(np.ones((2, 3, 2, 1))), np.ones((5, 6, 2), np.uint8))
    good = np.full(4, 7.0, np.float32)
    arrays = {"sum": good, name: array}
    with pytest.raises(EngineError, match=f"^{name}: must be a writable, aligned, C-contiguous"):
        trace.fill(TraceChunk(0, 4, **arrays))
    assert good.tolist() == [7, 7, 7, 7]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda trace: trace.explain(30), "position: must be from 0 to 29; got 30"),
        (lambda trace: trace.explain(-1), "position: must be from 0 to 29; got -1"),
        (lambda trace: trace.explain(1.0), "position: must be a whole number; got 1.0"),
        (lambda trace: trace.explain(True), "position: must be a whole number; got True"),
        (lambda trace: trace.empty(30, 1), "first: must be from 0 to 29; got 30"),
        (lambda trace: trace.empty(29, 2), "count: must be from 1 to 1; got 2"),
        (lambda trace: trace.empty(0, 0), "count: must be from 1 to 30; got 0"),
        (lambda trace: trace.empty(0, 31), "count: must be from 1 to 30; got 31"),
        (lambda trace: trace.chunks(30), "first: must be from 0 to 29; got 30"),
        (lambda trace: trace.chunks("0"), "first: must be a whole number; got '0'"),
        (lambda trace: trace.chunks(0, "4"), "count: must be a whole number; got '4'"),
        (lambda trace: trace.chunks(3, 28), "count: must be from 1 to 27; got 28"),
        (lambda trace: trace.chunks(chunk_positions=0), "chunk_positions: must be at least 1; got 0"),
        (lambda trace: trace.chunks(columns=["sums"]), "columns: must be one or more of window, products"),
        (lambda trace: trace.chunks(columns=[]), "columns: must be one or more of"),
        (lambda trace: trace.chunks(columns="sum"), "columns: must be one or more of"),
        (lambda trace: trace.fill(TraceChunk(28, 3)), "count: must be from 1 to 2; got 3"),
    ],
)
def test_bad_ranges_are_refused_at_the_call(call: Any, field: str) -> None:
    trace = Trace(Conv2D(np.ones((2, 3, 2, 1))), np.ones((5, 6, 2), np.uint8))
    with pytest.raises(EngineError) as refusal:
        call(trace)
    assert str(refusal.value).startswith(field)


@pytest.mark.parametrize(
    ("cells", "out_channel", "reason"),
    [
        (np.ones((1, 5, 6, 2), np.uint8), 0, "input: must have 3 dimensions .height, width, in_channels."),
        (np.ones((5, 6, 1), np.uint8), 0, "input: has 1 channels, but the kernel is for 2"),
        (np.ones((5, 6, 2), np.int32), 0, "input: must be uint8 or float32, not int32"),
        (np.ones((5, 6, 2), np.uint8), 3, "out_channel: must be from 0 to 2; got 3"),
        (np.ones((5, 6, 2), np.uint8), -1, "out_channel: must be from 0 to 2; got -1"),
        (np.ones((1, 6, 2), np.uint8), 0, "kernel: This kernel does not fit: a window of 2 cells"),
    ],
)
def test_bad_traces_are_refused(cells: Any, out_channel: int, reason: str) -> None:
    with pytest.raises(EngineError, match=f"^{reason}"):
        Trace(Conv2D(np.ones((2, 3, 2, 3)), padding="VALID"), cells, out_channel)
