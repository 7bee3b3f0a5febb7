"""Who does the arithmetic: the reference until the compiled loops are warm, then those. The answers agree."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine import reference, threads
from engine.activations import activate
from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.geometry import Geometry
from engine.inputs import Cells
from engine.lines import Indices, Line, phases
from engine.spec import AvgPool2D, Conv2DTranspose, MaxPool2D, Operation, Weighted

Single = NDArray[np.float32]

# The modules of loops, in the order in which they are compiled: the page waits for the trace.
_LOOPS = ("plans", "trace", "pools", "channels_last", "convolution")
_compiled: dict[str, ModuleType] = {}

# What a TraceFiller keeps from chunk to chunk, at most, for each thread that fills one at the same time.
KEPT_BYTES = 1 << 19

# Kernels as the loops for many channels take them: to make one takes as long as a tenth of using it.
_packed: WeakKeyDictionary[Weighted, tuple[Single, Single]] = WeakKeyDictionary()


def warm() -> None:
    """Compile the loops, or load them from Numba's cache, and use each as soon as it is there.

    Blocks, the first time for many seconds: call it in a thread.
    Any number of threads may call it. Numba needs a writable NUMBA_CACHE_DIR where the package itself is not
    writable.
    """
    # Here and not at the top: importing Numba costs half a second, compiling many, and the first answer must
    # not wait for either.
    for name in _LOOPS:
        _compiled[name] = import_module(f"engine.compiled.{name}")


def is_warm() -> bool:
    return len(_compiled) == len(_LOOPS)


def empty(spec: Operation, shape: tuple[int, int, int, int]) -> Single:
    """An NHWC output of `shape`, in the order of memory in which `output` can write it at once."""
    batch, height, width, channels = shape
    if isinstance(spec, Weighted) and not _prefers_channels_last(spec):
        return np.empty((batch, channels, height, width), np.float32).transpose(0, 2, 3, 1)
    return np.empty(shape, np.float32)


def output(spec: Operation, geometry: Geometry, inputs: Cells, out: Single) -> None:
    """The whole output into `out`, NHWC, as `empty` makes it.

    `inputs` is NHWC, uint8 or float32, contiguous, and is trusted to suit the geometry.
    """
    y, x = geometry.lines
    match spec:
        case MaxPool2D():
            max_pool(geometry, inputs, out, np.empty((*out.shape, 0), np.int32))
        case AvgPool2D():
            divisors_y, divisors_x = divisors(spec, geometry)
            loops = _compiled.get("pools")
            if loops is None:
                out[...] = reference.average_pool(y, x, np.multiply.outer(divisors_y, divisors_x), inputs)
            else:
                numbers = _plan_of(y, x)
                threads.split(
                    len(inputs) * y.output_size,
                    out.size * y.kernel_size * x.kernel_size,
                    lambda start, stop: loops.avg_pool_rows(
                        inputs, numbers, y.sources, x.sources, divisors_y, divisors_x, out, start, stop
                    ),
                )
        case Weighted():
            if "convolution" not in _compiled:
                sums = (
                    reference.transpose(spec, geometry, inputs)
                    if isinstance(spec, Conv2DTranspose)
                    else reference.convolve(spec, y, x, inputs)
                )
                with np.errstate(over="ignore"):
                    out[...] = sums
            elif isinstance(spec, Conv2DTranspose):
                _transpose(spec, geometry, inputs, out)
            else:
                _convolve(spec, spec.tap_weights, y, x, inputs, out)
            if spec.activation is not None:
                memory = out if out.flags.c_contiguous else out.transpose(0, 3, 1, 2)
                activate(memory, spec.activation, memory)


def max_pool(geometry: Geometry, inputs: Cells, out: Single, argmax: NDArray[np.int32]) -> None:
    """The largest values into `out`, NHWC, and the input's (y, x) of each into `argmax`.

    argmax: int32 [batch, output_height, output_width, channels, 2], or with a last axis of 0 for none.
    """
    y, x = geometry.lines
    loops = _compiled.get("pools")
    if loops is None:
        values, places = reference.max_pool(y, x, inputs)
        out[...] = values
        if argmax.size:
            argmax[...] = places
        return
    numbers = _plan_of(y, x)
    threads.split(
        len(inputs) * y.output_size,
        out.size * y.kernel_size * x.kernel_size,
        lambda start, stop: loops.max_pool_rows(
            inputs, numbers, y.sources, x.sources, out, argmax, start, stop
        ),
    )


def divisors(spec: AvgPool2D, geometry: Geometry) -> tuple[Indices, Indices]:
    """int64 [output_height] and [output_width]: what the sum of a window is divided by is their product."""
    return _divisors(geometry.y, spec.count_include_pad), _divisors(geometry.x, spec.count_include_pad)


@lru_cache(maxsize=64)
def _divisors(axis: AnyAxis, count_include_pad: bool) -> Indices:
    if not isinstance(axis, AxisGeometry):
        raise TypeError("a pool has no transposed geometry")
    count = axis.cells_padded if count_include_pad else axis.cells_inside
    found = np.array([count(position) for position in range(axis.output_size)], np.int64)
    found.setflags(write=False)
    return found


class TraceFiller:
    """Fills chunks of one trace, as reference.fill_trace to the last bit.

    Everything is trusted; `cells` and the arrays must be contiguous and aligned. Any number of threads may
    use one TraceFiller.
    """

    def __init__(
        self, y: Line, x: Line, cells: Cells, first_channel: int, weights: Single, bias: float
    ) -> None:
        self._y, self._x = y, x
        self._read = cells, first_channel, weights, bias
        self._filler: Any = None

    def bound(
        self,
        window: Cells | None,
        products: Single | None,
        channel_sums: Single | None,
        sums: Single | None,
    ) -> Callable[[int, int], None]:
        """fill(first, count): positions first..first+count-1 into those of the arrays that are given."""
        arrays = window, products, channel_sums, sums
        compiled: Callable[[int, int], None] | None = None

        def fill(first: int, count: int) -> None:
            nonlocal compiled
            if compiled is None and "trace" in _compiled:
                compiled = self._loops().bound(*arrays)
            if compiled is None:
                reference.fill_trace(self._y, self._x, *self._read, first, count, *arrays)
            else:
                compiled(first, count)

        return fill

    def _loops(self) -> Any:
        if self._filler is None:
            lines = self._y.sources, self._x.sources
            plan, most_kept = _plan_of(self._y, self._x), KEPT_BYTES // 8
            self._filler = _compiled["trace"].Filler(*self._read, plan, *lines, most_kept)
        return self._filler


def _prefers_channels_last(spec: Weighted) -> bool:
    """Whether the loops for many channels write the output, channels innermost; else it is planar."""
    outputs = spec.out_channels // spec.groups
    return "convolution" in _compiled and bool(
        _compiled["channels_last"].prefers_channels_last(spec.group_channels, outputs, spec.taps)
    )


def _plan_of(y: Line, x: Line) -> Any:
    return _compiled["plans"].plan_of(y, x)


def _convolve(spec: Weighted, weights: Single, y: Line, x: Line, inputs: Cells, out: Single) -> None:
    """The sums of the taps in `weights`, [out_channels, taps], into `out`, NHWC as `empty` makes it."""
    bias = spec.biases
    numbers = _plan_of(y, x)
    rows = len(inputs) * y.output_size
    work = rows * x.output_size * weights.size
    # The memory is asked too: it may have been made before the loops were warm.
    if _prefers_channels_last(spec) and out.flags.c_contiguous:
        loops = _compiled["channels_last"]
        packed = _packed.get(spec) if weights is spec.tap_weights else None
        if packed is None:
            packed = loops.pack(weights, bias, spec.groups, (y.kernel_size, x.kernel_size))
        if weights is spec.tap_weights:
            _packed[spec] = packed
        panels, starts = packed
        threads.split(
            rows,
            work,
            lambda start, stop: loops.conv2d_rows_channels_last(
                inputs, panels, starts, numbers, y.sources, x.sources, out, start, stop
            ),
        )
        return
    planar_loops, planar = _compiled["convolution"], out.transpose(0, 3, 1, 2)
    threads.split(
        rows,
        work,
        lambda start, stop: planar_loops.conv2d_rows(
            inputs, weights, bias, spec.groups, numbers, y.sources, x.sources, planar, start, stop
        ),
    )


def _transpose(spec: Conv2DTranspose, geometry: Geometry, inputs: Cells, out: Single) -> None:
    """As many ordinary convolutions as there are phases, each of the kernel cells that reach it.

    One over the input with its zeros stuffed in would multiply stride_y * stride_x times as much.
    """
    y, x = geometry.y, geometry.x
    if not isinstance(y, TransposedAxisGeometry) or not isinstance(x, TransposedAxisGeometry):
        raise TypeError("the geometry is not that of a transposed convolution")
    # What no kernel cell reaches.
    out[...] = spec.biases
    kernels = spec.tap_weights.reshape(spec.out_channels, spec.group_channels, *spec.kernel_size)
    for vertical in phases(y):
        for horizontal in phases(x):
            weights = kernels[:, :, vertical.taps][:, :, :, horizontal.taps].reshape(spec.out_channels, -1)
            size = vertical.line.output_size, horizontal.line.output_size
            sums = empty(spec, (len(inputs), *size, spec.out_channels))
            _convolve(spec, np.ascontiguousarray(weights), vertical.line, horizontal.line, inputs, sums)
            out[:, vertical.first :: vertical.stride, horizontal.first :: horizontal.stride] = sums
