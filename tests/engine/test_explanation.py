"""One position explained, held against enumeration and scalar arithmetic."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.explanation import Explanation, explain
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D, Weighted
from engine.trace import Trace
from tests.engine import plain
from tests.engine.plain import Setting


def expected_taps(setting: Setting, y: int, x: int) -> list[dict[str, Any]]:
    """Every tap of output cell (y, x), without its sums, one scalar operation at a time."""
    spec, cells = setting.spec, setting.cells
    channels = spec.group_channels if isinstance(spec, Weighted) else 1
    taps: list[dict[str, Any]] = []
    for channel in range(channels):
        for kernel_y, row in enumerate(setting.y[y]):
            for kernel_x, column in enumerate(setting.x[x]):
                in_channel = plain.first_channel(setting) + channel
                is_read = row.source is not None and column.source is not None
                outside = [
                    place.coordinate is not None and not 0 <= place.coordinate < size
                    for place, size in zip((row, column), cells.shape, strict=False)
                ]
                value = np.float32(-np.inf if isinstance(spec, MaxPool2D) else 0)
                if is_read:
                    value = np.float32(cells[row.source, column.source, in_channel])
                weight = plain.weight(setting, channel, kernel_y, kernel_x)
                taps.append(
                    {
                        "channel": in_channel,
                        "kernel_y": kernel_y,
                        "kernel_x": kernel_x,
                        "input_y": row.coordinate,
                        "input_x": column.coordinate,
                        "padding": any(outside),
                        "stuffed": None in (row.coordinate, column.coordinate),
                        "source_y": row.source if is_read else None,
                        "source_x": column.source if is_read else None,
                        "value": float(value),
                        "weight": float(weight) if isinstance(spec, Weighted) else None,
                        "product": float(value * weight) if isinstance(spec, Weighted) else None,
                    }
                )
    return taps


def activated(spec: Weighted, total: float) -> float:
    match spec.activation:
        case "relu":
            return max(total, 0.0)
        case "tanh":
            return math.tanh(total)
        case "sigmoid":
            # Written so that no exponential overflows.
            return (1 + math.tanh(total / 2)) / 2 if total > -20 else math.exp(total)
        case None:
            return total


def check_sums(setting: Setting, one: Explanation) -> None:
    """The taps' sums, the channels', the whole and the output, for what has a sum."""
    total, of_channel, channel_sums = 0.0, 0.0, []
    window = len(setting.y[0]) * len(setting.x[0])
    for index, tap in enumerate(one.taps):
        if index % window == 0:
            of_channel = 0.0
        term = tap.value if tap.product is None else tap.product
        total, of_channel = total + term, of_channel + term
        assert (tap.partial_sum, tap.channel_partial_sum) == (total, of_channel)
        if (index + 1) % window == 0:
            channel_sums.append(float(np.float32(of_channel)))
    if isinstance(setting.spec, Weighted):
        bias = 0.0 if setting.spec.bias is None else float(setting.spec.bias[setting.out_channel])
        assert (one.bias, one.channel_sums) == (bias, channel_sums)
        assert one.sum == np.float32(total + bias)
        assert one.activation == setting.spec.activation
        assert one.output == pytest.approx(activated(setting.spec, one.sum), rel=2e-7, abs=1e-38)
        assert one.divisor is None
    else:
        assert isinstance(setting.spec, AvgPool2D)
        assert (one.bias, one.channel_sums, one.activation) == (0.0, [], None)
        assert one.sum == np.float32(total)
        counted = "is_padded" if setting.spec.count_include_pad else "is_read"
        rows, columns = (
            sum(place.is_padded if counted == "is_padded" else place.source is not None for place in axis)
            for axis in (setting.y[one.y], setting.x[one.x])
        )
        assert one.divisor == rows * columns
        assert one.output == np.float32(one.sum / one.divisor)
    assert one.winner is None
    assert one.argmax is None


def check_winner(setting: Setting, one: Explanation) -> None:
    best = None
    for index, tap in enumerate(one.taps):
        if tap.source_y is not None and (best is None or tap.value > one.taps[best].value):
            best = index
    assert best is not None
    assert one.winner == best
    winner = one.taps[best]
    assert one.argmax == (winner.source_y, winner.source_x)
    assert one.output == winner.value
    assert (one.sum, one.divisor, one.bias, one.channel_sums, one.activation) == (None, None, 0.0, [], None)
    assert {(tap.partial_sum, tap.channel_partial_sum) for tap in one.taps} == {(None, None)}


@given(setting=plain.settings(), chosen=st.data())
@runs(max_examples=150, deadline=None)
def test_an_explanation_is_what_enumeration_finds(setting: Setting, chosen: st.DataObject) -> None:
    trace = Trace(setting.spec, setting.cells, setting.out_channel)
    assert trace.positions == len(setting.y) * len(setting.x)
    position = chosen.draw(st.integers(0, trace.positions - 1))
    one = explain(trace, position)
    y, x = position // len(setting.x), position % len(setting.x)
    assert (one.position, one.y, one.x) == (position, y, x)
    expected = expected_taps(setting, y, x)
    assert [{name: tap._asdict()[name] for name in expected[0]} for tap in one.taps] == expected
    if isinstance(setting.spec, MaxPool2D):
        check_winner(setting, one)
    else:
        check_sums(setting, one)


def test_the_article_explained(arithmetic: str) -> None:
    cells = np.arange(1, 17, dtype=np.float32).reshape(4, 4, 1)
    corner = explain(Trace(Conv2D(np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)), cells), 0)
    assert [tap.value for tap in corner.taps] == [0, 0, 0, 0, 1, 2, 0, 5, 6]
    assert [tap.product for tap in corner.taps] == [0, 0, 0, 0, 0, -2, 0, 0, -6]
    assert [tap.partial_sum for tap in corner.taps] == [0, 0, 0, 0, 0, -2, -2, -2, -8]
    assert [(tap.input_y, tap.input_x) for tap in corner.taps] == [
        (y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)
    ]
    assert [tap.padding for tap in corner.taps] == [True, True, True, True, False, False, True, False, False]
    assert (corner.bias, corner.sum, corner.output) == (0.0, -8.0, -8.0)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_an_explanation_has_the_numbers_of_the_stream(dtype: str, arithmetic: str) -> None:
    source = np.random.default_rng(11)
    kernel = source.standard_normal((2, 3, 3, 4))
    cells = source.integers(0, 256, (7, 8, 4)).astype(dtype)
    specs = [
        Conv2D(source.standard_normal((2, 3, 2, 6)), source.standard_normal(6), (2, 3), (3, 1), groups=2),
        Conv2DTranspose(kernel, strides=(3, 2), dilations=(2, 1), padding=((1, 2), (0, 1))),
        MaxPool2D((3, 2), (2, 1)),
        AvgPool2D((3, 2), (2, 3), ceil_mode=True, padding="VALID"),
    ]
    for spec in specs:
        trace = Trace(spec, cells, 2)
        chunk = next(trace.chunks(chunk_positions=trace.positions))
        for position in range(trace.positions):
            one = explain(trace, position)
            assert [tap.value for tap in one.taps] == chunk.window[position].tolist()
            assert one.output == chunk.output[position]
            assert one.taps[0].channel == (0 if isinstance(spec, Weighted) else 2)
            for name in ("channel_sums", "sum", "divisor", "argmax"):
                column = getattr(chunk, name)
                if column is not None:
                    assert getattr(one, name) == pytest.approx(column[position].tolist(), rel=0, abs=0)
            if chunk.products is not None:
                assert [tap.product for tap in one.taps] == chunk.products[position].tolist()


def test_a_cell_of_minus_infinity_wins_over_the_padding() -> None:
    cells = np.full((2, 3, 1), -np.inf, np.float32)
    one = explain(Trace(MaxPool2D((2, 2), padding=((1, 0), (1, 0))), cells), 0)
    assert [tap.value for tap in one.taps] == [-np.inf] * 4
    assert (one.winner, one.argmax) == (3, (0, 0))


def test_the_middle_of_a_wide_stride_is_reached_by_nothing() -> None:
    one = explain(
        Trace(Conv2DTranspose(np.ones((2, 1, 1, 1)), strides=(4, 1), padding="VALID"), np.ones((2, 1, 1))), 2
    )
    assert [(tap.input_y, tap.stuffed, tap.padding, tap.source_y) for tap in one.taps] == [
        (None, True, False, None)
    ] * 2
    assert (one.sum, one.output) == (0.0, 0.0)


@pytest.mark.parametrize("position", [-1, 6, 1.0, True])
def test_a_position_that_is_not_there_is_refused(position: Any) -> None:
    with pytest.raises(EngineError) as refused:
        explain(Trace(MaxPool2D((1, 1)), np.ones((2, 3, 1), np.uint8)), position)
    assert refused.value.field == "position"
