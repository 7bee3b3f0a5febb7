"""Windows, products, sums and what is made of them: to the last bit, from anywhere, into anything."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import backend, ops
from engine.errors import EngineError
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation
from engine.trace import COLUMNS, Column, Trace, TraceChunk
from tests.engine import drawn, enumeration, naive
from tests.engine.cases import CASES, Case

OF_POOLS: dict[type[Operation], tuple[Column, ...]] = {
    MaxPool2D: ("window", "output", "argmax"),
    AvgPool2D: ("window", "sum", "output", "divisor"),
}
OF_KERNELS: tuple[Column, ...] = ("window", "products", "channel_sums", "sum", "output")


def written_out(spec: Operation, cells: naive.Array, out_channel: int) -> dict[Column, naive.Array]:
    """Every column of every position, one scalar operation at a time. cells: of the dtype the window has."""
    y, x = enumeration.both(spec, *cells.shape[:2])
    rows: list[dict[Column, Any]] = []
    for row, column in np.ndindex(y.output_size, x.output_size):
        outside = -np.inf if isinstance(spec, MaxPool2D) else 0.0
        window = naive.window(spec, cells, y.sources[row], x.sources[column], out_channel, outside)
        here: dict[Column, Any] = {"window": np.array(window).astype(cells.dtype)}
        if isinstance(spec, MaxPool2D):
            places = [(one, other) for one in y.sources[row] for other in x.sources[column]]
            read = [tap for tap, place in enumerate(places) if min(place) >= 0]
            best = read[naive.largest([window[tap] for tap in read])]
            here |= {"output": np.float32(window[best]), "argmax": np.array(places[best], np.int32)}
        elif isinstance(spec, AvgPool2D):
            count = naive.divisor(spec, y, x, row, column)
            total = np.float32(folded(window))
            here |= {
                "sum": total,
                "output": np.float32(float(total) / count),
                "divisor": np.int32(count),
            }
        else:
            weights = naive.weights(spec, cells.shape[2], out_channel)
            products = [np.float32(a) * np.float32(b) for a, b in zip(window, weights, strict=True)]
            size = len(y.sources[0]) * len(x.sources[0])
            total = np.float32(folded(products) + naive.bias(spec, out_channel))
            here |= {
                "products": np.array(products),
                "channel_sums": np.array(
                    [
                        np.float32(folded(products[first : first + size]))
                        for first in range(0, len(products), size)
                    ]
                ),
                "sum": total,
                "output": np.float32(naive.activated(spec, float(total))),
            }
        rows.append(here)
    return {name: np.array([one[name] for one in rows]) for name in rows[0]}


def folded(values: list[Any]) -> float:
    """((0 + v0) + v1) + ... in float64."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


def reads_padding(spec: Operation, cells: naive.Array) -> bool:
    y, x = enumeration.both(spec, *cells.shape[:2])
    return min(min(window) for axis in (y, x) for window in axis.sources) < 0


