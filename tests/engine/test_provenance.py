"""From an input cell to everything that reads it, held against walking over all positions and taps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as runs

from engine.errors import EngineError
from engine.geometry import plan
from engine.provenance import Read, reads, weights, wins
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D, Operation, Weighted
from engine.trace import Trace
from tests.engine import plain
from tests.engine.plain import Setting


def walked(setting: Setting) -> dict[tuple[int, int], list[Read]]:
    """Input cell -> its reads, by looking at every tap of every position."""
    height, width = setting.cells.shape[:2]
    found: dict[tuple[int, int], list[Read]] = {cell: [] for cell in np.ndindex(height, width)}
    for position, (y, x) in enumerate(np.ndindex(len(setting.y), len(setting.x))):
        for kernel_y, row in enumerate(setting.y[y]):
            for kernel_x, column in enumerate(setting.x[x]):
                if row.source is not None and column.source is not None:
                    lies_there = (row.coordinate, column.coordinate) == (row.source, column.source)
                    found[row.source, column.source].append(
                        Read(position, y, x, kernel_y, kernel_x, not lies_there)
                    )
    return found


def expected_weights(setting: Setting, read: Read) -> tuple[float, ...] | None:
    if isinstance(setting.spec, Weighted):
        channels = range(setting.spec.group_channels)
        return tuple(
            float(plain.weight(setting, channel, read.kernel_y, read.kernel_x)) for channel in channels
        )
    if isinstance(setting.spec, MaxPool2D):
        return None
    padded = setting.spec.count_include_pad
    rows, columns = (
        sum(place.is_padded if padded else place.source is not None for place in places)
        for places in (setting.y[read.y], setting.x[read.x])
    )
    return (1 / (rows * columns),)


@given(setting=plain.settings())
@runs(max_examples=150, deadline=None)
def test_every_read_is_found_once_with_its_weight(setting: Setting) -> None:
    geometry = plan(setting.spec, *setting.cells.shape[:2])
    trace = Trace(setting.spec, setting.cells, setting.out_channel)
    winners: dict[int, int] = {}
    for (y, x), expected in walked(setting).items():
        found = reads(geometry, y, x)
        assert found == expected
        for read in found[:5]:
            assert weights(setting.spec, geometry, read, setting.out_channel) == expected_weights(
                setting, read
            )
        if isinstance(setting.spec, MaxPool2D):
            for read in found:
                winners[read.position] = winners.get(read.position, 0) + wins(trace, read)
    assert set(winners.values()) <= {1}


@pytest.mark.parametrize("mode", plain.MODES)
def test_every_padding_is_read_backwards(mode: Any) -> None:
    """Every legal pair of pads on a short axis, under a kernel as long as the padded axis."""
    for size, before, after in np.ndindex(7, 7, 7):
        most = {"zeros": 6, "replicate": 6, "reflect": size - 1, "circular": size}[mode]
        if size == 0 or max(before, after) > most:
            continue
        length = before + size + after
        spec = Conv2D(np.ones((length, 1, 1, 1)), padding=((before, after), (0, 0)), padding_mode=mode)
        geometry = plan(spec, size, 1)
        (window,) = plain.sliding(size, length, 1, 1, (before, after), mode)
        for y in range(size):
            expected = [(tap, place.coordinate != y) for tap, place in enumerate(window) if place.source == y]
            assert [(read.kernel_y, read.padding) for read in reads(geometry, y, 0)] == expected


def test_an_output_is_its_reads_put_together() -> None:
    # Spread by each cell and not gathered by each position: what a gradient does.
    source = np.random.default_rng(3)
    cells = source.integers(-5, 6, (5, 7, 4)).astype(np.float32)
    specs: list[Any] = [
        Conv2D(
            source.integers(-3, 4, (3, 2, 2, 6)), None, (1, 2), (2, 1), groups=2, padding_mode="replicate"
        ),
        Conv2DTranspose(source.integers(-3, 4, (3, 2, 3, 4)), None, (2, 3), groups=2, flip_kernel=True),
    ]
    for spec in specs:
        geometry = plan(spec, 5, 7)
        for out_channel in (0, 5):
            trace = Trace(spec, cells, out_channel)
            spread = np.zeros(trace.positions)
            first = 2 if out_channel == 5 else 0
            for y, x in np.ndindex(5, 7):
                for read in reads(geometry, y, x):
                    found = weights(spec, geometry, read, out_channel)
                    assert found is not None
                    spread[read.position] += cells[y, x, first : first + 2] @ found
            chunk = next(trace.chunks(chunk_positions=trace.positions))
            np.testing.assert_array_equal(spread, chunk.sum)


def test_a_corner_is_read_several_times_by_one_position() -> None:
    spec = Conv2D(np.ones((3, 3, 1, 1)), padding_mode="replicate")
    corner = [read for read in reads(plan(spec, 4, 5), 0, 0) if read.position == 0]
    assert [(read.kernel_y, read.kernel_x, read.padding) for read in corner] == [
        (0, 0, True),
        (0, 1, True),
        (1, 0, True),
        (1, 1, False),
    ]


def test_wins_says_which_window_keeps_the_cell() -> None:
    cells = np.array([[3, 9, 1], [4, 5, 9]], np.uint8).reshape(2, 3, 1)
    trace = Trace(MaxPool2D((2, 2), padding="VALID"), cells)
    kept = {(y, x): [wins(trace, read) for read in reads(trace.geometry, y, x)] for y, x in np.ndindex(2, 3)}
    # The second 9 comes after the first one in the window that has both.
    assert kept == {
        (0, 0): [False],
        (0, 1): [True, True],
        (0, 2): [False],
        (1, 0): [False],
        (1, 1): [False, False],
        (1, 2): [False],
    }


def test_a_huge_input_is_not_walked() -> None:
    spec = Conv2D(np.ones((3, 3, 1, 1)), padding=((2**20, 2**20), (2**20, 2**20)), padding_mode="reflect")
    # Walking over one axis would already take minutes.
    found = reads(plan(spec, 2**29, 2**29), 7, 2**28)
    assert {(read.y - 2**20, read.padding) for read in found} == {
        (place - tap, place < 0) for place in (-7, 7) for tap in (0, 1, 2)
    }
    assert len(found) == 18


@pytest.mark.parametrize(
    ("y", "x", "field", "numbers"),
    [
        (4, 0, "y", ("0", "3", "4")),
        (-1, 0, "y", ("0", "3", "-1")),
        (0, 5, "x", ("0", "4", "5")),
        (0, 1.0, "x", ("1.0",)),
    ],
)
@pytest.mark.parametrize(
    "spec", [Conv2D(np.ones((3, 3, 1, 1))), Conv2DTranspose(np.ones((3, 3, 1, 1))), AvgPool2D((2, 3))]
)
def test_a_cell_outside_of_the_input_is_refused(
    spec: Operation, y: int, x: int, field: str, numbers: tuple[str, ...]
) -> None:
    with pytest.raises(EngineError) as refused:
        reads(plan(spec, 4, 5), y, x)
    assert refused.value.field == field
    assert all(number in str(refused.value) for number in numbers)


def test_what_does_not_suit_the_operation_is_refused() -> None:
    spec = Conv2D(np.ones((3, 3, 1, 2)))
    geometry = plan(spec, 4, 5)
    read = reads(geometry, 1, 1)[0]
    with pytest.raises(EngineError, match="from 0 to 1"):
        weights(spec, geometry, read, 2)
    with pytest.raises(EngineError, match="columns"):
        wins(Trace(spec, np.ones((4, 5, 1))), read)
