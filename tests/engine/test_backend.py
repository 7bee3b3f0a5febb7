"""The loops become ready one after the other, and answers stay the same on the way."""

import numpy as np
import pytest

from engine import backend, ops
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D
from engine.trace import Trace
from tests.engine.drawn import reference_arithmetic

SPECS = (
    Conv2D(np.arange(-9, 45).reshape(3, 3, 3, 2), [5, -7], (2, 1)),
    Conv2D(np.arange(16 * 16).reshape(1, 1, 16, 16) % 7),
    Conv2DTranspose(np.arange(-20, 40).reshape(2, 5, 2, 3), strides=(2, 3)),
    MaxPool2D((3, 2), (2, 2)),
    AvgPool2D((2, 3), padding="SAME_LOWER"),
)


@pytest.mark.parametrize("ready", range(len(backend._LOOPS) + 1))
def test_any_number_of_loops_may_be_ready(ready: int, monkeypatch: pytest.MonkeyPatch) -> None:
    backend.warm()
    loops = {name: backend._compiled[name] for name in backend._LOOPS[:ready]}
    for spec in SPECS:
        channels = spec.in_channels if not isinstance(spec, MaxPool2D | AvgPool2D) else 3
        cells = np.random.default_rng(3).integers(-9, 10, (2, 7, 8, channels)).astype(np.float32)
        with reference_arithmetic():
            expected = ops.run(spec, cells)
            columns = next(Trace(spec, cells[0]).chunks(5, 9))
        monkeypatch.setattr(backend, "_compiled", loops)
        assert ops.is_warm() == (ready == len(backend._LOOPS))
        np.testing.assert_array_equal(ops.run(spec, cells), expected)
        np.testing.assert_array_equal(ops.run(spec, cells, out=ops.empty(spec, cells.shape)), expected)
        chunk = next(Trace(spec, cells[0]).chunks(5, 9))
        np.testing.assert_array_equal(chunk.window, columns.window)
        np.testing.assert_array_equal(chunk.output, columns.output)


def test_memory_made_before_the_loops_were_warm_is_good_after(monkeypatch: pytest.MonkeyPatch) -> None:
    backend.warm()
    warm, spec = backend._compiled, SPECS[1]
    cells = np.random.default_rng(3).integers(-9, 10, (2, 7, 8, 16)).astype(np.float32)
    monkeypatch.setattr(backend, "_compiled", {})
    early = ops.empty(spec, cells.shape)
    expected = ops.run(spec, cells)
    monkeypatch.setattr(backend, "_compiled", warm)
    assert ops.empty(spec, cells.shape).strides != early.strides
    assert ops.run(spec, cells, out=early) is early
    np.testing.assert_array_equal(early, expected)