def assert_same(chunk: TraceChunk, expected: dict[Column, naive.Array], columns: Any = None) -> None:
    here = slice(chunk.first_position, chunk.first_position + chunk.count)
    for name in COLUMNS:
        array = getattr(chunk, name)
        if name in (expected if columns is None else columns):
            np.testing.assert_array_equal(array, expected[name][here], strict=True)
        else:
            assert array is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trace_is_what_is_written_out(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=False), case.input(integers=False)[-1]
    out_channel = naive.out_channels(spec, cells.shape[2]) - 1
    trace = Trace(spec, cells, out_channel)
    if isinstance(spec, MaxPool2D) and cells.dtype == np.uint8 and reads_padding(spec, cells):
        cells = cells.astype(np.float32)
    expected = written_out(spec, cells, out_channel)
    assert trace.window_dtype == cells.dtype
    assert tuple(expected) == trace.columns == OF_POOLS.get(type(spec), OF_KERNELS)
    assert trace.positions == len(expected["output"])
    for chunk_positions in (trace.positions, max(1, trace.positions // 3), 7):
        chunks = list(trace.chunks(chunk_positions=chunk_positions))
        for chunk in chunks:
            assert_same(chunk, expected)
        assert [chunk.first_position for chunk in chunks] == list(range(0, trace.positions, chunk_positions))
        assert sum(chunk.count for chunk in chunks) == trace.positions


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name in ("groups", "depthwise, multiplied", "transposed groups")],
    ids=lambda case: case.name,
)
def test_every_output_channel_has_a_trace(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=False), case.input(integers=False)[0]
    for out_channel in range(naive.out_channels(spec, cells.shape[2])):
        [chunk] = Trace(spec, cells, out_channel).chunks()
        assert_same(chunk, written_out(spec, cells, out_channel))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trace_and_an_output_are_the_same_on_small_integers(case: Case, arithmetic: str) -> None:
    spec, inputs = case.spec(integers=True), case.input(integers=True)
    output, last = ops.run(spec, inputs)[-1], naive.out_channels(spec, inputs.shape[3]) - 1
    argmax = ops.max_pool_argmax(spec, inputs)[-1] if isinstance(spec, MaxPool2D) else None
    for out_channel in {0, last // 2, last}:
        for chunk in Trace(spec, inputs[-1], out_channel).chunks(chunk_positions=50):
            here = slice(chunk.first_position, chunk.first_position + chunk.count)
            np.testing.assert_array_equal(chunk.output, output[:, :, out_channel].ravel()[here])
            if argmax is not None:
                np.testing.assert_array_equal(chunk.argmax, argmax[:, :, out_channel].reshape(-1, 2)[here])


@given(drawn.settings(), st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_compiled_is_the_reference_to_the_last_bit(
    asked: tuple[Operation, drawn.Array], data: st.DataObject
) -> None:
    backend.warm()
    draw, (spec, inputs) = data.draw, asked
    last = naive.out_channels(spec, inputs.shape[3]) - 1
    trace = Trace(spec, inputs[-1], draw(st.integers(0, last)))
    first = draw(st.integers(0, trace.positions - 1))
    count = draw(st.integers(1, trace.positions - first))
    columns = draw(st.sets(st.sampled_from(trace.columns), min_size=1))
    expected, chunk = trace.empty(first, count), trace.empty(first, count, columns)
    trace.fill(chunk)
    with drawn.reference_arithmetic():
        trace.fill(expected)
    for name in columns:
        shown, plain = getattr(chunk, name), getattr(expected, name)
        np.testing.assert_array_equal(shown, plain, strict=True)
        np.testing.assert_array_equal(np.signbit(shown), np.signbit(plain))


@pytest.mark.parametrize("dtype", ["int32", "float64", "float16", ">f4", ">i2", "uint16"])
def test_other_dtypes_are_traced_as_float32(dtype: str, arithmetic: str) -> None:
    source = np.random.default_rng(4)
    for spec in (Conv2D(source.standard_normal((2, 3, 3, 2))), MaxPool2D((2, 3)), AvgPool2D((3, 2))):
        cells = (10 + 3 * source.standard_normal((5, 6, 3))).astype(dtype)
        trace = Trace(spec, cells, 1)
        assert trace.window_dtype == np.float32
        [chunk] = trace.chunks()
        assert_same(chunk, written_out(spec, cells.astype(np.float32), 1))
    wide = np.zeros((10, 6, 5), dtype)
    wide[::2, :, 1:4] = cells
    [other] = Trace(spec, wide[::2, :, 1:4], 1).chunks()
    np.testing.assert_array_equal(other.output, chunk.output)


def test_nan_infinities_and_signed_zeros_are_shown_as_they_are(arithmetic: str) -> None:
    cells = np.array([[1, np.nan, -0.0, -0.0], [np.inf, 2, -0.0, -0.0], [-np.inf, 3, -np.inf, 0]], np.float32)
    cells = cells[..., np.newaxis]
    with np.errstate(invalid="ignore"):
        for spec in (
            MaxPool2D((2, 2)),
            AvgPool2D((2, 2), padding="VALID"),
            Conv2D([[[[1]], [[-2]]], [[[0]], [[3]]]], padding="FULL"),
            Conv2DTranspose([[[[1]], [[-2]]], [[[0]], [[3]]]], strides=(2, 1), activation="relu"),
        ):
            expected = written_out(spec, cells, 0)
            [chunk] = Trace(spec, cells).chunks()
            assert_same(chunk, expected)
            np.testing.assert_array_equal(np.signbit(chunk.window), np.signbit(expected["window"]))


def test_columns_that_an_operation_has_not_are_refused() -> None:
    cells = np.ones((4, 5, 2), np.uint8)
    for spec, name in (
        (Conv2D(np.ones((2, 2, 2, 1))), "argmax"),
        (DepthwiseConv2D(np.ones((2, 2, 2, 1))), "divisor"),
        (MaxPool2D((2, 2)), "sum"),
        (AvgPool2D((2, 2)), "products"),
    ):
        trace = Trace(spec, cells)
        with pytest.raises(EngineError, match=f"^columns: must be one or more of {', '.join(trace.columns)}"):
            trace.chunks(columns=[name])  # type: ignore[list-item]
        shown = TraceChunk(0, 1, **{name: np.empty((1, 4), np.float32)})
        with pytest.raises(EngineError, match=r"^columns: must be one or more of"):
            trace.fill(shown)


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
@pytest.mark.parametrize("kind", [Conv2D, MaxPool2D, AvgPool2D])
def test_chunks_are_written_into_views_of_one_buffer(kind: Any, dtype: str, arithmetic: str) -> None:
    source = np.random.default_rng(5)
    if kind is Conv2D:
        spec = Conv2D(source.standard_normal((2, 3, 3, 2)), [1, -2], strides=(1, 2), activation="relu")
    else:
        spec = kind((2, 3), strides=(1, 2), padding="VALID")
    cells = source.integers(0, 256, (8, 9, 3)).astype(dtype)
    trace = Trace(spec, cells, 1)
    expected = written_out(spec, cells, 1)
    first, count = 5, 17
    fresh = trace.empty(first, count)
    buffer, free = bytearray(b"\xa5" * 8192), np.ones(8192, bool)
    views, start = {}, 8
    for name in trace.columns:
        like = getattr(fresh, name)
        views[name] = np.frombuffer(buffer, like.dtype, like.size, start).reshape(like.shape)
        free[start : start + like.nbytes] = False
        start += (like.nbytes + 7) // 8 * 8 + 8
    chunk = TraceChunk(first, count, **views)
    trace.fill(chunk)
    assert_same(chunk, expected)
    assert {buffer[place] for place in np.flatnonzero(free)} == {0xA5}


def test_the_article_traced(arithmetic: str) -> None:
    cells = np.arange(1, 17, dtype=np.float32).reshape(4, 4, 1)
    trace = Trace(Conv2D(np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)), cells)
    [chunk] = trace.chunks(columns=["window", "products", "sum"])
    assert chunk.window is not None
    assert chunk.products is not None
    assert chunk.sum is not None
    assert chunk.sum.tolist() == [-8, -4, -4, 10, -18, -6, -6, 21, -30, -6, -6, 33, -24, -4, -4, 26]
    assert chunk.window[0].tolist() == [0, 0, 0, 0, 1, 2, 0, 5, 6]
    assert chunk.products[0].tolist() == [0, 0, 0, 0, 0, -2, 0, 0, -6]


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
            for name in trace.columns
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
        (np.ones((5, 6, 2), bool), 0, "input: must be an array of real numbers, not of bool"),
        (np.full((5, 6, 2), 2**24 + 1), 0, "input: 16777217 at .0, 0, 0. is not exactly representable"),
        (np.ones((5, 6, 2), np.uint8), 3, "out_channel: must be from 0 to 2; got 3"),
        (np.ones((5, 6, 2), np.uint8), -1, "out_channel: must be from 0 to 2; got -1"),
        (np.ones((1, 6, 2), np.uint8), 0, "kernel: This kernel does not fit: a window of 2 cells"),
    ],
)
def test_bad_traces_are_refused(cells: Any, out_channel: int, reason: str) -> None:
    with pytest.raises(EngineError, match=f"^{reason}"):
        Trace(Conv2D(np.ones((2, 3, 2, 3)), padding="VALID"), cells, out_channel)
