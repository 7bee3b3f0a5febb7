"""Operations over whole inputs: spec and input in, output out."""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine import backend
from engine.backend import is_warm, warm
from engine.errors import EngineError
from engine.geometry import Geometry, plan
from engine.inputs import checked_input
from engine.layouts import Layout, from_nhwc, to_nhwc
from engine.spec import (
    AvgPool2D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    MaxPool2D,
    Operation,
    Weighted,
)

__all__ = ["OPERATIONS", "empty", "is_warm", "max_pool_argmax", "out_channels", "run", "warm", "work"]

_DIMENSIONS = ["batch", "height", "width", "in_channels"]

# A spec is mostly applied to inputs of one size, and a small output takes no longer than its plan.
_last_plans: WeakKeyDictionary[Operation, tuple[tuple[int, int], Geometry]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Entry:
    """An operation as it can be asked for: its spec, and one sentence."""

    spec: type[Operation]
    sentence: str


OPERATIONS: Mapping[str, Entry] = {
    "conv2d": Entry(
        Conv2D,
        "Slides a kernel over the input; each output is the sum of the products under it "
        "(cross-correlation).",
    ),
    "depthwise_conv2d": Entry(DepthwiseConv2D, "Convolves every channel by itself, with kernels of its own."),
    "conv2d_transpose": Entry(
        Conv2DTranspose, "Stamps the kernel onto the output once for every input value, times that value."
    ),
    "max_pool2d": Entry(MaxPool2D, "Keeps the largest value under the window, channel by channel."),
    "avg_pool2d": Entry(AvgPool2D, "Takes the mean of the values under the window, channel by channel."),
}


def run(
    spec: Operation,
    input: NDArray[np.generic],  # noqa: A002
    layout: Layout = "NHWC",
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """The output, float32 [batch, output_height, output_width, out_channels], or NCHW as `layout` says.

    input: [batch, height, width, in_channels], or in the order of `layout`; uint8 (pixels count as 0..255),
    float32, or other integers and floats, which are taken as float32.
    out: where to put it, float32 and of the output's shape; it is returned. `empty` makes one that is written
    without a copy, and to use it again spares the page faults of new memory.

    Sums are within a relative 1e-5 of the magnitude of their terms, exact for small integers, and the same to
    the bit from run to run and for any number of threads. The array need not be contiguous: it may be a view
    of planar memory, where each output channel is. Raises EngineError for an input that does not suit `spec`,
    and where the window does not fit.
    """
    source = input if layout == "NHWC" else to_nhwc(input, layout)
    cells = checked_input(spec, source, _DIMENSIONS)
    geometry = _planned(spec, cells.shape[1:3])
    shape = (len(cells), geometry.output_height, geometry.output_width, out_channels(spec, cells.shape[3]))
    fresh = backend.empty(spec, shape)
    if out is None:
        backend.output(spec, geometry, cells, fresh)
        return from_nhwc(fresh, layout)
    given = to_nhwc(out, layout, "out")
    if given.shape != shape or given.dtype != np.float32 or not given.flags.writeable:
        raise EngineError(
            "out",
            out.shape,
            f"must be a writable float32 array of shape {list(from_nhwc(fresh, layout).shape)}; "
            f"got {out.dtype} of shape {list(out.shape)}.",
        )
    apart = not np.may_share_memory(given, cells)
    if apart and given.strides == fresh.strides and given.flags.aligned:
        backend.output(spec, geometry, cells, given)
    else:
        backend.output(spec, geometry, cells, fresh)
        given[...] = fresh
    return out


def empty(spec: Operation, input_shape: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """An output for `run(..., out=)` over an NHWC input of that shape; what is in it is undefined."""
    batch, height, width, in_channels = input_shape
    geometry = plan(spec, height, width)
    shape = (batch, geometry.output_height, geometry.output_width, out_channels(spec, in_channels))
    return backend.empty(spec, shape)


def max_pool_argmax(spec: MaxPool2D, input: NDArray[np.generic]) -> NDArray[np.int32]:  # noqa: A002
    """Where each value of a max pool comes from: the input's (y, x).

    int32 [batch, output_height, output_width, channels, 2]; input as in `run`, NHWC.
    """
    cells = checked_input(spec, input, _DIMENSIONS)
    geometry = plan(spec, cells.shape[1], cells.shape[2])
    output = empty(spec, cells.shape)
    argmax = np.empty((*output.shape, 2), np.int32)
    backend.max_pool(geometry, cells, output, argmax)
    return argmax


def _planned(spec: Operation, size: tuple[int, int]) -> Geometry:
    known = _last_plans.get(spec)
    if known is None or known[0] != size:
        known = _last_plans[spec] = size, plan(spec, *size)
    return known[1]


def out_channels(spec: Operation, in_channels: int) -> int:
    """Channels of the output over an input of `in_channels`; a pool keeps them."""
    return spec.out_channels if isinstance(spec, Weighted) else in_channels


def work(spec: Operation, geometry: Geometry, in_channels: int) -> int:
    """Cells read for one batch item, of which each is a multiply-accumulate where there is a kernel.

    What a budget should be counted in. A transposed convolution is counted by its stamps.
    """
    window = geometry.y.kernel_size * geometry.x.kernel_size
    channels = out_channels(spec, in_channels)
    if isinstance(spec, Conv2DTranspose):
        cells = geometry.y.input_size * geometry.x.input_size
        return cells * window * spec.group_channels * channels
    depth = spec.group_channels if isinstance(spec, Weighted) else 1
    return geometry.positions * window * depth * channels
