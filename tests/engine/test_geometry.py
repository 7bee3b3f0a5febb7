"""Shapes against enumeration: the golden file, and Hypothesis for what it does not hold."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.axes import AxisGeometry
from engine.errors import EngineError
from engine.geometry import plan, plan_axis, plan_transposed_axis
from engine.spec import Conv2D
from tests.golden import make

GOLDEN = json.loads(make.PATH.read_text("utf-8"))


def asked(one: dict[str, Any]) -> AxisGeometry:
    padding = one["padding"] if isinstance(one["padding"], str) else tuple(one["padding"])
    numbers = one["input_size"], one["kernel_size"], one["stride"], one["dilation"]
    mode, ceil = one.get("padding_mode", "zeros"), one.get("ceil", False)
    return plan_axis(*numbers, padding, "y", ceil=ceil, padding_mode=mode)


def answered(one: dict[str, Any], axis: AxisGeometry) -> dict[str, Any]:
    """The geometry under the keys of the golden file."""
    return {
        **{
            name: getattr(axis, name) for name in one if name not in ("padding", "ceil", "taps", "never_read")
        },
        **{name: one[name] for name in ("padding", "ceil") if name in one},
        "never_read": list(axis.never_read),
        "taps": {"first": axis.first, "stride": axis.stride, "offsets": list(axis.offsets)},
    }


def test_the_golden_file_is_what_its_generator_makes() -> None:
    assert make.PATH.read_text("utf-8") == make.text(make.everything())
    assert len(GOLDEN["cases"]) > 300
    assert len(GOLDEN["refusals"]) > 50
    assert min(len(GOLDEN[part]) for part in ("modes", "ceilings", "stamps")) > 60


@pytest.mark.parametrize("one", GOLDEN["cases"] + GOLDEN["modes"] + GOLDEN["ceilings"], ids=str)
def test_golden_cases(one: dict[str, Any]) -> None:
    assert answered(one, asked(one)) == one


@pytest.mark.parametrize("one", GOLDEN["stamps"], ids=lambda one: str(one)[:140])
def test_golden_stamps(one: dict[str, Any]) -> None:
    padding = one["padding"] if isinstance(one["padding"], str) else tuple(one["padding"])
    numbers = one["input_size"], one["kernel_size"], one["stride"], one["dilation"]
    axis = plan_transposed_axis(*numbers, padding, "y", one["output_padding"])
    for name in ("output_size", "crop_before", "crop_after"):
        assert getattr(axis, name) == one[name], name
    assert list(axis.never_read) == one["never_read"]
    for position, readers in enumerate(one["readers"]):
        found = [[source, tap] for tap, source in enumerate(axis.sources(position)) if source is not None]
        assert sorted(found) == sorted(readers)


@pytest.mark.parametrize("one", GOLDEN["refusals"], ids=str)
def test_golden_refusals(one: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as refusal:
        asked(one)
    assert refusal.value.field == "kernel"
    assert refusal.value.reason == (
        f"This kernel does not fit: a window of {one['span']} cells is larger than the padded input of "
        f"{one['padded_size']} (rows). Use a smaller kernel, less dilation, or padding."
    )


paddings = st.sampled_from(["SAME", "SAME_LOWER", "VALID", "FULL"]) | st.tuples(
    st.integers(0, 9), st.integers(0, 9)
)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 12), st.integers(1, 7), paddings)
def test_any_axis_is_what_enumeration_finds(
    input_size: int, kernel_size: int, stride: int, dilation: int, padding: Any
) -> None:
    expected = make.case(input_size, kernel_size, stride, dilation, padding)
    if "taps" not in expected:
        with pytest.raises(
            EngineError, match=f"of {expected['span']} cells .* of {expected['padded_size']} "
        ):
            asked(expected)
        return
    axis = asked(expected)
    assert answered(expected, axis) == expected
    first, offsets = expected["taps"]["first"], expected["taps"]["offsets"]
    for position in range(axis.output_size):
        assert axis.taps(position) == tuple(first + position * stride + offset for offset in offsets)


@given(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["SAME", "SAME_LOWER", "FULL", ((6, 5), (4, 7))]),
)
def test_cells_that_no_window_reads_are_counted(
    size: Any, kernel: Any, strides: Any, dilations: Any, padding: Any
) -> None:
    geometry = plan(Conv2D(np.ones((*kernel, 1, 1)), None, strides, dilations, padding), *size)
    read = np.zeros(size, bool)
    for position in range(geometry.positions):
        y, x = geometry.coordinates(position)
        assert position == y * geometry.output_width + x
        for row in geometry.y.taps(y):
            for column in geometry.x.taps(x):
                if 0 <= row < size[0] and 0 <= column < size[1]:
                    read[row, column] = True
    assert geometry.cells_never_read == np.count_nonzero(~read)


def test_the_axes_are_not_mixed_up() -> None:
    spec = Conv2D(np.ones((2, 3, 1, 1)), None, (4, 5), (6, 7), ((8, 9), (10, 11)))
    geometry = plan(spec, 30, 50)
    assert geometry.y == AxisGeometry(30, 2, 4, 6, 7, 8, 9, 11, 0)
    assert geometry.x == AxisGeometry(50, 3, 5, 7, 15, 10, 11, 12, 1)
    assert (geometry.output_height, geometry.output_width, geometry.positions) == (11, 12, 132)
    assert (geometry.y.padded_size, geometry.x.padded_size) == (47, 71)
    assert geometry.line_cells == (10 * 4 + 7) * (11 * 5 + 15)
    with pytest.raises(
        EngineError, match=r"window of 15 cells is larger than the padded input of 1\d \(columns\)"
    ):
        plan(Conv2D(np.ones((1, 3, 1, 1)), None, (1, 1), (1, 7), ((0, 0), (4, 4))), 30, 5)


def test_the_formula_has_the_numbers_put_in() -> None:
    assert plan_axis(64, 3, 1, 1, "SAME", "y").formula() == "⌊(64 + 1 + 1 − 3) ÷ 1⌋ + 1 = 64"
    assert plan_axis(31, 5, 3, 2, (0, 7), "x").formula() == "⌊(31 + 0 + 7 − 9) ÷ 3⌋ + 1 = 10"


@pytest.mark.parametrize("position", [-1, 132, 10**30, 1.0, True, None])
def test_positions_outside_are_refused(position: Any) -> None:
    geometry = plan(Conv2D(np.ones((2, 3, 1, 1))), 11, 12)
    with pytest.raises(EngineError, match=r"^position: must be (from 0 to 131|a whole number)"):
        geometry.coordinates(position)


def test_huge_numbers_neither_overflow_nor_take_long() -> None:
    axis = plan_axis(7, 2, 3, 2**29, "SAME", "y")
    assert axis.span == 2**29 + 1
    # One tap lies far before the input, the other far after it.
    assert (axis.output_size, axis.never_read) == (3, (0, 1, 2, 3, 4, 5, 6))
    axis = plan_axis(7, 1, 3, 1, (2**29, 2**29), "y")
    assert axis.never_read == tuple(cell for cell in range(7) if (cell + 2**29) % 3)
    with pytest.raises(
        EngineError, match=r"padding: makes an input of 2147483648 columns; at most 2147483647"
    ):
        plan_axis(1, 1, 1, 1, (2**30, 2**30 - 1), "x")
    with pytest.raises(EngineError, match="padding: makes an input of"):
        plan_axis(7, 2**20, 3, 2**29, "SAME", "y")
