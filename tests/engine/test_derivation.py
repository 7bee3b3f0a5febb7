"""The steps of a derivation are read as mathematics and have to give their values."""

from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.axes import AxisGeometry
from engine.derivation import derive
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D, Operation
from tests.engine.drawn import specs

PYTHON = str.maketrans({"×": "*", "÷": "/", "−": "-", "⌊": "floor(", "⌈": "ceil(", "⌋": ")", "⌉": ")"})
MATHEMATICS = {"__builtins__": {}, "floor": floor, "ceil": ceil, "max": max}


def worked_out(formula: str, known: dict[str, Any]) -> int:
    answer: int = eval(formula.translate(PYTHON), MATHEMATICS, known)
    return answer


def check(spec: Operation, height: int, width: int) -> list[list[str]]:
    """Every step of both axes; answers what they are called."""
    geometry = plan(spec, height, width)
    pads = None if isinstance(spec.padding, str) else spec.padding
    asked: dict[str, Any] = {"padding": pads}
    if isinstance(spec, Conv2DTranspose):
        asked |= {"output_padding": spec.output_padding, "output_shape": spec.output_shape}
    names = []
    for index, axis in ((0, geometry.y), (1, geometry.x)):
        given_numbers = ("input_size", "kernel_size", "stride", "dilation")
        known = asked | {name: getattr(axis, name) for name in given_numbers}
        steps = derive(spec, geometry, 1 if index else 0)
        for name, symbols, numbers, value in steps:
            # What a step says of itself and what is known from the steps before it.
            assert worked_out(symbols, known) == value, name
            assert worked_out(numbers, {}) == value, name
            assert not any(letter.isalpha() for letter in numbers.replace("max(", "("))
            known[name] = value
        names.append([step.name for step in steps])
        told = {name: value for name, value in known.items() if hasattr(axis, name)}
        assert told == {name: getattr(axis, name) for name in told}
        assert {"span", "output_size"} <= set(told)
        left, right = axis.formula().split(" = ")
        assert worked_out(left, {}) == int(right) == axis.output_size
        assert worked_out(axis.output_symbols, vars(axis)) == axis.output_size
    return names


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 14), st.integers(1, 14))
def test_any_operation(data: st.DataObject, height: int, width: int) -> None:
    spec = data.draw(specs(np.random.default_rng(3)))
    try:
        plan(spec, height, width)
    except EngineError:
        assume(False)
    check(spec, height, width)


KERNEL = np.ones((3, 2, 1, 1), np.float32)
START, PADS, SIZE = ["span"], ["pad_before", "pad_after"], ["output_size"]
CROPPED = ["span", "full_size"]


@pytest.mark.parametrize(
    ("spec", "rows", "columns"),
    [
        (Conv2D(KERNEL), *[[*START, "pad_total", *PADS, *SIZE, "leftover"]] * 2),
        (Conv2D(KERNEL, padding="VALID"), *[[*START, *PADS, *SIZE, "leftover"]] * 2),
        (
            MaxPool2D((2, 3), (2, 2), padding="VALID", ceil_mode=True),
            [*START, *PADS, *SIZE, "overhang"],
            [*START, *PADS, *SIZE, "leftover"],
        ),
        (MaxPool2D("global"), *[["kernel_size", *START, *PADS, *SIZE, "leftover"]] * 2),
        (
            Conv2DTranspose(KERNEL, strides=(2, 3)),
            *[[*CROPPED, *SIZE, "crop_total", "crop_before", "crop_after"]] * 2,
        ),
        (
            Conv2DTranspose(KERNEL, strides=(2, 3), padding="VALID", output_shape=(16, 21)),
            *[[*CROPPED, "crop_before", *SIZE, "crop_after"]] * 2,
        ),
        (
            Conv2DTranspose(KERNEL, strides=(2, 3), padding=((1, 0), (2, 1)), output_padding=(1, 2)),
            *[[*CROPPED, "crop_before", *SIZE, "crop_after"]] * 2,
        ),
    ],
)
def test_the_steps(spec: Operation, rows: list[str], columns: list[str]) -> None:
    assert check(spec, 7, 7) == [rows, columns]


def test_the_words_of_one_derivation() -> None:
    spec = Conv2D(KERNEL, strides=(2, 1), dilations=(2, 1), padding="SAME_LOWER")
    told = [(step.name, step.symbols, step.numbers, step.value) for step in derive(spec, plan(spec, 9, 7), 0)]
    assert told == [
        ("span", "(kernel_size − 1) × dilation + 1", "(3 − 1) × 2 + 1", 5),
        (
            "pad_total",
            "max((⌈input_size ÷ stride⌉ − 1) × stride + span − input_size, 0)",
            "max((⌈9 ÷ 2⌉ − 1) × 2 + 5 − 9, 0)",
            4,
        ),
        ("pad_before", "⌈pad_total ÷ 2⌉", "⌈4 ÷ 2⌉", 2),
        ("pad_after", "⌊pad_total ÷ 2⌋", "⌊4 ÷ 2⌋", 2),
        (
            "output_size",
            "⌊(input_size + pad_before + pad_after − span) ÷ stride⌋ + 1",
            "⌊(9 + 2 + 2 − 5) ÷ 2⌋ + 1",
            5,
        ),
        (
            "leftover",
            "input_size + pad_before + pad_after − span − (output_size − 1) × stride",
            "9 + 2 + 2 − 5 − (5 − 1) × 2",
            0,
        ),
    ]


def test_a_window_that_ceil_mode_does_not_lay_is_taken_off() -> None:
    """PyTorch lays no window that would start on the padding behind the input, though it would fit there."""
    spec = AvgPool2D((2, 1), padding=((0, 3), (0, 0)), ceil_mode=True, count_include_pad=True)
    axis = plan(spec, 4, 1).y
    assert isinstance(axis, AxisGeometry)
    assert axis.formula() == "⌊(4 + 0 + 3 − 2) ÷ 1⌋ + 1 − 1 = 5"
