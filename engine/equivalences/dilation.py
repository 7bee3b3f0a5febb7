"""A dilated convolution without dilation: over every r-th cell, or with zeros in the kernel.

Both identities as TensorFlow documents them for tf.nn.atrous_conv2d and tf.space_to_batch.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import ops
from engine.checks import Pair
from engine.equivalences.inputs import batch_of, laid_out, padded_sources, sliding
from engine.errors import EngineError
from engine.geometry import plan
from engine.inputs import Cells
from engine.spec import Conv2D, DepthwiseConv2D


@dataclass(frozen=True, eq=False)
class SpaceToBatch:
    """A dilated convolution as an undilated one over every dilation-th cell; N is the batch.

    block: the dilations (y, x). pads: ((top, bottom), (left, right)) of the convolution itself.
    extra: zeros (y, x) more at the end, to a whole number of blocks.
    padded: [N, height, width, in_channels] with pads and extra, a multiple of the block.
    blocks: [block_y * block_x * N, height / block_y, width / block_x, in_channels]; item
        (row * block_x + column) * N + n has the cells of item n whose y is row modulo block_y, and x column
        modulo block_x.
    convolution: the undilated VALID convolution of the blocks. convolved: float32, its output.
    joined: float32 [N, output_height + extra_y, output_width + extra_x, out_channels], the blocks put back.
    output: `joined` without the extra cells at its end.
    """

    block: Pair
    pads: tuple[Pair, Pair]
    extra: Pair
    padded: Cells
    blocks: Cells
    convolution: Conv2D | DepthwiseConv2D
    convolved: NDArray[np.float32]
    joined: NDArray[np.float32]
    output: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ZeroStuffed:
    """A dilated convolution as one whose kernel has the gaps filled with zeros.

    kernel: float32 [span_y, span_x, ...], the other axes those of the spec.
    convolution: the same convolution with that kernel and without dilation.
    """

    kernel: NDArray[np.float32]
    convolution: Conv2D | DepthwiseConv2D


def space_to_batch(conv: Conv2D | DepthwiseConv2D, input: NDArray[np.generic]) -> SpaceToBatch:  # noqa: A002
    """The dilation taken out of `conv` by taking the input apart. Raises EngineError for a stride above 1."""
    if conv.strides != (1, 1):
        raise EngineError(
            "strides",
            list(conv.strides),
            "must be [1, 1] for space_to_batch, whose blocks would take turns at the strides; "
            f"got {list(conv.strides)}.",
        )
    cells = batch_of(conv, input)
    y, x = sliding(plan(conv, cells.shape[1], cells.shape[2]))
    block_y, block_x = conv.dilations
    extra_y, extra_x = -y.padded_size % block_y, -x.padded_size % block_x
    padded = laid_out(cells, padded_sources(y, extra_y), padded_sources(x, extra_x))
    count, height, width, channels = padded.shape
    apart = padded.reshape(count, height // block_y, block_y, width // block_x, block_x, channels)
    blocks = np.ascontiguousarray(apart.transpose(2, 4, 0, 1, 3, 5)).reshape(
        block_y * block_x * count, height // block_y, width // block_x, channels
    )
    convolution = replace(conv, dilations=(1, 1), padding="VALID", padding_mode="zeros")
    convolved = ops.run(convolution, blocks)
    _, block_height, block_width, out_channels = convolved.shape
    joined = (
        convolved.reshape(block_y, block_x, count, block_height, block_width, out_channels)
        .transpose(2, 3, 0, 4, 1, 5)
        .reshape(count, block_height * block_y, block_width * block_x, out_channels)
    )
    return SpaceToBatch(
        block=conv.dilations,
        pads=((y.pad_before, y.pad_after), (x.pad_before, x.pad_after)),
        extra=(extra_y, extra_x),
        padded=padded,
        blocks=blocks,
        convolution=convolution,
        convolved=convolved,
        joined=joined,
        output=joined[:, : joined.shape[1] - extra_y, : joined.shape[2] - extra_x],
    )


def zero_stuffed(conv: Conv2D | DepthwiseConv2D) -> ZeroStuffed:
    """The dilation taken out of `conv` by writing it into the kernel."""
    height, width = conv.kernel_size
    dilation_y, dilation_x = conv.dilations
    kernel = np.zeros(
        ((height - 1) * dilation_y + 1, (width - 1) * dilation_x + 1, *conv.kernel.shape[2:]), np.float32
    )
    kernel[::dilation_y, ::dilation_x] = conv.kernel
    return ZeroStuffed(kernel, replace(conv, kernel=kernel, dilations=(1, 1)))
