"""A convolution as a product of matrices (im2col), as most libraries compute it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.activations import activate
from engine.equivalences.inputs import batch_of
from engine.geometry import plan
from engine.inputs import Cells
from engine.reference import windows
from engine.spec import Conv2D, DepthwiseConv2D


@dataclass(frozen=True, eq=False)
class Im2col:
    """One product of matrices per group: matrix @ weights = product. A depthwise channel is a group.

    matrix: [groups, batch * positions, taps], the input's own dtype; row n * positions + p is the window of
        position p of item n, in tap order (channel, kernel row, kernel column).
    weights: float32 [groups, taps, out_channels / groups]; a flipped kernel is flipped here.
    product: float64 [groups, batch * positions, out_channels / groups], not rounded and without the bias.
    output: float32 [batch, output_height, output_width, out_channels], with bias and activation.
    """

    matrix: Cells
    weights: NDArray[np.float32]
    product: NDArray[np.float64]
    output: NDArray[np.float32]


def im2col(conv: Conv2D | DepthwiseConv2D, input: NDArray[np.generic]) -> Im2col:  # noqa: A002
    """`conv` as matrices. The matrix has every input cell as often as windows read it: up to kernel_height *
    kernel_width times the memory of the input."""
    cells = batch_of(conv, input)
    geometry = plan(conv, cells.shape[1], cells.shape[2])
    y, x = geometry.lines
    rows, columns = np.divmod(np.arange(geometry.positions), geometry.output_width)
    laid = np.concatenate([windows(y, x, item, rows, columns).values for item in cells])
    matrix = np.ascontiguousarray(laid.reshape(len(laid), conv.groups, conv.taps).transpose(1, 0, 2))
    weights = np.ascontiguousarray(conv.tap_weights.reshape(conv.groups, -1, conv.taps).transpose(0, 2, 1))
    # Infinities of the input are legal, and so are the NaN that follow from them.
    with np.errstate(invalid="ignore", over="ignore"):
        product = matrix.astype(np.float64) @ weights.astype(np.float64)
        sums = product.transpose(1, 0, 2).reshape(
            len(cells), geometry.output_height, geometry.output_width, conv.out_channels
        )
        output = np.ascontiguousarray(sums if conv.bias is None else sums + conv.bias, np.float32)
    activate(output, conv.activation, output)
    return Im2col(matrix, weights, product, output)
