"""Who does the arithmetic: the reference until the compiled loops are warm, then those. The answers agree."""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from engine import reference, threads
from engine.geometry import Geometry
from engine.spec import Cells, Conv2D

_compiled: ModuleType | None = None


def warm() -> None:
    """Compile the loops, or load them from Numba's cache, and use them from now on.

    Blocks, the first time for many seconds: call it in a thread.
    Any number of threads may call it. Numba needs a writable NUMBA_CACHE_DIR where the package itself is not
    writable.
    """
    global _compiled
    # Here and not at the top: importing Numba costs 0.2 s, compiling seconds, and the first answer must not
    # wait for either.
    from engine import compiled

    _compiled = compiled


def is_warm() -> bool:
    return _compiled is not None


def conv2d(spec: Conv2D, geometry: Geometry, inputs: Cells) -> NDArray[np.float32]:
    """The whole output, NHWC. `inputs` is NHWC, uint8 or float32, and is trusted to suit the geometry."""
    compiled = _compiled
    if compiled is None:
        return reference.conv2d(spec, geometry, inputs).astype(np.float32)
    height, width = geometry.output_height, geometry.output_width
    planar = np.empty((len(inputs), spec.out_channels, height, width), np.float32)
    inputs = np.require(inputs, requirements=["C", "A"])
    weights = tap_order(spec.kernel)
    bias = np.zeros(spec.out_channels, np.float32) if spec.bias is None else spec.bias
    plan = compiled.plan_of(geometry)
    rows = len(inputs) * height
    threads.split(
        rows,
        rows * width * weights.size,
        lambda start, stop: compiled.conv2d_rows(inputs, weights, bias, plan, planar, start, stop),
    )
    return planar.transpose(0, 2, 3, 1)


def fill_trace(
    geometry: Geometry,
    cells: Cells,
    weights: NDArray[np.float32],
    bias: float,
    first: int,
    count: int,
    window: Cells | None,
    products: NDArray[np.float32] | None,
    channel_sums: NDArray[np.float32] | None,
    sums: NDArray[np.float32] | None,
) -> None:
    """As reference.fill_trace, to the last bit.

    Everything is trusted; `cells` and the arrays must be contiguous and aligned.
    """
    compiled = _compiled
    if compiled is None:
        reference.fill_trace(
            geometry, cells, weights, bias, first, count, window, products, channel_sums, sums
        )
        return
    unwanted = np.empty((0, 0), np.float32)
    compiled.fill_trace(
        cells,
        weights,
        bias,
        compiled.plan_of(geometry),
        first,
        count,
        np.empty((0, 0), cells.dtype) if window is None else window,
        unwanted if products is None else products,
        unwanted if channel_sums is None else channel_sums,
        unwanted.reshape(0) if sums is None else sums,
    )


def tap_order(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """HWIO weights as [taps, out_channels]: channel by channel, each row by row."""
    return np.ascontiguousarray(kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[3]))
