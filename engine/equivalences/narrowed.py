"""The part of an operation that one output channel is."""

import numpy as np
from numpy.typing import NDArray

from engine.equivalences.inputs import batch_of
from engine.inputs import Cells
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D

Single = NDArray[np.float32]


def narrowed(
    spec: Conv2D | DepthwiseConv2D,
    input: NDArray[np.generic],  # noqa: A002
    out_channel: int,
) -> tuple[Conv2D, Cells]:
    """A convolution of one output channel, and the channels of `input` (NHWC) that it reads.

    Its output is that channel of `spec`'s. A flipped kernel stays as it was given, and flipped.
    """
    cells = batch_of(spec, input)
    kernel = _plane(spec, out_channel).transpose(1, 2, 0)[..., np.newaxis]
    found = Conv2D(
        kernel,
        _bias(spec, out_channel),
        spec.strides,
        spec.dilations,
        spec.padding,
        padding_mode=spec.padding_mode,
        flip_kernel=spec.flip_kernel,
        activation=spec.activation,
    )
    return found, _read(spec, cells, out_channel)


def narrowed_transposed(
    spec: Conv2DTranspose,
    input: NDArray[np.generic],  # noqa: A002
    out_channel: int,
) -> tuple[Conv2DTranspose, Cells]:
    """The same of a transposed convolution."""
    cells = batch_of(spec, input)
    kernel = _plane(spec, out_channel).transpose(1, 2, 0)[:, :, np.newaxis, :]
    found = Conv2DTranspose(
        kernel,
        _bias(spec, out_channel),
        spec.strides,
        spec.dilations,
        spec.padding,
        output_padding=spec.output_padding,
        output_shape=spec.output_shape,
        flip_kernel=spec.flip_kernel,
        activation=spec.activation,
    )
    return found, _read(spec, cells, out_channel)


def _plane(spec: Conv2D | DepthwiseConv2D | Conv2DTranspose, out_channel: int) -> Single:
    """[group_channels, kernel_height, kernel_width], as given."""
    weights: Single = spec.tap_weights[out_channel].reshape(spec.group_channels, *spec.kernel_size)
    return weights[:, ::-1, ::-1] if spec.flip_kernel else weights


def _bias(spec: Conv2D | DepthwiseConv2D | Conv2DTranspose, out_channel: int) -> Single | None:
    return None if spec.bias is None else spec.bias[out_channel : out_channel + 1]


def _read(spec: Conv2D | DepthwiseConv2D | Conv2DTranspose, cells: Cells, out_channel: int) -> Cells:
    first = spec.first_channel(out_channel)
    return np.ascontiguousarray(cells[..., first : first + spec.group_channels])
