"""The last number that is allowed, the first that is not, and what is read of a line, cell by cell."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.axes import AxisGeometry, TransposedAxisGeometry
from engine.checks import LARGEST
from engine.errors import EngineError
from engine.geometry import Geometry, plan, plan_axis, plan_transposed_axis
from engine.spec import PADDING_MODES, AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D

PAD = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def refused(field: str, reason: str) -> Any:
    """EngineError of this field, with exactly this reason."""
    return pytest.raises(EngineError, match=f"^{field}: {re.escape(reason)}$")


# Four cells, a kernel of three, a stride of two: the stamps cover nine cells.
@pytest.mark.parametrize(
    ("padding", "output_padding", "asked", "output_size", "crop_before", "crop_after"),
    [
        ("VALID", 0, None, 9, 0, 0),
        ("VALID", 1, None, 10, 0, -1),
        ("VALID", 0, 9, 9, 0, 0),
        ("VALID", 0, 10, 10, 0, -1),
        ((1, 1), 0, None, 7, 1, 1),
        ((1, 1), 1, None, 8, 1, 0),
        ((1, 1), 0, 7, 7, 1, 1),
        ((1, 1), 0, 8, 8, 1, 0),
        ((3, 1), 0, None, 5, 3, 1),
        ((0, 8), 0, None, 1, 0, 8),
        ((4, 5), 1, None, 1, 4, 4),
        ((4, 5), 0, 1, 1, 4, 4),
        ("SAME", 0, None, 8, 0, 1),
        ("SAME", 0, 8, 8, 0, 1),
        ("SAME", 0, 7, 7, 1, 1),
        ("SAME_LOWER", 0, None, 8, 1, 0),
        ("SAME_LOWER", 0, 10, 10, 0, -1),
        ("SAME_LOWER", 0, 6, 6, 2, 1),
        ("SAME_LOWER", 0, 1, 1, 4, 4),
    ],
)
def test_what_a_transposed_axis_comes_to(
    padding: Any, output_padding: int, asked: int | None, output_size: int, crop_before: int, crop_after: int
) -> None:
    axis = plan_transposed_axis(4, 3, 2, 1, padding, "y", output_padding, asked)
    assert axis == TransposedAxisGeometry(4, 3, 2, 1, 3, 9, crop_before, crop_after, output_size)


def shapes(padding: str, least: int, most: int, asked: int) -> str:
    return f"with {padding} the output can have {least} to {most} columns; {asked} were asked for."


def cropped(before: int, after: int) -> str:
    return f"crops {before} + {after} columns of the 9 that are stamped; nothing would be left."


@pytest.mark.parametrize(
    ("padding", "output_padding", "asked", "field", "reason"),
    [
        ("VALID", 0, 8, "output_shape", shapes("these pads", 9, 10, 8)),
        ("VALID", 0, 11, "output_shape", shapes("these pads", 9, 10, 11)),
        ((1, 1), 0, 6, "output_shape", shapes("these pads", 7, 8, 6)),
        ((4, 5), 0, 2, "output_shape", shapes("these pads", 1, 1, 2)),
        ("SAME", 0, 6, "output_shape", shapes("SAME", 7, 8, 6)),
        ("SAME", 0, 9, "output_shape", shapes("SAME", 7, 8, 9)),
        ("SAME_LOWER", 0, 0, "output_shape", shapes("SAME_LOWER", 1, 10, 0)),
        ("SAME_LOWER", 0, 11, "output_shape", shapes("SAME_LOWER", 1, 10, 11)),
        ((4, 5), 0, None, "padding", cropped(4, 5)),
        ((4, 6), 1, None, "padding", cropped(4, 6)),
        ((5, 5), 0, 1, "padding", cropped(5, 5)),
        (
            (1, 1),
            2,
            None,
            "output_padding",
            "must be less than the larger of stride 2 and dilation 1; got 2 (columns).",
        ),
        (
            "SAME",
            1,
            None,
            "output_padding",
            "1 means nothing with SAME, whose output is 4 x 2 = 8 columns; give output_shape, or pads.",
        ),
        (
            "VALID",
            1,
            10,
            "output_padding",
            "1 cannot be given together with output_shape 10; give one of them.",
        ),
    ],
)
def test_what_a_transposed_axis_cannot_be(
    padding: Any, output_padding: int, asked: int | None, field: str, reason: str
) -> None:
    with refused(field, reason):
        plan_transposed_axis(4, 3, 2, 1, padding, "x", output_padding, asked)


def test_output_padding_can_bring_back_what_is_cropped() -> None:
    """Twelve cells are stamped and thirteen cropped: the second cell behind them is the output."""
    cropped_away = TransposedAxisGeometry(4, 3, 3, 1, 3, 12, 7, 4, 1)
    assert plan_transposed_axis(4, 3, 3, 1, (7, 6), "y", 2) == cropped_away
    assert plan_transposed_axis(4, 3, 3, 1, (7, 6), "y", 0, 1) == cropped_away


def test_a_dilation_beyond_the_stride_gives_output_padding_its_room() -> None:
    assert plan_transposed_axis(2, 2, 1, 4, (0, 0), "y", 3).output_size == 9
    with refused("output_padding", "must be less than the larger of stride 1 and dilation 4; got 4 (rows)."):
        plan_transposed_axis(2, 2, 1, 4, (0, 0), "y", 4)
    # Where twice the stride is more than all the stamps cover.
    assert plan_transposed_axis(2, 1, 9, 1, "SAME_LOWER", "y", 0, 18).crop_after == -8
    with refused("output_shape", "with SAME_LOWER the output can have 1 to 18 rows; 19 were asked for."):
        plan_transposed_axis(2, 1, 9, 1, "SAME_LOWER", "y", 0, 19)


def test_the_longest_axes() -> None:
    assert plan_axis(1, 1, 1, 1, (2**30, 2**30 - 2), "y").output_size == LARGEST
    assert plan_transposed_axis(2, 1, 2**30 - 1, 1, "VALID", "y").output_size == 2**30
    assert plan_transposed_axis(1, 2, 1, 2**30 - 1, "VALID", "y").output_size == 2**30
    for stride, dilation, kernel, size in ((2**30, 1, 1, 2), (1, 2**30, 2, 1)):
        with refused("strides", f"makes an output of {2**30 + 1} rows; at most {LARGEST} fit."):
            plan_transposed_axis(size, kernel, stride, dilation, "VALID", "y")


@pytest.mark.parametrize("size", [-1, True, 3.0, LARGEST + 1])
def test_a_size_that_is_none(size: Any) -> None:
    plan_axis(3, 1, 1, 1, "VALID", "y")  # is kept, and equals 3.0
    plan_axis(1, 1, 1, 1, "VALID", "y")
    plan_transposed_axis(3, 1, 1, 1, "VALID", "y")
    plan_transposed_axis(1, 1, 1, 1, "VALID", "y")
    for one in (plan_axis, plan_transposed_axis):
        with pytest.raises(EngineError, match=r"^input: must be"):
            one(size, 1, 1, 1, "VALID", "y")


def test_an_input_without_a_cell() -> None:
    """Padding alone can hold a window of a convolution, but no stamp and no pool is made of nothing."""
    assert plan_axis(0, 2, 1, 1, (1, 2), "y") == AxisGeometry(0, 2, 1, 1, 2, 1, 2, 2, 0)
    pools = [kind(size) for kind in (MaxPool2D, AvgPool2D) for size in ("global", (1, 1))]
    for spec in (*pools, Conv2DTranspose(np.ones((1, 1, 1, 1)))):
        assert plan(spec, 1, 1).positions == 1
        for height, width in ((0, 1), (1, 0)):
            with refused("input", "must be at least 1; got 0."):
                plan(spec, height, width)


def test_a_pool_of_all_has_one_window() -> None:
    geometry = plan(MaxPool2D("global"), 3, 5)
    assert geometry == Geometry(
        AxisGeometry(3, 3, 1, 1, 3, 0, 0, 1, 0), AxisGeometry(5, 5, 1, 1, 5, 0, 0, 1, 0)
    )


def test_the_axes_of_stamps_are_not_mixed_up() -> None:
    spec = Conv2DTranspose(
        np.ones((2, 3, 1, 1)), None, (4, 5), (6, 7), ((1, 2), (3, 4)), output_padding=(3, 6)
    )
    geometry = plan(spec, 30, 50)
    assert geometry.y == TransposedAxisGeometry(30, 2, 4, 6, 7, 123, 1, -1, 123)
    assert geometry.x == TransposedAxisGeometry(50, 3, 5, 7, 15, 260, 3, -2, 259)
    wanted = Conv2DTranspose(np.ones((2, 3, 1, 1)), None, (4, 5), padding="SAME", output_shape=(118, 247))
    geometry = plan(wanted, 30, 50)
    assert (geometry.output_height, geometry.output_width) == (118, 247)


@pytest.mark.parametrize(
    ("kernel", "stride", "fits"), [(4, 1, False), (4, 2, True), (5, 2, False), (5, 3, True), (6, 3, False)]
)
def test_the_first_window_overhangs_by_less_than_a_stride(kernel: int, stride: int, fits: bool) -> None:
    """In ceil_mode, over three cells."""
    if fits:
        axis = plan_axis(3, kernel, stride, 1, "VALID", "y", ceil=True)
        assert (axis.output_size, axis.leftover, axis.overhang) == (1, 0, kernel - 3)
    else:
        with pytest.raises(EngineError, match=f"^kernel: .* a window of {kernel} cells .* input of 3 "):
            plan_axis(3, kernel, stride, 1, "VALID", "y", ceil=True)


modes = st.sampled_from(PADDING_MODES)
sides = st.integers(0, 4)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 3),
    sides,
    sides,
    modes,
    st.booleans(),
)
def test_a_line_is_the_padded_input(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int, mode: Any, ceil: bool
) -> None:
    """As numpy.pad lays it, with zeros behind it where a window overhangs."""
    try:
        axis = plan_axis(size, kernel, stride, dilation, (before, after), "y", ceil=ceil, padding_mode=mode)
    except EngineError:
        return
    extra = {"constant_values": -1} if mode == "zeros" else {}
    laid = np.pad(np.arange(size), (before, after), PAD[mode], **extra).tolist()  # type: ignore[call-overload]
    line = [None if cell == -1 else cell for cell in laid] + [None] * (kernel * dilation + stride)
    assert axis.padded_size == len(laid)
    assert axis.line_size == axis.taps(axis.output_size - 1)[-1] + before + 1
    assert [axis.line_source(cell) for cell in range(len(line))] == line
    assert (axis.step, axis.origin, axis.tap_step) == (stride, 0, dilation)
    read = set()
    for position in range(axis.output_size):
        places = [position * stride + tap * dilation for tap in range(kernel)]
        assert axis.taps(position) == tuple(place - before for place in places)
        assert axis.sources(position) == tuple(line[place] for place in places)
        assert axis.cells_inside(position) == sum(before <= place < before + size for place in places)
        assert axis.cells_padded(position) == sum(place < len(laid) for place in places)
        read |= set(axis.sources(position))
    assert set(axis.never_read) == set(range(size)) - read
    for outside in (-1, axis.output_size):
        with pytest.raises(EngineError, match=r"^position: must be"):
            axis.taps(outside)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), sides, sides, st.data())
def test_a_line_of_stamps_is_the_stuffed_input(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int, data: st.DataObject
) -> None:
    more = data.draw(st.integers(0, max(stride, dilation) - 1))
    try:
        axis = plan_transposed_axis(size, kernel, stride, dilation, (before, after), "y", more)
    except EngineError:
        return
    reached: dict[tuple[int, int], int] = {}
    for index in range(size):
        stamp = [index * stride + tap * dilation - before for tap in range(kernel)]
        assert axis.stamp(index) == tuple(stamp)
        reached |= {(place, tap): index for tap, place in enumerate(stamp)}
    for position in range(axis.output_size):
        sources = [reached.get((position, tap)) for tap in range(kernel)]
        assert axis.sources(position) == tuple(sources)
        lies = [position * axis.step + axis.origin + tap * axis.tap_step for tap in range(kernel)]
        assert min(lies) >= 0
        assert max(lies) < axis.line_size
        assert [axis.line_source(cell) for cell in lies] == sources
        for tap, place in enumerate(axis.taps(position)):
            assert place is None or place * stride + tap * dilation - before == position
            assert place is not None or (position + before - tap * dilation) % stride
    assert axis.line_size == axis.output_size + axis.span - 1
    kept = {index for (place, _), index in reached.items() if 0 <= place < axis.output_size}
    assert axis.never_read == tuple(sorted(set(range(size)) - kept))
    for field, last in (("position", axis.output_size), ("index", size)):
        for outside in (-1, last):
            with pytest.raises(EngineError, match=f"^{field}: must be"):
                axis.taps(outside) if field == "position" else axis.stamp(outside)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 5),
    st.tuples(st.integers(0, 6), st.integers(0, 6)) | st.sampled_from(["SAME", "SAME_LOWER", "FULL"]),
    st.booleans(),
)
def test_a_pool_is_refused_for_its_first_window_without_a_cell(
    size: int, kernel: int, stride: int, dilation: int, padding: Any, ceil: bool
) -> None:
    numbers = (kernel, kernel), (stride, stride), (dilation, dilation)
    given_padding = padding if isinstance(padding, str) else (padding, padding)
    try:
        axis = plan_axis(size, kernel, stride, dilation, padding, "y", ceil=ceil)
    except EngineError:
        return
    empty = [
        position for position in range(axis.output_size) if not set(axis.taps(position)) & set(range(size))
    ]
    counting = AvgPool2D(*numbers, given_padding, ceil_mode=ceil, count_include_pad=True)
    assert plan(counting, size, size).y == axis
    for spec in (
        MaxPool2D(*numbers, given_padding, ceil_mode=ceil),
        AvgPool2D(*numbers, given_padding, ceil_mode=ceil),
    ):
        if empty:
            start = axis.taps(empty[0])[0]
            with refused(
                "padding",
                f"window {empty[0]} of the rows lies on padding alone, from {start} to "
                f"{start + axis.span - 1} of an input of {size}; a pool has nothing to take there.",
            ):
                plan(spec, size, size)
        else:
            assert plan(spec, size, size).y == axis


def test_a_convolution_has_no_window_too_many() -> None:
    """Conv2D knows no ceil_mode, whatever the padding."""
    geometry = plan(Conv2D(np.ones((2, 2, 1, 1)), None, (2, 2), padding="VALID"), 5, 4)
    assert (geometry.y.output_size, geometry.x.output_size, geometry.cells_never_read) == (2, 2, 4)
