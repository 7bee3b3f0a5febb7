"""The limits against counting: what is let through is within all of them, and what is refused is not."""

import math
from itertools import product
from typing import Any

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
from engine.spec import Conv2D, Conv2DTranspose, Operation, Weighted
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


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
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


def test_a_limit_is_the_last_that_is_allowed() -> None:
    spec = Conv2D([[[[1.0, 2.0]]]], strides=(3, 2), padding=((1, 0), (0, 2)))
    geometry = plan(spec, 7, 9)
    assert (geometry.output_height, geometry.output_width) == (3, 6)
    # As it is laid out: rows -1 to 5, columns 0 to 10.
    exact = {
        "stride": 3,
        "padding": 2,
        "padded_values": 77,
        "output_values": 36,
        "work": 36,
        "kernel_side": 1,
    }
    assert math.prod((3, 6, 2)) == 36
    check_spec(spec, Settings.model_validate(exact))
    check_geometry(spec, geometry, 1, 1, Settings.model_validate(exact))
    for name in ("stride", "padding", "padded_values", "output_values", "work"):
        less = Settings.model_validate(exact | {name: exact[name] - 1})
        by_spec = name in ("stride", "padding")
        with pytest.raises(RefusedError):
            check_spec(spec, less) if by_spec else check_geometry(spec, geometry, 1, 1, less)
