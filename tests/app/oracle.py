"""What a convolution is, written as slowly and plainly as possible. Shares nothing with the engine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

ARTICLE = np.arange(1, 17).reshape(4, 4)
VERTICAL_EDGE = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
SAME = [[-8, -4, -4, 10], [-18, -6, -6, 21], [-30, -6, -6, 33], [-24, -4, -4, 26]]
VALID = [[-6, -6], [-6, -6]]
SAME_STRIDE_2 = [[-6, 21], [-4, 26]]

Array = NDArray[Any]


def same_pads(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """SAME as TensorFlow has it: (before, after), the odd one after."""
    span = (kernel - 1) * dilation + 1
    total = max((-(-size // stride) - 1) * stride + span - size, 0)
    return total // 2, total - total // 2


def windows(image: Array, height: int, width: int, strides: Any, dilations: Any, pads: Any) -> Array:
    """[positions, channels * height * width] in tap order, from an HWC image."""
    padded = np.pad(image, (*pads, (0, 0)))
    last_y = padded.shape[0] - (height - 1) * dilations[0]
    last_x = padded.shape[1] - (width - 1) * dilations[1]
    return np.array(
        [
            [
                padded[y + i * dilations[0], x + j * dilations[1], channel]
                for channel in range(image.shape[2])
                for i in range(height)
                for j in range(width)
            ]
            for y in range(0, last_y, strides[0])
            for x in range(0, last_x, strides[1])
        ]
    )


def tap_weights(kernel: Array) -> Array:
    """HWIO -> [taps, out_channels]."""
    return np.moveaxis(np.asarray(kernel, np.float64), 2, 0).reshape(-1, np.shape(kernel)[3])


def left_fold(terms: Array) -> Array:
    """Sum along the last axis, one after the other, in float64."""
    total = np.zeros(terms.shape[:-1])
    for index in range(terms.shape[-1]):
        total = total + terms[..., index].astype(np.float64)
    return total
