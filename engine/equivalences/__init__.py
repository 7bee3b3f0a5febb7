"""Other ways to the same output, each with all of its intermediate arrays.

Every function takes a spec as `ops.run` does, and where it takes an input, NHWC as there, `output` is what
`ops.run` answers: the same on small integers, and within its tolerance otherwise.
"""

from engine.equivalences.dilation import SpaceToBatch, ZeroStuffed, space_to_batch, zero_stuffed
from engine.equivalences.factors import (
    RANK_TOLERANCE,
    DepthwiseSeparable,
    Separable,
    TwoPasses,
    depthwise_separable,
    separable,
    two_passes,
)
from engine.equivalences.inputs import padded_input
from engine.equivalences.matrix import Im2col, im2col
from engine.equivalences.narrowed import narrowed, narrowed_transposed
from engine.equivalences.pointwise import depthwise_then_pointwise
from engine.equivalences.turned import Flipped, TransposedAsConvolution, flipped, transposed_as_convolution

__all__ = [
    "RANK_TOLERANCE",
    "DepthwiseSeparable",
    "Flipped",
    "Im2col",
    "Separable",
    "SpaceToBatch",
    "TransposedAsConvolution",
    "TwoPasses",
    "ZeroStuffed",
    "depthwise_separable",
    "depthwise_then_pointwise",
    "flipped",
    "im2col",
    "narrowed",
    "narrowed_transposed",
    "padded_input",
    "separable",
    "space_to_batch",
    "transposed_as_convolution",
    "two_passes",
    "zero_stuffed",
]
