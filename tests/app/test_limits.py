"""The limits against counting: what is let through is within all of them, and what is refused is not."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.errors import RefusedError
from app.services.limits import check_geometry, check_spec
from app.settings import Settings
from engine.axes import AxisGeometry, TransposedAxisGeometry
from engine.geometry import Geometry, plan
from engine.ops import out_channels
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)
from tests.engine import drawn

LIMITS = {
    "kernel_side": st.integers(1, 5),
    "taps": st.integers(1, 400),
    "stride": st.integers(1, 6),
    "dilation": st.integers(1, 5),
    "padding": st.integers(0, 6),
    "padded_values": st.integers(1, 9000),
    "output_values": st.integers(1, 9000),
    "work": st.integers(1, 200_000),
    "input_side": st.integers(1, 20),
}


@st.composite
def limits(draw: Any) -> Settings:
    """Settings of which a few limits are low enough to matter."""
    names = draw(st.lists(st.sampled_from(sorted(LIMITS)), max_size=3, unique=True))
    return Settings.model_validate({name: draw(LIMITS[name]) for name in names})


def laid_out(spec: Operation, geometry: Geometry) -> int:
    """Cells that have to be there for the loops: from the first tap to the last one along both axes."""
    counted = 1
    for axis in (geometry.y, geometry.x):
        if isinstance(axis, TransposedAxisGeometry):
            stamped = [cell for index in range(axis.input_size) for cell in axis.stamp(index)]
            counted *= max(*stamped, axis.output_size - 1) + axis.crop_before + 1
        else:
            taps = [tap for position in range(axis.output_size) for tap in axis.taps(position)]
            counted *= max(taps) - min(taps) + 1
    return counted


def multiply_adds(spec: Operation, geometry: Geometry, channels: int) -> int:
    """Counted one by one along the axes."""
    depth = spec.group_channels if isinstance(spec, Weighted) else 1
    counted = 0
    if isinstance(geometry.y, TransposedAxisGeometry) and isinstance(geometry.x, TransposedAxisGeometry):
        for y, x in product(range(geometry.y.input_size), range(geometry.x.input_size)):
            counted += len(geometry.y.stamp(y)) * len(geometry.x.stamp(x))
    else:
        for y, x in product(range(geometry.output_height), range(geometry.output_width)):
            counted += len(geometry.y.taps(y)) * len(geometry.x.taps(x))
    return counted * depth * channels


def transposed(*padding: tuple[int, int]) -> Conv2DTranspose:
    """[height, width, out, in]: 3 x 2 x 4 x 3."""
    return Conv2DTranspose(np.ones((3, 2, 4, 3)), None, (2, 3), padding=padding, output_padding=(1, 0))


Exact = dict[str, tuple[int, str, str]]
# An operation over an input [batch, height, width, channels]; what it comes to, and what is said where the
# limit is one less.
EXACT: list[tuple[Operation, tuple[int, int, int, int], Exact]] = [
    (
        # Rows -1 to 6, columns 0 to 10; 2 x 4 positions.
        Conv2D(np.ones((3, 5, 2, 4)), None, (3, 2), (2, 1), ((1, 0), (0, 2))),
        (3, 7, 9, 2),
        {
            "kernel_side": (5, "kernel", "is 3 x 5; the longest side may be 4"),
            "taps": (30, "kernel", "has 3 x 5 x 2 = 30 taps; the limit is 29"),
            "stride": (3, "strides", "is 3; the limit is 2"),
            "dilation": (2, "dilations", "is 2; the limit is 1"),
            "padding": (2, "padding", "is 2; the limit is 1"),
            "padded_values": (176, "padding", "would need 176 values in the padded input; the limit is 175"),
            "output_values": (96, "", "would need 96 values in the output; the limit is 95"),
            "work": (2880, "", "would need 2880 multiply-adds; the limit is 2879"),
        },
    ),
    (
        # Rows of 9 cells and one more, columns of 14, of which 3 are cropped.
        transposed((0, 0), (1, 2)),
        (2, 4, 5, 3),
        {
            "kernel_side": (3, "kernel", "is 3 x 2; the longest side may be 2"),
            "padded_values": (
                1120,
                "strides",
                "would need 1120 values in the output before it is cropped; the limit is 1119",
            ),
            "output_values": (880, "", "would need 880 values in the output; the limit is 879"),
            "work": (2880, "", "would need 2880 multiply-adds; the limit is 2879"),
        },
    ),
    (
        transposed((0, 0), (1, 2)),
        (1, 4, 5, 3),
        {
            "padding": (2, "padding", "is 2; the limit is 1"),
            "input_side": (7, "strides", "would make an output with a side of 11 cells; the limit is 10"),
        },
    ),
    (
        transposed((3, 1), (0, 0)),
        (1, 8, 1, 3),
        {
            "input_side": (8, "strides", "would make an output with a side of 14 cells; the limit is 13"),
            "padding": (3, "padding", "is 3; the limit is 2"),
            "padded_values": (
                136,
                "strides",
                "would need 136 values in the output before it is cropped; the limit is 135",
            ),
        },
    ),
    (
        Conv2D(np.ones((1, 4, 1, 1)), padding="SAME", padding_mode="circular"),
        (1, 4, 4, 1),
        {"padding": (2, "padding", "comes to 2 on one side; the limit is 1")},
    ),
    (
        Conv2D(np.ones((4, 1, 1, 1)), padding="SAME_LOWER", padding_mode="reflect"),
        (1, 4, 4, 1),
        {"padding": (2, "padding", "comes to 2 on one side; the limit is 1")},
    ),
    (
        DepthwiseConv2D(np.ones((2, 2, 3, 2)), strides=(1, 1)),
        (1, 4, 4, 3),
        {
            "taps": (4, "kernel", "has 2 x 2 x 1 = 4 taps; the limit is 3"),
            "output_values": (96, "", "would need 96 values in the output; the limit is 95"),
        },
    ),
    (
        MaxPool2D((2, 3), (2, 3)),
        (1, 6, 6, 2),
        {
            "kernel_side": (3, "kernel_size", "is 2 x 3; the longest side may be 2"),
            "taps": (6, "kernel_size", "has 2 x 3 x 1 = 6 taps; the limit is 5"),
            "stride": (3, "strides", "is 3; the limit is 2"),
        },
    ),
    (
        AvgPool2D("global"),
        (2, 6, 5, 2),
        {"work": (120, "", "would need 120 multiply-adds; the limit is 119")},
    ),
]


@pytest.mark.parametrize(("spec", "shape", "exact"), EXACT)
def test_a_limit_is_the_last_that_is_allowed(
    spec: Operation, shape: tuple[int, int, int, int], exact: Exact
) -> None:
    batch, height, width, channels = shape
    geometry = plan(spec, height, width)
    limits = {name: value for name, (value, _, _) in exact.items()}

    def check(limits: dict[str, int]) -> None:
        settings = Settings.model_validate(limits)
        check_spec(spec, settings)
        check_geometry(spec, geometry, batch, channels, settings)

    check(limits)
    for name, (value, field, reason) in exact.items():
        with pytest.raises(RefusedError) as refused:
            check(limits | {name: value - 1})
        assert refused.value.field == ".".join(filter(None, ("operation", field)))
        assert refused.value.reason == reason


def test_zeros_may_be_as_many_as_there_is_room_for() -> None:
    for side in ((1, 9), (9, 1)):
        spec = Conv2D(np.ones((*side, 1, 1)), padding="SAME")
        check_geometry(spec, plan(spec, 4, 4), 1, 1, Settings(padding=0))


def test_axes_of_two_kinds_are_a_mistake_of_ours() -> None:
    spec = transposed((0, 0), (0, 0))
    geometry = Geometry(plan(spec, 4, 5).y, plan(MaxPool2D((2, 2)), 4, 5).x)
    with pytest.raises(TypeError):
        check_geometry(spec, geometry, 1, 3, Settings())


@hypothesis_settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(drawn.settings(), limits(), st.integers(1, 3))
def test_what_is_let_through_is_within_every_limit(
    drawn_case: tuple[Operation, Any], most: Settings, batch: int
) -> None:
    spec, cells = drawn_case
    _, height, width, in_channels = cells.shape
    geometry = plan(spec, height, width)
    channels = out_channels(spec, in_channels)
    size = (1, 1) if spec.kernel_size == "global" else spec.kernel_size
    depth = spec.group_channels if isinstance(spec, Weighted) else 1
    pads = [] if isinstance(spec.padding, str) else [pad for sides in spec.padding for pad in sides]
    too_much = [
        max(size) > most.kernel_side,
        size[0] * size[1] * depth > most.taps,
        max(spec.strides) > most.stride,
        max(spec.dilations) > most.dilation,
        max(pads, default=0) > most.padding,
    ]
    laid_channels = in_channels
    for axis in (geometry.y, geometry.x):
        if isinstance(axis, AxisGeometry) and axis.padding_mode != "zeros":
            too_much.append(max(axis.pad_before, axis.pad_after) > most.padding)
        if isinstance(axis, TransposedAxisGeometry):
            too_much.append(axis.output_size > most.input_side + 2 * most.padding)
            laid_channels = batch * channels
    too_much += [
        laid_out(spec, geometry) * laid_channels > most.padded_values,
        batch * geometry.output_height * geometry.output_width * channels > most.output_values,
        batch * multiply_adds(spec, geometry, channels) > most.work,
    ]

    def check() -> None:
        check_spec(spec, most)
        check_geometry(spec, geometry, batch, in_channels, most)

    if any(too_much):
        with pytest.raises(RefusedError):
            check()
    else:
        check()


@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
@pytest.mark.parametrize("huge", [2**16, 2**24, 2**31 - 1])
def test_numbers_beyond_all_sense_are_refused_before_anything_is_made(kind: type, huge: int) -> None:
    """Whatever the sides come to, it is a number of Python's, and nothing is as long as it says."""
    most = Settings()
    for name in ("strides", "dilations", "padding"):
        value: Any = ((huge, huge), (huge, huge)) if name == "padding" else (huge, huge)
        spec = kind([[[[1.0]], [[1.0]]], [[[1.0]], [[1.0]]]], **{name: value})
        with pytest.raises(RefusedError) as refused:
            check_spec(spec, most)
        assert refused.value.field == f"operation.{name}"
        assert refused.value.reason == f"is {huge}; the limit is {getattr(most, name.rstrip('s'))}"
