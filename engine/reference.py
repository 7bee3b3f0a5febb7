"""The plain oracle in NumPy: slow, short, right by inspection. Serves until the compiled loops are warm."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.geometry import Geometry
from engine.padding import padded_rows
from engine.spec import Cells, Conv2D


def conv2d(spec: Conv2D, geometry: Geometry, inputs: Cells) -> NDArray[np.float64]:
    """The whole output, [batch, output_height, output_width, out_channels], in float64; inputs is NHWC."""
    output = np.empty((len(inputs), geometry.output_height, geometry.output_width, spec.out_channels))
    kernel = spec.kernel.astype(np.float64)
    # Infinities of the input are legal, and so are the NaN that follow from them.
    with np.errstate(invalid="ignore", over="ignore"):
        for item, cells in enumerate(inputs):
            view = windows(padded_rows(cells, geometry, 0, geometry.y.padded_size), geometry)
            # A row at a time: the contraction copies its windows, which for a whole photo is a quarter of a
            # gigabyte.
            for y in range(geometry.output_height):
                output[item, y] = np.tensordot(view[y].astype(np.float64), kernel, ([1, 2, 3], [2, 0, 1]))
    if spec.bias is not None:
        output += spec.bias
    return output


def windows(padded: Cells, geometry: Geometry) -> Cells:
    """What the kernel lies on everywhere, [y, x, channel, kernel_y, kernel_x]: a view of `padded` (HWC)."""
    everywhere = sliding_window_view(padded, (geometry.y.span, geometry.x.span), axis=(0, 1))
    return everywhere[
        :: geometry.y.stride, :: geometry.x.stride, :, :: geometry.y.dilation, :: geometry.x.dilation
    ]


def fill_trace(
    geometry: Geometry,
    cells: Cells,
    weights: NDArray[np.float32],
    bias: float,
    first: int,
    count: int,
    window: Cells | None,
    products: NDArray[np.float32] | None,
    channel_sums: NDArray[np.float32] | None,
    sums: NDArray[np.float32] | None,
) -> None:
    """Positions first..first+count-1 into the arrays that are given.

    cells: HWC; weights: [taps] in tap order (channel, kernel row, kernel column); window, products: [count,
    taps]; channel_sums: [count, in_channels]; sums: [count].
    """
    y, x = np.divmod(np.arange(first, first + count), geometry.output_width)
    start = int(y[0]) * geometry.y.stride
    stop = int(y[-1]) * geometry.y.stride + geometry.y.span
    laid = windows(padded_rows(cells, geometry, start, stop), geometry)[y - y[0], x].reshape(count, -1)
    with np.errstate(invalid="ignore", over="ignore"):
        terms = laid.astype(np.float32) * weights
        if window is not None:
            window[:] = laid
        if products is not None:
            products[:] = terms
        if channel_sums is not None:
            for channel, part in enumerate(np.split(terms, channel_sums.shape[1], axis=1)):
                channel_sums[:, channel] = left_fold(part)
        if sums is not None:
            sums[:] = left_fold(terms) + bias


def left_fold(terms: NDArray[np.float32]) -> NDArray[np.float64]:
    """((0 + t0) + t1) + ... along the last axis, in float64. numpy.sum adds pairwise: another number."""
    total = np.zeros(terms.shape[:-1])
    for tap in range(terms.shape[-1]):
        total += terms[..., tap]
    return total
