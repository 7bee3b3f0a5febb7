"""Operations over whole inputs: spec and input in, output out."""

import numpy as np
from numpy.typing import NDArray

from engine import backend
from engine.backend import is_warm, warm
from engine.geometry import Geometry, plan
from engine.spec import Cells, Conv2D, checked_input

__all__ = ["is_warm", "run", "warm", "work"]


def run(spec: Conv2D, input: Cells) -> NDArray[np.float32]:  # noqa: A002
    """The output, float32 [batch, output_height, output_width, out_channels].

    input: uint8 or float32, [batch, height, width, in_channels]; pixels count as 0..255. Sums are within a
    relative 1e-5 of the magnitude of their terms, and exact for small integers. The array is a view of planar
    memory: each output channel is contiguous. Raises EngineError for another rank, dtype or number of
    channels, and where the kernel does not fit.
    """
    cells = checked_input(spec, input, ["batch", "height", "width", "in_channels"])
    return backend.conv2d(spec, plan(spec, cells.shape[1], cells.shape[2]), cells)


def work(spec: Conv2D, geometry: Geometry) -> int:
    """Multiply-accumulates for one batch item: what a budget should be counted in."""
    return geometry.positions * spec.taps * spec.out_channels
