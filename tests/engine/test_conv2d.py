"""Whole outputs: the reference and the compiled loops against the definition, TensorFlow and each other."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import backend, ops, reference, threads
from engine.errors import EngineError
from engine.geometry import plan
from engine.spec import Conv2D
from tests.engine import naive
from tests.engine.cases import CASES, Case

VECTORS = Path(__file__).with_name("vectors") / "tensorflow.json"
TENSORFLOW = json.loads(VECTORS.read_text("utf-8"))["cases"]

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@by_name
def test_small_integers_are_exact(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=True), case.input(case.small, integers=True)
    expected, _ = naive.conv2d(spec, cells)
    output = ops.run(spec, cells)
    assert output.dtype == np.float32
    np.testing.assert_array_equal(output, expected, strict=False)
    assert output.shape == expected.shape


@by_name
def test_fractions_are_close_relative_to_their_terms(case: Case, arithmetic: str) -> None:
    spec, cells = case.spec(integers=False), case.input(case.small, integers=False)
    expected, magnitude = naive.conv2d(spec, cells)
    assert np.all(np.abs(ops.run(spec, cells) - expected) <= 1e-5 * magnitude)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_compiled_is_what_the_reference_is(data: st.DataObject) -> None:
    backend.warm()
    draw = data.draw
    small = st.integers(1, 4)
    kernel_shape = draw(st.tuples(small, small, st.integers(1, 5), st.integers(1, 6)))
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 15), st.integers(1, 15)))
    pads = st.tuples(st.integers(0, 7), st.integers(0, 7))
    source = np.random.default_rng(draw(st.integers(0, 2**32)))
    spec = Conv2D(
        source.standard_normal(kernel_shape),
        draw(st.none() | st.just(source.standard_normal(kernel_shape[3]))),
        draw(st.tuples(st.integers(1, 6), st.integers(1, 6))),
        draw(st.tuples(small, small)),
        draw(st.sampled_from(["SAME", "SAME_LOWER", "VALID", "FULL"]) | st.tuples(pads, pads)),
    )
    cells = draw(
        st.sampled_from(
            [
                source.standard_normal((*size, kernel_shape[2]), dtype=np.float32),
                source.integers(0, 256, (*size, kernel_shape[2]), dtype=np.uint8),
            ]
        )
    )
    try:
        geometry = plan(spec, size[1], size[2])
    except EngineError:
        assume(False)
    expected = reference.conv2d(spec, geometry, cells)
    bias = None if spec.bias is None else np.abs(spec.bias)
    magnitudes = Conv2D(np.abs(spec.kernel), bias, spec.strides, spec.dilations, spec.padding)
    magnitude = reference.conv2d(magnitudes, geometry, np.abs(cells))
    assert np.all(np.abs(ops.run(spec, cells) - expected) <= 1e-5 * magnitude)


@pytest.mark.parametrize("vector", TENSORFLOW, ids=lambda vector: vector["id"])
def test_tensorflow_agrees(vector: dict[str, Any], arithmetic: str) -> None:
    with np.load(VECTORS.with_suffix(".npz")) as arrays:
        cells, kernel = arrays[vector["input"]].astype(np.float32), arrays[vector["weights"]]
        expected = arrays[vector["expected"]]
        bias = arrays[vector["bias"]] if vector["bias"] else None
    if vector["layout"] == "NCHW":
        cells, expected = cells.transpose(0, 2, 3, 1), expected.transpose(0, 2, 3, 1)
    padding = vector["padding"]
    if isinstance(padding, list):
        padding = (tuple(padding[:2]), tuple(padding[2:]))
    spec = Conv2D(kernel, bias, tuple(vector["strides"]), tuple(vector["dilations"]), padding)
    if expected.size == 0:
        with pytest.raises(EngineError, match=r"does not fit|at least one item"):
            ops.run(spec, cells)
    elif vector["exact"]:
        np.testing.assert_array_equal(ops.run(spec, cells), expected.astype(np.float32), strict=False)
    else:
        np.testing.assert_allclose(ops.run(spec, cells), expected, vector["rtol"], vector["atol"])


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
        (np.ones((1, 5, 6, 3), np.float64), "must be uint8 or float32, not float64"),
        (np.ones((1, 5, 6, 3), bool), "must be uint8 or float32, not bool"),
        (
            np.ones((0, 5, 6, 3), np.float32),
            "must have at least one item in its batch; its shape is .0, 5, 6, 3.",
        ),
        (np.ones((1, 5, 6, 3), ">f4"), "must be uint8 or float32"),
        ([[[[1.0, 2.0, 3.0]]]], "must be an array, not list"),
    ],
)
def test_bad_inputs_are_refused(given: Any, reason: str) -> None:
    with pytest.raises(EngineError, match=f"^input: {reason}"):
        ops.run(Conv2D(np.ones((3, 2, 3, 1))), given)


def test_any_memory_layout_will_do(arithmetic: str) -> None:
    spec = Conv2D(np.arange(36).reshape(2, 3, 3, 2), strides=(2, 1))
    cells = np.random.default_rng(3).integers(0, 256, (2, 7, 8, 3)).astype(np.uint8)
    expected = ops.run(spec, cells)
    unaligned = np.frombuffer(b"\0" + cells.astype(np.float32).tobytes(), np.uint8)[1:].view(np.float32)
    assert not unaligned.flags.aligned
    for other in (
        np.frombuffer(cells.tobytes(), np.uint8).reshape(cells.shape),  # read-only
        np.asfortranarray(cells),
        cells[::-1].copy()[::-1],
        unaligned.reshape(cells.shape),
    ):
        np.testing.assert_array_equal(ops.run(spec, other), expected)


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (0, 0)])
def test_padding_alone_holds_windows_of_zeros(size: tuple[int, int], arithmetic: str) -> None:
    spec = Conv2D(np.ones((2, 3, 1, 2)), [5, -6], padding=((1, 2), (2, 3)))
    output = ops.run(spec, np.empty((2, *size, 1), np.float32))
    assert output.shape == (2, size[0] + 2, size[1] + 3, 2)
    assert (output == [5, -6]).all()
    with pytest.raises(EngineError, match="does not fit"):
        ops.run(Conv2D(spec.kernel), np.empty((2, *size, 1), np.float32))


def test_work_counts_multiply_accumulates() -> None:
    spec = Conv2D(np.ones((2, 3, 4, 5)), strides=(2, 1))
    assert ops.work(spec, plan(spec, 7, 6)) == 4 * 6 * (2 * 3 * 4) * 5


def test_rows_are_split_and_the_answer_is_the_same_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    backend.warm()
    spec = Conv2D(np.random.default_rng(1).standard_normal((3, 2, 3, 5)), strides=(1, 2))
    cells = np.random.default_rng(2).standard_normal((3, 17, 19, 3), dtype=np.float32)
    whole = ops.run(spec, cells)
    monkeypatch.setattr(threads, "INLINE_WORK", 0)
    for bands in (2, 3, 7, 50, 200):
        monkeypatch.setattr(threads, "cpus", lambda bands=bands: bands)
        np.testing.assert_array_equal(ops.run(spec, cells), whole)


def test_many_callers_at_once_get_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    backend.warm()
    monkeypatch.setattr(threads, "INLINE_WORK", 0)
    spec = Conv2D(np.random.default_rng(1).standard_normal((3, 3, 3, 2)))
    inputs = [
        np.random.default_rng(seed).standard_normal((1, 40, 50, 3), dtype=np.float32) for seed in range(24)
    ]
    alone = [ops.run(spec, cells) for cells in inputs]
    with ThreadPoolExecutor(8) as pool:
        for expected, output in zip(alone, pool.map(lambda cells: ops.run(spec, cells), inputs), strict=True):
            np.testing.assert_array_equal(output, expected)


def test_a_failing_band_is_raised_after_the_others_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cpus", lambda: 4)
    done: list[int] = []

    def band(start: int, stop: int) -> None:
        if start == 0:
            raise ZeroDivisionError
        done.extend(range(start, stop))

    with pytest.raises(ZeroDivisionError):
        threads.split(11, threads.INLINE_WORK, band)
    assert sorted(done) == list(range(2, 11))
