"""What a turned kernel is good for: true convolution, and the transposed convolution."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import ops
from engine.axes import TransposedAxisGeometry
from engine.checks import Pair
from engine.equivalences.inputs import batch_of, laid_out
from engine.geometry import plan
from engine.inputs import Cells
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D


@dataclass(frozen=True, eq=False)
class Flipped:
    """A true convolution as a cross-correlation with the turned kernel, or the other way round.

    kernel: float32, the spec's turned by 180 degrees; its axes are those of the spec.
    convolution: the spec with that kernel and the other `flip_kernel`.
    """

    kernel: NDArray[np.float32]
    convolution: Conv2D | DepthwiseConv2D | Conv2DTranspose


@dataclass(frozen=True, eq=False)
class TransposedAsConvolution:
    """A transposed convolution as an ordinary one over the input with zeros between its cells.

    stuffed: [batch, (height - 1) * stride_y + 1, (width - 1) * stride_x + 1, in_channels].
    pads: ((top, bottom), (left, right)) of zeros that `stuffed` gets: span - 1 - crop. Negative where it is
        cut instead.
    padded: `stuffed` after that.
    kernel: float32 [kernel_height, kernel_width, in_channels / groups, out_channels] (HWIO), turned by 180
        degrees.
    convolution: with that kernel, VALID, stride 1 and the spec's dilation. output: float32, what it makes of
        `padded`.
    """

    stuffed: Cells
    pads: tuple[Pair, Pair]
    padded: Cells
    kernel: NDArray[np.float32]
    convolution: Conv2D
    output: NDArray[np.float32]


def flipped(conv: Conv2D | DepthwiseConv2D | Conv2DTranspose) -> Flipped:
    """`conv` with its kernel turned, and `flip_kernel` the other way: the same output."""
    kernel = np.ascontiguousarray(conv.kernel[::-1, ::-1])
    return Flipped(kernel, replace(conv, kernel=kernel, flip_kernel=not conv.flip_kernel))


def transposed_as_convolution(
    spec: Conv2DTranspose,
    input: NDArray[np.generic],  # noqa: A002
) -> TransposedAsConvolution:
    """`spec` as a convolution of stride 1, with stride_y * stride_x times the products, most of them 0."""
    cells = batch_of(spec, input)
    geometry = plan(spec, cells.shape[1], cells.shape[2])
    count, height, width, channels = cells.shape
    stride_y, stride_x = spec.strides
    stuffed = np.zeros(
        (count, (height - 1) * stride_y + 1, (width - 1) * stride_x + 1, channels), cells.dtype
    )
    stuffed[:, ::stride_y, ::stride_x] = cells
    weights = spec.tap_weights.reshape(spec.out_channels, spec.group_channels, *spec.kernel_size)
    kernel = np.ascontiguousarray(weights.transpose(2, 3, 1, 0)[::-1, ::-1])
    convolution = Conv2D(
        kernel, spec.bias, (1, 1), spec.dilations, "VALID", spec.groups, activation=spec.activation
    )
    padded = laid_out(cells, *(line.sources for line in geometry.lines))
    return TransposedAsConvolution(
        stuffed=stuffed,
        pads=(_pads(geometry.y), _pads(geometry.x)),
        padded=padded,
        kernel=kernel,
        convolution=convolution,
        output=ops.run(convolution, padded),
    )


def _pads(axis: object) -> Pair:
    if not isinstance(axis, TransposedAxisGeometry):
        raise TypeError("the geometry is not that of a transposed convolution")
    return axis.span - 1 - axis.crop_before, axis.span - 1 - axis.crop_after
