"""Any convolution as a depthwise one and then a pointwise one, with as few kernels a channel as it takes."""

import numpy as np
from numpy.typing import NDArray

from engine.equivalences.factors import (
    RANK_TOLERANCE,
    DepthwiseSeparable,
    depthwise_separable,
)
from engine.errors import EngineError
from engine.spec import Conv2D, DepthwiseConv2D


def depthwise_then_pointwise(
    conv: Conv2D,
    input: NDArray[np.generic],  # noqa: A002
) -> tuple[DepthwiseConv2D, Conv2D, DepthwiseSeparable]:
    """The two convolutions, and all that comes of them over `input`, NHWC.

    The kernels that one input channel has for all output channels are combinations of a few, the rank of the
    matrix [kernel_height * kernel_width, out_channels] that they are; the largest of these ranks is the
    multiplier. With one output channel the depthwise kernels are the kernel itself, and all weights of the
    pointwise one are 1. Raises EngineError for a convolution with groups.
    """
    if conv.groups > 1:
        raise EngineError(
            "groups",
            conv.groups,
            f"must be 1: a pointwise convolution mixes all channels; got {conv.groups}.",
        )
    height, width, channels, outputs = conv.kernel.shape
    if outputs == 1:
        kernels, mixing = conv.kernel, np.ones((1, 1, channels, 1), np.float32)
    else:
        flat = conv.kernel.astype(np.float64).reshape(height * width, channels, outputs).transpose(1, 0, 2)
        left, values, right = np.linalg.svd(flat, full_matrices=False)
        ranks = (values > RANK_TOLERANCE * values[:, :1]).sum(axis=1)
        rank = max(int(ranks.max()), 1)
        # [channels, taps, rank] and [channels, rank, outputs], with the strength on the side of the kernels.
        factors = (left * values[:, np.newaxis, :])[:, :, :rank]
        kernels = factors.transpose(1, 0, 2).reshape(height, width, channels, rank).astype(np.float32)
        mixing = right[:, :rank].reshape(1, 1, channels * rank, outputs).astype(np.float32)
    depthwise = DepthwiseConv2D(
        kernels,
        None,
        conv.strides,
        conv.dilations,
        conv.padding,
        padding_mode=conv.padding_mode,
        flip_kernel=conv.flip_kernel,
    )
    pointwise = Conv2D(mixing, conv.bias, padding="VALID", activation=conv.activation)
    return depthwise, pointwise, depthwise_separable(depthwise, pointwise, input)
