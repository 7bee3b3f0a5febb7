"""The range of one output channel, for colours that do not change while a trace is played."""

from dataclasses import replace
from math import ceil, floor, log10

import numpy as np

from app.answers import ScaleOut
from app.arrays import Array
from engine.axes import AnyAxis, AxisGeometry
from engine.checks import whole_number
from engine.geometry import Geometry
from engine.ops import out_channels, run
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D, Operation, Weighted

# Below this the scale is the exact maximum: there are too few sums for a percentile to mean anything.
_FEW_POSITIONS = 64


def scale_out(spec: Operation, geometry: Geometry, image: Array, out_channel: int) -> ScaleOut:
    """The range of the sums, or of a pool's outputs, and a round number that nearly all of it stays within.

    That is the 98.5th percentile of the magnitudes over the positions whose window touches no padding,
    rounded up; the largest magnitude where there are fewer than 64 positions. Infinity and NaN, which sums of
    numbers near the largest float32 can be, count as 0.

    image: [height, width, channels].
    """
    whole_number("out_channel", out_channel, 0, out_channels(spec, image.shape[2]) - 1)
    one, channels = _one_channel(spec, out_channel)
    values = run(one, image[np.newaxis, :, :, channels])[0, :, :, 0]
    np.nan_to_num(values, copy=False, nan=0, posinf=0, neginf=0)
    return ScaleOut(
        signed_scale=_signed_scale(values, geometry),
        minimum=float(values.min()),
        maximum=float(values.max()),
    )


def _one_channel(spec: Operation, out_channel: int) -> tuple[Operation, slice]:
    """The sums of one output channel as an operation of their own, and the input channels it reads."""
    if not isinstance(spec, Weighted):
        return spec, slice(out_channel, out_channel + 1)
    first = spec.first_channel(out_channel)
    channels = slice(first, first + spec.group_channels)
    bias = None if spec.bias is None else spec.bias[out_channel : out_channel + 1]
    match spec:
        case Conv2D():
            kernel = spec.kernel[..., out_channel : out_channel + 1]
            return replace(spec, kernel=kernel, bias=bias, groups=1, activation=None), channels
        case DepthwiseConv2D():
            multiplied = out_channel % spec.kernel.shape[3]
            kernel = spec.kernel[:, :, channels, multiplied : multiplied + 1]
            return replace(spec, kernel=kernel, bias=bias, activation=None), channels
        case Conv2DTranspose():
            of_group = out_channel % spec.kernel.shape[2]
            kernel = spec.kernel[:, :, of_group : of_group + 1, channels]
            return replace(spec, kernel=kernel, bias=bias, groups=1, activation=None), channels
        case _:
            raise TypeError(f"{type(spec).__name__} is not known")


def _signed_scale(values: Array, geometry: Geometry) -> float:
    magnitudes = np.abs(values.astype(np.float64))
    if geometry.positions < _FEW_POSITIONS:
        return float(magnitudes.max()) or 1.0
    inner = magnitudes[_inside(geometry.y), _inside(geometry.x)]
    percentile = float(np.percentile(inner if inner.size else magnitudes, 98.5)) or float(magnitudes.max())
    if percentile == 0 or not np.isfinite(percentile):
        return 1.0
    step = 5 * 10.0 ** floor(log10(percentile) - 1)
    return float(f"{ceil(percentile / step) * step:.12g}")


def _inside(axis: AnyAxis) -> slice:
    """The output cells of an axis whose window touches no padding; all of a transposed convolution."""
    if not isinstance(axis, AxisGeometry):
        return slice(None)
    low = -(-axis.pad_before // axis.stride)
    high = (axis.pad_before + axis.input_size - axis.span) // axis.stride
    return slice(low, max(low, high + 1))
