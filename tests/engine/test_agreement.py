"""The compiled loops answer what the reference does: every operation, dtype and order of memory.

And the same bits each time, for any number of threads.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import backend, ops, threads
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation, Weighted
from tests.engine import drawn
from tests.engine.drawn import reference_arithmetic

Array = drawn.Array


def magnitudes(spec: Operation, cells: Array) -> Array:
    """What rounding errors are measured against: the same operation on the magnitudes of all numbers."""
    cells = np.abs(cells.astype(np.float64))
    match spec:
        case Weighted():
            bias = None if spec.bias is None else np.abs(spec.bias)
            values = {name: getattr(spec, name) for name in spec.__dataclass_fields__ if name != "axes"}
            spec = type(spec)(**{**values, "kernel": np.abs(spec.kernel), "bias": bias, "activation": None})
    with reference_arithmetic():
        return ops.run(spec, cells).astype(np.float64)


def memories(cells: Array) -> dict[str, Callable[[], Array]]:
    """The same numbers, laid out in many ways."""
    wide = np.zeros((*cells.shape[:2], 2 * cells.shape[2], cells.shape[3] + 1), cells.dtype)
    wide[:, :, ::2, 1:] = cells
    shifted = np.empty(cells.nbytes + 1, np.uint8)[1:].view(cells.dtype).reshape(cells.shape)
    shifted[...] = cells
    read_only = cells.copy()
    read_only.setflags(write=False)
    return {
        "contiguous": lambda: cells,
        "read-only": lambda: read_only,
        "planar": lambda: np.asfortranarray(cells),
        "backwards": lambda: cells[:, ::-1, ::-1].copy()[:, ::-1, ::-1],
        "strided": lambda: wide[:, :, ::2, 1:],
        "unaligned": lambda: shifted,
        "byte-swapped": lambda: cells.astype(cells.dtype.newbyteorder(">")),
    }


@given(drawn.settings(), st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_compiled_is_what_the_reference_is(asked: tuple[Operation, Array], data: st.DataObject) -> None:
    backend.warm()
    spec, cells = asked
    kind = data.draw(st.sampled_from(list(memories(cells))))
    given_cells = memories(cells)[kind]()
    output = ops.run(spec, given_cells)
    with reference_arithmetic():
        expected = ops.run(spec, cells)
    assert output.shape == expected.shape
    if isinstance(spec, MaxPool2D):
        np.testing.assert_array_equal(output, expected)
        with reference_arithmetic():
            places = ops.max_pool_argmax(spec, cells)
        np.testing.assert_array_equal(ops.max_pool_argmax(spec, given_cells), places)
    elif isinstance(spec, AvgPool2D):
        # Sums are in float64 on both sides, in different orders.
        np.testing.assert_allclose(output, expected, rtol=3e-7, atol=1e-12 * float(np.abs(cells).max()))
    else:
        assert np.all(np.abs(output - expected) <= 1e-5 * magnitudes(spec, cells) + 2e-7)


@given(drawn.settings(), st.integers(2, 60))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_number_of_bands_gives_the_same_bits(asked: tuple[Operation, Array], bands: int) -> None:
    backend.warm()
    spec, cells = asked
    whole = ops.run(spec, cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "INLINE_WORK", 0)
        patch.setattr(threads, "cpus", lambda: bands)
        split = ops.run(spec, cells)
        places = ops.max_pool_argmax(spec, cells) if isinstance(spec, MaxPool2D) else None
    assert whole.tobytes() == split.tobytes()
    if isinstance(spec, MaxPool2D):
        np.testing.assert_array_equal(ops.max_pool_argmax(spec, cells), places)


SOURCE = np.random.default_rng(1)

# Each large enough for two bands, and with bands that end in the middle of an item.
BUSY: list[tuple[Operation, tuple[int, int, int, int]]] = [
    (Conv2D(SOURCE.standard_normal((3, 3, 3, 2)), padding_mode="reflect"), (3, 41, 53, 3)),
    (Conv2D(SOURCE.standard_normal((3, 3, 16, 32)), groups=2), (1, 19, 23, 32)),
    (DepthwiseConv2D(SOURCE.standard_normal((3, 2, 5, 2)), strides=(1, 2)), (3, 41, 53, 5)),
    (Conv2DTranspose(SOURCE.standard_normal((3, 4, 3, 4)), strides=(2, 3)), (3, 25, 31, 4)),
    (MaxPool2D((3, 2)), (3, 41, 53, 5)),
    (AvgPool2D((2, 3), count_include_pad=True), (3, 41, 53, 5)),
]


@pytest.mark.parametrize(("spec", "shape"), BUSY, ids=lambda one: type(one).__name__)
def test_eight_callers_at_once_get_the_same_bits(
    spec: Operation, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.warm()
    monkeypatch.setattr(threads, "INLINE_WORK", 0)
    monkeypatch.setattr(threads, "cpus", lambda: 5)
    inputs = [np.random.default_rng(seed).standard_normal(shape, dtype=np.float32) for seed in range(4)]
    alone = [ops.run(spec, cells).tobytes() for cells in inputs]
    assert len(set(alone)) == 4
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda turn: ops.run(spec, inputs[turn % 4]).tobytes(), range(48)))
    assert together == alone * 12


def test_outputs_of_before_and_after_the_loops_are_warm_go_into_one_array() -> None:
    """`empty` may lay an output out differently once the loops are there."""
    backend.warm()
    for spec, shape in BUSY:
        cells = np.random.default_rng(2).integers(0, 9, shape).astype(np.uint8)
        with reference_arithmetic():
            cold = ops.empty(spec, shape)
        np.testing.assert_array_equal(ops.run(spec, cells, out=cold), ops.run(spec, cells))


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
