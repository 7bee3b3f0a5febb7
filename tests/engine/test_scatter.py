"""Stamps, held against scalar arithmetic, and against the trace that gathers what they scatter."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs

from engine.errors import EngineError
from engine.scatter import Scatter
from engine.spec import Conv2DTranspose
from engine.trace import Trace
from tests.engine import plain
from tests.engine.plain import Place, Setting


def falls_on(axis: list[list[Place]], index: int) -> dict[int, int]:
    """Tap -> the output cell that input cell `index` reaches through it."""
    return {
        tap: place for place, taps in enumerate(axis) for tap, one in enumerate(taps) if one.source == index
    }


@given(setting=plain.settings(("transpose",)))
@runs(max_examples=60, deadline=None)
def test_a_stamp_is_value_times_kernel_where_it_falls(setting: Setting) -> None:
    spec, cells = setting.spec, setting.cells
    assert isinstance(spec, Conv2DTranspose)
    scatter = Scatter(spec, cells, setting.out_channel)
    first = plain.first_channel(setting)
    channels = range(spec.group_channels)
    assert (scatter.cells, scatter.first_channel) == (cells.shape[0] * cells.shape[1], first)
    for y, x in np.ndindex(cells.shape[:2]):
        stamp = scatter.stamp(y, x)
        values = [cells[y, x, first + channel] for channel in channels]
        assert (stamp.y, stamp.x, stamp.values) == (y, x, tuple(float(value) for value in values))
        assert [(one.kernel_y, one.kernel_x) for one in stamp.cells] == list(np.ndindex(spec.kernel_size))
        rows, columns = falls_on(setting.y, y), falls_on(setting.x, x)
        for one in stamp.cells:
            weights = [plain.weight(setting, channel, one.kernel_y, one.kernel_x) for channel in channels]
            assert one.weights == tuple(map(float, weights))
            assert one.products == tuple(
                float(np.float32(value) * weight) for value, weight in zip(values, weights, strict=True)
            )
            if one.kernel_y in rows and one.kernel_x in columns:
                assert (one.output_y, one.output_x) == (rows[one.kernel_y], columns[one.kernel_x])
                assert one.position == one.output_y * len(setting.x) + one.output_x
            else:
                assert one.position is None
        # Cropped cells have coordinates too: they go on as the others do, a dilation apart.
        for a, b in pairwise(stamp.cells):
            if a.kernel_y == b.kernel_y:
                assert (b.output_y - a.output_y, b.output_x - a.output_x) == (0, spec.dilations[1])
            else:
                assert b.output_y - a.output_y == spec.dilations[0]


@given(setting=plain.settings(("transpose",)))
@runs(max_examples=60, deadline=None)
def test_the_stamps_that_reach_a_position_fold_to_its_sum(setting: Setting) -> None:
    spec = setting.spec
    assert isinstance(spec, Conv2DTranspose)
    scatter = Scatter(spec, setting.cells, setting.out_channel)
    trace = Trace(spec, setting.cells, setting.out_channel)
    terms: dict[int, list[tuple[int, int, int, float]]] = {
        position: [] for position in range(trace.positions)
    }
    for y, x in np.ndindex(setting.cells.shape[:2]):
        for one in scatter.stamp(y, x).cells:
            if one.position is not None:
                for channel, product in enumerate(one.products):
                    terms[one.position].append((channel, one.kernel_y, one.kernel_x, product))
    chunk = next(trace.chunks(chunk_positions=trace.positions))
    assert chunk.sum is not None
    bias = 0.0 if spec.bias is None else float(spec.bias[setting.out_channel])
    for position, found in terms.items():
        total = 0.0
        for _, _, _, product in sorted(found):
            total += product
        assert np.float32(total + bias) == chunk.sum[position]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("chunk_cells", [1, 7, 42, 100])
def test_chunks_are_the_stamps_in_a_row(dtype: str, chunk_cells: int) -> None:
    source = np.random.default_rng(4)
    spec = Conv2DTranspose(source.standard_normal((2, 3, 5, 4)), groups=2, strides=(2, 1), flip_kernel=True)
    cells = source.integers(0, 256, (6, 7, 4)).astype(dtype)
    scatter = Scatter(spec, cells, 7)
    chunks = list(scatter.chunks(chunk_cells=chunk_cells))
    assert [chunk.first_cell for chunk in chunks] == list(range(0, 42, chunk_cells))
    assert all(len(chunk.values) == len(chunk.products) == chunk.count for chunk in chunks)
    values = np.concatenate([chunk.values for chunk in chunks])
    products = np.concatenate([chunk.products for chunk in chunks])
    assert (values.dtype, products.dtype) == (np.dtype(dtype), np.dtype(np.float32))
    np.testing.assert_array_equal(values, cells.reshape(42, 4)[:, 2:])
    assert products.shape == (42, 2 * 2 * 3)
    for cell in range(42):
        by_channel = products[cell].reshape(2, 2, 3)
        for one in scatter.stamp(*divmod(cell, 7)).cells:
            assert one.products == tuple(by_channel[:, one.kernel_y, one.kernel_x].tolist())
    (middle,) = scatter.chunks(first=11, count=13)
    np.testing.assert_array_equal(middle.products, products[11:24])


def test_infinities_are_stamped_without_a_warning() -> None:
    scatter = Scatter(Conv2DTranspose([[[[2.0]], [[0.0]]]]), np.array([[[np.inf]]], np.float32))
    (left, right) = scatter.stamp(0, 0).cells
    assert left.products == (np.inf,)
    assert np.isnan(right.products[0])


def test_what_is_not_there_is_refused() -> None:
    spec = Conv2DTranspose(np.ones((2, 2, 3, 4)))
    scatter = Scatter(spec, np.ones((2, 3, 4), np.uint8))
    refusals: list[tuple[str, Any]] = [
        ("y", lambda: scatter.stamp(2, 0)),
        ("x", lambda: scatter.stamp(0, -1)),
        ("first", lambda: scatter.chunks(6)),
        ("count", lambda: scatter.chunks(2, 5)),
        ("chunk_cells", lambda: scatter.chunks(chunk_cells=0)),
        ("out_channel", lambda: Scatter(spec, np.ones((2, 3, 4)), 3)),
        ("input", lambda: Scatter(spec, np.ones((2, 3, 5)))),
    ]
    for field, ask in refusals:
        with pytest.raises(EngineError) as refused:
            ask()
        assert refused.value.field == field
