"""The rate of traces on one core, beside a memcpy of as many bytes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from engine.spec import Conv2D
from engine.trace import Column, Trace
from tests.bench.clock import burst
from tests.bench.contest import alternate, seconds
from tests.bench.workloads import Workload

COLUMN_SETS: Sequence[Sequence[Column]] = (
    ["sum"],
    ["window", "sum"],
    ["window", "products", "sum"],
    ["window", "products", "channel_sums", "sum"],
)
PHOTO = Workload("photo", 768, 1024, 3, 1, 3)
# Positions per chunk, as the server streams them, and chunks per call, which read on through the image.
CHUNK, CHUNKS = 1024, 64


class Sweep:
    """The chunks of CHUNKS * CHUNK consecutive positions, one after the other into the same arrays."""

    def __init__(self, trace: Trace, columns: Sequence[Column]) -> None:
        chunk = trace.empty(0, CHUNK, columns)
        arrays = [getattr(chunk, column) for column in columns]
        middle = trace.positions // 2
        self.bytes = sum(array.nbytes for array in arrays)
        self._fill = trace.filler(chunk)
        self._starts = range(middle, middle + CHUNKS * CHUNK, CHUNK)
        self._pairs = [(array, array.copy()) for array in arrays]

    def fill(self) -> None:
        for first in self._starts:
            self._fill(first)

    def copy(self) -> None:
        for _ in self._starts:
            for target, source in self._pairs:
                np.copyto(target, source)


def check(trace: Trace, exact: np.ndarray[Any, np.dtype[Any]], magnitude: np.ndarray[Any, Any]) -> None:
    """Every sum against the workload's answer, and the parts of some against each other."""
    for chunk in trace.chunks(chunk_positions=1 << 16):
        part = slice(chunk.first_position, chunk.first_position + chunk.count)
        assert chunk.sum is not None
        assert chunk.products is not None
        assert chunk.window is not None
        assert (abs(chunk.sum - exact[part]) <= 1e-6 * magnitude[part]).all()
        assert (chunk.products == chunk.window.astype(np.float32) * trace.weights).all()


def rates(rounds: int, budget: float, workload: Workload = PHOTO) -> list[dict[str, Any]]:
    """Per dtype and columns: positions per second, and the time of a memcpy of the same bytes over ours."""
    found = []
    for dtype in ("uint8", "float32"):
        typed = replace(workload, dtype=dtype)
        trace = Trace(Conv2D(typed.weights()), typed.input())
        check(trace, *(array.ravel() for array in typed.answer()))
        for columns in COLUMN_SETS:
            sweep = Sweep(trace, columns)
            taken = alternate(
                {"fill": partial(burst, sweep.fill, budget), "copy": partial(burst, sweep.copy, budget)},
                rounds,
            )
            fill, copy = seconds(taken["fill"]), seconds(taken["copy"])
            found.append(
                {
                    "dtype": dtype,
                    "columns": list(columns),
                    "bytes_per_position": sweep.bytes / CHUNK,
                    "positions_per_s": CHUNK * CHUNKS / fill,
                    "gb_per_s": sweep.bytes * CHUNKS / fill / 1e9,
                    "memcpy_ratio": copy / fill,
                }
            )
    return found
