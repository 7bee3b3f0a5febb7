"""What a spec keeps, and everything it refuses."""

from typing import Any

import numpy as np
import pytest

from engine.checks import exact_float32
from engine.errors import EngineError
from engine.layouts import KERNEL_LAYOUTS, kernel_from
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, Weighted
from tests.engine import naive

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
    (
        "kernel",
        {"kernel": np.full((1, 1, 1, 1), 1e39)},
        "1e+39 at [0, 0, 0, 0] is beyond the range of float32",
    ),
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
@pytest.mark.parametrize("kind", [Conv2D, DepthwiseConv2D, Conv2DTranspose])
def test_bad_specs_name_the_field_and_the_numbers(
    kind: type[Weighted], field: str, given: dict[str, Any], reason: str
) -> None:
    if kind is DepthwiseConv2D:
        reason = reason.replace("shape [5]", "shape [20]")
    if kind is Conv2DTranspose:
        reason = reason.replace("shape [5]", "shape [4]").replace("VALID, FULL", "VALID")
    assert_refused(kind, {"kernel": KERNEL, **given}, field, reason)


def assert_refused(kind: type[Operation], given: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(EngineError) as refusal:
        kind(**given)
    assert refusal.value.field == field
    assert reason in refusal.value.reason
    assert str(refusal.value) == f"{field}: {refusal.value.reason}"


OF_ONE_KIND: list[tuple[type[Operation], dict[str, Any], str, str]] = [
    (Conv2D, {"groups": 0}, "groups", "at least 1; got 0"),
    (Conv2D, {"groups": 1.0}, "groups", "whole number; got 1.0"),
    (Conv2D, {"groups": True}, "groups", "whole number; got True"),
    (Conv2D, {"groups": 3}, "groups", "must divide the 5 out_channels of the kernel; got 3"),
    (Conv2DTranspose, {"groups": 2}, "groups", "must divide the 5 in_channels of the kernel; got 2"),
    (Conv2DTranspose, {"padding": "FULL"}, "padding", "must be SAME, SAME_LOWER, VALID or"),
    (Conv2DTranspose, {"output_padding": (-1, 0)}, "output_padding", "at least 0; got -1"),
    (Conv2DTranspose, {"output_padding": 1}, "output_padding", "two whole numbers, [y, x]; got 1"),
    (Conv2DTranspose, {"output_padding": None}, "output_padding", "two whole numbers, [y, x]; got None"),
    (Conv2DTranspose, {"output_shape": (0, 3)}, "output_shape", "at least 1; got 0"),
    (Conv2DTranspose, {"output_shape": (1.5, 3)}, "output_shape", "whole number; got 1.5"),
    (Conv2DTranspose, {"output_shape": (1, 7, 7, 3)}, "output_shape", "[y, x]; got (1, 7, 7, 3)"),
    *[
        (kind, given, field, reason)
        for kind in (Conv2D, DepthwiseConv2D)
        for given, field, reason in (
            (
                {"padding_mode": "same"},
                "padding_mode",
                "must be one of zeros, reflect, replicate, circular; got 'same'",
            ),
            ({"padding_mode": None}, "padding_mode", "got None"),
            ({"activation": "softmax"}, "activation", "must be one of relu, sigmoid, tanh; got 'softmax'"),
            ({"activation": 0}, "activation", "got 0"),
            ({"flip_kernel": 1}, "flip_kernel", "must be true or false; got 1"),
            ({"flip_kernel": None}, "flip_kernel", "must be true or false; got None"),
        )
    ],
]

OF_POOLS: list[tuple[dict[str, Any], str, str]] = [
    ({"kernel_size": 2}, "kernel_size", "two whole numbers, [y, x]; got 2"),
    ({"kernel_size": (2, 0)}, "kernel_size", "at least 1; got 0"),
    ({"kernel_size": (2.5, 2)}, "kernel_size", "whole number; got 2.5"),
    ({"kernel_size": "Global"}, "kernel_size", "must be one of global; got 'Global'"),
    ({"kernel_size": (2, 2), "strides": (1.5, 1)}, "strides", "whole number; got 1.5"),
    ({"kernel_size": (2, 2), "strides": (1, 0)}, "strides", "at least 1; got 0"),
    ({"kernel_size": (2, 2), "dilations": (0, 1)}, "dilations", "at least 1; got 0"),
    ({"kernel_size": (2, 2), "padding": "same"}, "padding", "got 'same'"),
    ({"kernel_size": (2, 2), "padding": ((1, 1), (1, -1))}, "padding", "at least 0; got -1"),
    ({"kernel_size": (2, 2), "ceil_mode": 1}, "ceil_mode", "must be true or false; got 1"),
    (
        {"kernel_size": "global", "strides": (2, 1)},
        "strides",
        "a global pool, which has one window; got (2, 1)",
    ),
    (
        {"kernel_size": "global", "dilations": (1, 2)},
        "dilations",
        "global pool, which has one window; got (1, 2)",
    ),
    (
        {"kernel_size": "global", "padding": "FULL"},
        "padding",
        "global pool, which has one window; got 'FULL'",
    ),
    ({"kernel_size": "global", "padding": ((1, 0), (0, 0))}, "padding", "one window; got ((1, 0), (0, 0))"),
]


@pytest.mark.parametrize(
    ("kind", "given", "field", "reason"),
    [
        *[(kind, {"kernel": KERNEL, **given}, field, reason) for kind, given, field, reason in OF_ONE_KIND],
        *[(kind, *row) for kind in (MaxPool2D, AvgPool2D) for row in OF_POOLS],
        (
            AvgPool2D,
            {"kernel_size": (2, 2), "count_include_pad": "yes"},
            "count_include_pad",
            "must be true or false; got 'yes'",
        ),
    ],
)
def test_what_only_some_operations_have_is_refused(
    kind: type[Operation], given: dict[str, Any], field: str, reason: str
) -> None:
    assert_refused(kind, given, field, reason)


@pytest.mark.parametrize("kind", [MaxPool2D, AvgPool2D])
def test_a_global_pool_may_be_called_same_or_valid(kind: Any) -> None:
    assert (
        kind("global", padding="SAME").kernel_size == kind("global", padding="VALID").kernel_size == "global"
    )


def test_channels_are_found_in_the_order_of_each_kernel() -> None:
    assert channels_of(Conv2D(KERNEL)) == (4, 5, 1, 4, 24)
    assert channels_of(Conv2D(np.ones((2, 3, 4, 6)), groups=3)) == (12, 6, 3, 4, 24)
    assert channels_of(DepthwiseConv2D(KERNEL)) == (4, 20, 4, 1, 6)
    assert channels_of(Conv2DTranspose(KERNEL)) == (5, 4, 1, 5, 30)
    assert channels_of(Conv2DTranspose(np.ones((2, 3, 4, 6)), groups=3)) == (6, 12, 3, 2, 12)


def channels_of(spec: Weighted) -> tuple[int, ...]:
    return spec.in_channels, spec.out_channels, spec.groups, spec.group_channels, spec.taps


NUMBERED = np.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("kind", "groups"),
    [
        (Conv2D, {}),
        (Conv2D, {"groups": 3}),
        (DepthwiseConv2D, {}),
        (Conv2DTranspose, {}),
        (Conv2DTranspose, {"groups": 2}),
    ],
)
def test_every_tap_has_its_weight(kind: Any, groups: dict[str, int], flip: bool) -> None:
    spec = kind(NUMBERED, flip_kernel=flip, **groups)
    assert spec.tap_weights.shape == (spec.out_channels, spec.taps)
    assert spec.tap_weights.dtype == np.float32
    assert not spec.tap_weights.flags.writeable
    for out_channel in range(spec.out_channels):
        read = naive.group_of(spec, out_channel, spec.in_channels)
        assert spec.first_channel(out_channel) == read.start
        assert spec.group_channels == len(read)
        assert spec.tap_weights[out_channel].tolist() == naive.weights(spec, spec.in_channels, out_channel)


def test_kernels_of_other_frameworks_are_turned() -> None:
    assert set(KERNEL_LAYOUTS) == {"conv2d", "depthwise_conv2d", "conv2d_transpose"}
    numbered = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    for layout in ("HWIO", "HWIM", "HWOI"):
        np.testing.assert_array_equal(kernel_from(numbered, layout), numbered)
    for layout in ("OIHW", "IOHW"):
        turned = kernel_from(numbered, layout)
        assert turned.shape == (4, 5, 3, 2)
        for o, i, y, x in np.ndindex(numbered.shape):
            assert turned[y, x, i, o] == numbered[o, i, y, x]
    with pytest.raises(
        EngineError, match=r"^kernel_layout: must be one of HWIO, OIHW, HWIM, HWOI, IOHW; got 'OHWI'"
    ):
        kernel_from(numbered, "OHWI")  # type: ignore[arg-type]
    with pytest.raises(EngineError, match=r"^kernel: must have 4 dimensions OIHW; its shape is \[3, 3\]"):
        kernel_from(np.ones((3, 3)), "OIHW")


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
