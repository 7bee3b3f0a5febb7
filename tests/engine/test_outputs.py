"""Whole outputs against the definition, and what is asked of inputs and outputs."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from engine import ops
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation
from tests.engine import naive
from tests.engine.cases import CASES, Case

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cache
def defined(case: Case, integers: bool) -> tuple[naive.Array, naive.Array]:
    """What the definition makes of the case, once for both arithmetics."""
    return naive.run(case.spec(integers), case.input(integers))


def test_the_table_has_every_operation() -> None:
    assert {case.kind for case in CASES} == {entry.spec for entry in ops.OPERATIONS.values()}
    assert len({case.name for case in CASES}) == len(CASES)


@by_name
def test_small_integers_are_exact(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=True), case.input(integers=True)
    expected, _ = defined(case, True)
    output = ops.run(spec, cells)
    assert output.dtype == np.float32
    assert output.shape == expected.shape
    # A quotient is rounded once from the exact one; sums of small integers are exact.
    if getattr(spec, "activation", None) in ("sigmoid", "tanh"):
        np.testing.assert_allclose(output, expected, rtol=1e-6, atol=1e-30)
    else:
        np.testing.assert_array_equal(output, expected.astype(np.float32))


@by_name
def test_fractions_are_close_relative_to_their_terms(case: Case, arithmetic: str) -> None:
    expected, magnitude = defined(case, False)
    output = ops.run(case.spec(integers=False), case.input(integers=False))
    # The slope of no activation is more than 1; the last addend is the rounding of what it makes.
    assert np.all(np.abs(output - expected) <= 1e-5 * magnitude + 1e-6 * np.abs(expected))
    assert output.shape == expected.shape


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind is MaxPool2D], ids=lambda case: case.name
)
def test_the_largest_come_from_where_they_are(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=True), case.input(integers=True)
    assert isinstance(spec, MaxPool2D)
    # Few values: most windows have ties.
    for given in (cells, cells % 3):
        _, expected = naive.max_pool(spec, given)
        argmax = ops.max_pool_argmax(spec, given)
        assert argmax.dtype == np.int32
        np.testing.assert_array_equal(argmax, expected)


def test_nan_and_infinities_in_a_max_pool(arithmetic: str) -> None:
    nan, inf = np.nan, np.inf
    cells = np.array(
        [[[1, nan, 3, -inf, -inf], [nan, 5, inf, -inf, -inf], [2, 2, -inf, -inf, nan], [0, -0.0, 1, 1, inf]]],
        np.float32,
    )[..., np.newaxis]
    for spec in (
        MaxPool2D((2, 2), padding="VALID"),
        MaxPool2D((2, 3), padding="SAME"),
        MaxPool2D((3, 2), strides=(2, 2), padding=((1, 1), (0, 1)), ceil_mode=True),
        MaxPool2D("global"),
    ):
        expected, places = naive.max_pool(spec, cells)
        np.testing.assert_array_equal(ops.run(spec, cells), expected.astype(np.float32))
        np.testing.assert_array_equal(ops.max_pool_argmax(spec, cells), places)
    assert np.isneginf(expected).any() or np.isnan(expected).any()


def test_nan_and_infinities_in_an_average_pool(arithmetic: str) -> None:
    cells = np.ones((1, 5, 7, 1), np.float32)
    cells[0, 1, 2, 0], cells[0, 3, 5, 0], cells[0, 4, 0, 0] = np.nan, np.inf, -np.inf
    output = ops.run(AvgPool2D((2, 2), padding="VALID"), cells)[0, :, :, 0]
    for y, x in np.ndindex(4, 6):
        total = sum(cells[0, y : y + 2, x : x + 2, 0].ravel().tolist())
        np.testing.assert_equal(float(output[y, x]), total / 4)
    assert np.isnan(output).sum() == 4
    assert np.isinf(output).sum() == 4 + 1


def test_sums_beyond_float32_are_infinite_and_say_nothing(arithmetic: str) -> None:
    cells = np.full((1, 3, 3, 1), 3e38, np.float32)
    assert np.isposinf(ops.run(Conv2D(np.ones((3, 3, 1, 1))), cells)).all()
    assert np.isposinf(ops.run(AvgPool2D((3, 3)), cells)).all()
    assert np.isposinf(ops.run(Conv2DTranspose(np.ones((3, 3, 1, 1))), cells)).all()


@pytest.mark.parametrize(
    ("padding", "strides", "expected"),
    [
        ("SAME", (1, 1), [[-8, -4, -4, 10], [-18, -6, -6, 21], [-30, -6, -6, 33], [-24, -4, -4, 26]]),
        ("VALID", (1, 1), [[-6, -6], [-6, -6]]),
        ("SAME", (2, 2), [[-6, 21], [-4, 26]]),
    ],
)
def test_the_article(
    padding: Any, strides: tuple[int, int], expected: list[list[int]], arithmetic: str
) -> None:
    kernel = np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)
    cells = np.arange(1, 17, dtype=np.float32).reshape(1, 4, 4, 1)
    output = ops.run(Conv2D(kernel, None, strides, (1, 1), padding), cells)
    assert output[0, :, :, 0].tolist() == expected


@pytest.mark.parametrize("stride", [1, 2])
def test_infinities_stay_where_their_windows_are(stride: int, arithmetic: str) -> None:
    # Column 0 of the kernel is zero: over padding it must stay zero, over an infinity it is rightly NaN.
    kernel = np.array([[0, 1, 2], [0, 3, -4], [0, 5, 6]], np.float32).reshape(3, 3, 1, 1)
    cells = np.ones((1, 6, 7, 1), np.float32)
    cells[0, 2, 3, 0] = np.inf
    cells[0, 5, 6, 0] = -np.inf
    output = ops.run(Conv2D(kernel, strides=(stride, stride), padding=((1, 1), (1, 1))), cells)[0, :, :, 0]
    for y, x in np.ndindex(output.shape):
        expected = 0.0
        for i, j in np.ndindex(3, 3):
            row, column = y * stride + i - 1, x * stride + j - 1
            if 0 <= row < 6 and 0 <= column < 7:
                expected += float(kernel[i, j, 0, 0]) * float(cells[0, row, column, 0])
        np.testing.assert_equal(float(output[y, x]), expected)
    assert np.isinf(output).any()
    assert np.isnan(output).any()


def test_zero_weights_over_padding_leave_infinities_alone(arithmetic: str) -> None:
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[1, 1] = 1
    output = ops.run(Conv2D(kernel), np.full((1, 1, 1, 1), np.inf, np.float32))
    assert output.item() == np.inf


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (np.ones((5, 6, 3), np.float32), "must have 4 dimensions .*; its shape is .5, 6, 3."),
        (np.ones((1, 5, 6, 4), np.float32), "has 4 channels, but the kernel is for 3"),
        (np.ones((1, 5, 6, 0), np.float32), "must have at least one channel; its shape is .1, 5, 6, 0."),
        (np.ones((1, 5, 6, 3), bool), "must be an array of real numbers, not of bool"),
        (np.ones((1, 5, 6, 3), complex), "must be an array of real numbers, not of complex128"),
        (np.ones((1, 5, 6, 3), "M8[s]"), "must be an array of real numbers, not of datetime64"),
        (np.full((1, 5, 6, 3), None), "must be an array of real numbers, not of object"),
        (
            np.ones((0, 5, 6, 3), np.float32),
            "must have at least one item in its batch; its shape is .0, 5, 6, 3.",
        ),
        ([[[[1.0, 2.0, 3.0]]]], "must be an array, not list"),
        (
            np.full((1, 5, 6, 3), 2**24 + 1),
            "16777217 at .0, 0, 0, 0. is not exactly representable in float32",
        ),
        (np.full((1, 5, 6, 3), -(2**31) + 1, np.int32), "-2147483647 at .* is not exactly representable"),
        (np.full((1, 5, 6, 3), 1e39), r"1e\+39 at .0, 0, 0, 0. is beyond the range of float32"),
    ],
)
def test_bad_inputs_are_refused(given: Any, reason: str) -> None:
    with pytest.raises(EngineError, match=f"^input: {reason}"):
        ops.run(Conv2D(np.ones((3, 2, 3, 1))), given)


def test_the_channels_of_groups_are_named() -> None:
    with pytest.raises(EngineError, match=r"input: has 4 channels, .* for 6 \(3 groups of 2\)"):
        ops.run(Conv2D(np.ones((1, 1, 2, 3)), groups=3), np.ones((1, 2, 2, 4), np.float32))
    with pytest.raises(EngineError, match=r"input: has 5 channels, .* for 4 \(4 groups of 1\)"):
        ops.run(DepthwiseConv2D(np.ones((1, 1, 4, 2))), np.ones((1, 2, 2, 5), np.float32))


OF_EVERY_OPERATION: list[Operation] = [
    Conv2D(np.arange(48).reshape(2, 3, 2, 4) - 20, strides=(2, 1), groups=2),
    DepthwiseConv2D(np.arange(48).reshape(3, 2, 4, 2) - 11, padding="FULL", dilations=(1, 2)),
    Conv2DTranspose(np.arange(72).reshape(3, 2, 3, 4) - 30, strides=(2, 3)),
    MaxPool2D((3, 2), strides=(1, 2)),
    AvgPool2D((2, 4), count_include_pad=True),
]

each_operation = pytest.mark.parametrize("spec", OF_EVERY_OPERATION, ids=lambda spec: type(spec).__name__)


@each_operation
@pytest.mark.parametrize(
    "dtype",
    [
        "i1",
        "u2",
        ">u2",
        ">i4",
        "int32",
        "int64",
        "uint64",
        "float16",
        "float32",
        ">f4",
        "float64",
        ">f8",
        "g",
    ],
)
def test_every_dtype_holds_the_same_numbers(spec: Operation, dtype: str, arithmetic: str) -> None:
    cells = np.random.default_rng(3).integers(0, 128, (2, 7, 8, 4)).astype(np.uint8)
    np.testing.assert_array_equal(ops.run(spec, cells.astype(dtype)), ops.run(spec, cells))


@each_operation
def test_other_floats_are_rounded_to_float32_once(spec: Operation, arithmetic: str) -> None:
    cells = np.random.default_rng(3).standard_normal((2, 7, 8, 4))
    np.testing.assert_array_equal(ops.run(spec, cells), ops.run(spec, cells.astype(np.float32)))


@each_operation
def test_any_order_of_memory_will_do(spec: Operation, arithmetic: str) -> None:
    cells = np.random.default_rng(3).integers(0, 256, (2, 7, 8, 4)).astype(np.uint8)
    expected = ops.run(spec, cells)
    unaligned = np.frombuffer(b"\0" + cells.astype(np.float32).tobytes(), np.uint8)[1:].view(np.float32)
    assert not unaligned.flags.aligned
    wide = np.zeros((4, 7, 16, 5), np.float32)
    wide[::2, :, ::2, 1:] = cells
    for other in (
        np.frombuffer(cells.tobytes(), np.uint8).reshape(cells.shape),  # read-only
        np.asfortranarray(cells),
        cells[::-1, :, ::-1].copy()[::-1, :, ::-1],
        unaligned.reshape(cells.shape),
        wide[::2, :, ::2, 1:],
        np.broadcast_to(cells[:1], cells.shape),
    ):
        kept = other.copy()
        alone = expected if other[1].tolist() == cells[1].tolist() else expected[[0, 0]]
        np.testing.assert_array_equal(ops.run(spec, other), alone)
        np.testing.assert_array_equal(other, kept)


@each_operation
def test_nchw_is_nhwc_in_another_order(spec: Operation, arithmetic: str) -> None:
    cells = np.random.default_rng(3).standard_normal((2, 7, 8, 4), np.float32)
    planar = np.ascontiguousarray(cells.transpose(0, 3, 1, 2))
    expected = ops.run(spec, cells)
    output = ops.run(spec, planar, "NCHW")
    np.testing.assert_array_equal(output.transpose(0, 2, 3, 1), expected)
    given = np.empty(output.shape, np.float32)
    assert ops.run(spec, planar, "NCHW", given) is given
    np.testing.assert_array_equal(given, output)


@each_operation
def test_outputs_go_where_they_are_asked_for(spec: Operation, arithmetic: str) -> None:
    cells = np.random.default_rng(3).standard_normal((2, 7, 8, 4), np.float32)
    expected = ops.run(spec, cells)
    fit = ops.empty(spec, cells.shape)
    assert fit.shape == expected.shape
    around = np.full((2, *expected.shape), 7, np.float32)
    wide = np.full((*expected.shape[:-1], 2 * expected.shape[-1]), 7, np.float32)
    unaligned = np.frombuffer(bytearray(expected.nbytes + 1), np.uint8)[1:].view(np.float32)
    for out in (
        fit,
        fit,  # again, with the last answer in it
        np.full(expected.shape, np.nan, np.float32),
        np.full(expected.shape, np.nan, np.float32, order="F"),
        around[0],
        wide[..., ::2],
        unaligned.reshape(expected.shape),
    ):
        assert ops.run(spec, cells, out=out) is out
        np.testing.assert_array_equal(out, expected)
    assert (around[1] == 7).all()
    assert (wide[..., 1::2] == 7).all()


@each_operation
def test_outputs_that_do_not_suit_are_refused_untouched(spec: Operation, arithmetic: str) -> None:
    cells = np.ones((2, 7, 8, 4), np.float32)
    shape = ops.run(spec, cells).shape
    read_only = np.full(shape, 7, np.float32)
    read_only.setflags(write=False)
    for out in (
        np.full((*shape[:3], shape[3] + 1), 7, np.float32),
        np.full((*shape[:2], shape[2] - 1, shape[3]), 7, np.float32),
        np.full(shape, 7, np.float64),
        np.full(shape, 7, ">f4"),
        np.full(shape[1:], 7, np.float32),
        read_only,
    ):
        with pytest.raises(EngineError, match=r"^out: must "):
            ops.run(spec, cells, out=out)
        assert (out == 7).all()


@pytest.mark.parametrize("kernel", [(1, 1), (3, 3)])
def test_an_output_that_overlaps_its_input_is_right_all_the_same(
    kernel: tuple[int, int], arithmetic: str
) -> None:
    source = np.random.default_rng(2)
    for spec in (
        Conv2D(source.standard_normal((*kernel, 1, 1))),
        MaxPool2D(kernel),
        AvgPool2D(kernel),
        Conv2DTranspose(source.standard_normal((*kernel, 1, 1))),
    ):
        cells = source.standard_normal((1, 9, 8, 1)).astype(np.float32)
        expected = ops.run(spec, cells)
        ops.run(spec, cells, out=cells)
        np.testing.assert_array_equal(cells, expected)


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (0, 0)])
def test_padding_alone_holds_windows_of_zeros(size: tuple[int, int], arithmetic: str) -> None:
    spec = Conv2D(np.ones((2, 3, 1, 2)), [5, -6], padding=((1, 2), (2, 3)))
    output = ops.run(spec, np.empty((2, *size, 1), np.float32))
    assert output.shape == (2, size[0] + 2, size[1] + 3, 2)
    assert (output == [5, -6]).all()
    with pytest.raises(EngineError, match="does not fit"):
        ops.run(Conv2D(spec.kernel), np.empty((2, *size, 1), np.float32))


@pytest.mark.parametrize(
    ("spec", "size", "channels", "expected"),
    [
        (Conv2D(np.ones((2, 3, 4, 5)), strides=(2, 1)), (7, 6), 4, 4 * 6 * (2 * 3 * 4) * 5),
        (Conv2D(np.ones((2, 3, 4, 6)), strides=(2, 1), groups=2), (7, 6), 8, 4 * 6 * (2 * 3 * 4) * 6),
        (DepthwiseConv2D(np.ones((2, 3, 4, 5)), strides=(1, 2)), (7, 6), 4, 7 * 3 * (2 * 3) * 20),
        # Every input cell is stamped, whatever the stride.
        (Conv2DTranspose(np.ones((2, 3, 5, 4)), strides=(3, 4)), (7, 6), 4, 7 * 6 * (2 * 3 * 4) * 5),
        (Conv2DTranspose(np.ones((2, 3, 5, 4)), groups=2), (7, 6), 4, 7 * 6 * (2 * 3 * 2) * 10),
        (MaxPool2D((2, 3), strides=(2, 3)), (7, 6), 5, 4 * 2 * 6 * 5),
        (AvgPool2D("global"), (7, 6), 5, 7 * 6 * 5),
    ],
)
def test_work_counts_multiply_accumulates(
    spec: Operation, size: tuple[int, int], channels: int, expected: int
) -> None:
    assert ops.work(spec, plan(spec, *size), channels) == expected
