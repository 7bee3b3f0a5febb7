"""What a spec keeps, and everything it refuses."""

from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError
from engine.spec import Conv2D, exact_float32

KERNEL = np.ones((2, 3, 4, 5))

BAD: list[tuple[str, dict[str, Any], str]] = [
    # field, what is given instead of a good one, what the reason must contain
    ("strides", {"strides": (0, 1)}, "at least 1; got 0"),
    ("strides", {"strides": (1, -2)}, "at least 1; got -2"),
    ("strides", {"strides": (1.5, 1)}, "whole number; got 1.5"),
    ("strides", {"strides": (1, 2.0)}, "whole number; got 2.0"),
    ("strides", {"strides": (True, 1)}, "whole number; got True"),
    ("strides", {"strides": (np.bool_(True), 1)}, "whole number"),
    ("strides", {"strides": (1, "2")}, "whole number; got '2'"),
    ("strides", {"strides": (1, 1, 1)}, "[y, x]; got (1, 1, 1)"),
    ("strides", {"strides": 2}, "[y, x]; got 2"),
    ("strides", {"strides": "11"}, "[y, x]; got '11'"),
    ("strides", {"strides": (1, 2**31)}, "from 1 to 2147483647; got 2147483648"),
    ("dilations", {"dilations": (0, 1)}, "at least 1; got 0"),
    ("dilations", {"dilations": (1, None)}, "whole number; got None"),
    ("dilations", {"dilations": (1, float("nan"))}, "whole number; got nan"),
    (
        "padding",
        {"padding": "same"},
        "SAME, SAME_LOWER, VALID, FULL or [[top, bottom], [left, right]]; got 'same'",
    ),
    ("padding", {"padding": "EXPLICIT"}, "got 'EXPLICIT'"),
    ("padding", {"padding": None}, "got None"),
    ("padding", {"padding": 1}, "got 1"),
    ("padding", {"padding": (1, 1)}, "whole numbers"),
    ("padding", {"padding": ((1, 1), (1, -1))}, "at least 0; got -1"),
    ("padding", {"padding": ((1, 1), (0.5, 1))}, "whole number; got 0.5"),
    ("padding", {"padding": ((1, 1), (1, 1, 1))}, "got (1, 1, 1)"),
    ("padding", {"padding": ((0, 0), (1, 1), (1, 1), (0, 0))}, "[[top, bottom], [left, right]]"),
    ("bias", {"bias": [1, 2, 3]}, "shape [5], one number per output channel, not [3]"),
    ("bias", {"bias": [[1, 2, 3, 4, 5]]}, "not [1, 5]"),
    ("bias", {"bias": [1, 2, float("nan"), 4, 5]}, "nan at [2] is not a finite"),
    ("bias", {"bias": []}, "must not be empty"),
    ("kernel", {"kernel": np.ones((3, 3))}, "4 dimensions"),
    ("kernel", {"kernel": np.ones((3, 0, 1, 1))}, "must not be empty; its shape is [3, 0, 1, 1]"),
    ("kernel", {"kernel": np.full((1, 2, 1, 1), np.inf)}, "inf at [0, 0, 0, 0] is not a finite"),
    ("kernel", {"kernel": np.full((1, 1, 1, 1), 1e39)}, "1e+39 at [0, 0, 0, 0] is not a finite float32"),
    ("kernel", {"kernel": [[[[16777217]]]]}, "16777217 at [0, 0, 0, 0] is not exactly representable"),
    ("kernel", {"kernel": [[[[2**53 + 1]]]]}, "not exactly representable"),
    ("kernel", {"kernel": [[[[2**80]]]]}, "real numbers, not of object"),
    ("kernel", {"kernel": [[[[1, 2], [3]]]]}, "rectangular"),
    ("kernel", {"kernel": np.ones((1, 1, 1, 1), complex)}, "not of complex128"),
    ("kernel", {"kernel": np.ones((1, 1, 1, 1), bool)}, "not of bool"),
    ("kernel", {"kernel": [[[["1"]]]]}, "real numbers"),
    ("kernel", {"kernel": None}, "not of object"),
]


@pytest.mark.parametrize(("field", "given", "reason"), BAD, ids=[f"{row[0]}-{row[2]}" for row in BAD])
def test_bad_specs_name_the_field_and_the_numbers(field: str, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(EngineError) as refusal:
        Conv2D(**{"kernel": KERNEL, **given})
    assert refusal.value.field == field
    assert reason in refusal.value.reason
    assert str(refusal.value) == f"{field}: {refusal.value.reason}"


def test_a_spec_is_normalised() -> None:
    bias = np.arange(5, dtype=np.int16)
    spec = Conv2D(KERNEL.astype(np.uint8), bias, [np.int64(2), 3], (np.uint8(4), 5), [[1, 2], [3, 4]])  # type: ignore[arg-type]
    assert spec.kernel.dtype == np.float32
    assert spec.kernel.flags.c_contiguous
    assert spec.bias is not None
    assert spec.bias.tolist() == [0, 1, 2, 3, 4]
    assert (spec.strides, spec.dilations, spec.padding) == ((2, 3), (4, 5), ((1, 2), (3, 4)))
    assert all(type(number) is int for number in (*spec.strides, *spec.dilations))
    assert (spec.kernel_height, spec.kernel_width, spec.in_channels, spec.out_channels) == (2, 3, 4, 5)
    assert spec.taps == 24


def test_a_spec_does_not_change_with_the_array_it_was_made_of() -> None:
    given = np.ones((1, 1, 1, 1), np.float32)
    spec = Conv2D(given)
    given[:] = 5
    assert spec.kernel.item() == 1
    with pytest.raises(ValueError, match="read-only"):
        spec.kernel[:] = 5


@pytest.mark.parametrize("value", [0, -1, 2**24, -(2**24), 2**24 + 2, 2**62, -(2**63), 2**63])
def test_integers_that_float32_holds_are_taken(value: int) -> None:
    assert int(exact_float32("input", [value])[0]) == value


@pytest.mark.parametrize("value", [2**24 + 1, -(2**24) - 1, 2**62 + 1, 2**63 - 1, 2**64 - 1, -(2**63) + 1])
def test_integers_that_float32_rounds_are_refused(value: int) -> None:
    with pytest.raises(EngineError, match=f"{value} at"):
        exact_float32("input", np.array([[value]]))
