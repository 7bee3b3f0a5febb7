"""The plain oracle in NumPy: slow, short, right by inspection. Serves until the compiled loops are warm."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.axes import TransposedAxisGeometry
from engine.geometry import Geometry
from engine.inputs import Cells
from engine.lines import Indices, Line
from engine.spec import Conv2DTranspose, Weighted

# An item of a batch, a row of its output, and some columns.
Place = tuple[int, int, slice]

# Cells of windows laid at a time.
_CELLS = 1 << 20


class Windows(NamedTuple):
    """What lies under the kernel at some positions.

    values: [positions, channels, kernel_height, kernel_width], in the dtype of the input, 0 where nothing is
        read. is_read: bool [positions, kernel_height, kernel_width].
    """

    values: Cells
    is_read: NDArray[np.bool_]


def windows(y: Line, x: Line, cells: Cells, rows: Indices, columns: Indices) -> Windows:
    """The windows of output cells (rows[i], columns[i]) over cells, [height, width, channels]."""
    taps_y, taps_x = y.taps(rows)[:, :, np.newaxis], x.taps(columns)[:, np.newaxis, :]
    is_read = (taps_y >= 0) & (taps_x >= 0)
    values = np.zeros((*is_read.shape, cells.shape[2]), cells.dtype)
    taps_y, taps_x = np.broadcast_arrays(taps_y, taps_x)
    values[is_read] = cells[taps_y[is_read], taps_x[is_read]]
    return Windows(values.transpose(0, 3, 1, 2), is_read)


def _everywhere(y: Line, x: Line, inputs: Cells) -> Iterator[tuple[Place, Windows]]:
    """All windows of a batch, NHWC, a part of an output row at a time: those of a photo are gigabytes."""
    cells = y.kernel_size * x.kernel_size * inputs.shape[3]
    together = max(1, _CELLS // cells)
    for item, row in np.ndindex(len(inputs), y.output_size):
        for start in range(0, x.output_size, together):
            columns = np.arange(start, min(start + together, x.output_size))
            laid = windows(y, x, inputs[item], np.full_like(columns, row), columns)
            yield (item, row, slice(start, start + together)), laid


def convolve(spec: Weighted, y: Line, x: Line, inputs: Cells) -> NDArray[np.float64]:
    """The sums of a convolution, [batch, output_height, output_width, out_channels]; inputs is NHWC."""
    output = np.empty((len(inputs), y.output_size, x.output_size, spec.out_channels))
    # [groups, taps, out_channels of a group]
    weights = spec.tap_weights.reshape(spec.groups, -1, spec.taps).transpose(0, 2, 1).astype(np.float64)
    # Infinities of the input are legal, and so are the NaN that follow from them.
    with np.errstate(invalid="ignore", over="ignore"):
        for place, laid in _everywhere(y, x, inputs):
            grouped = laid.values.reshape(-1, spec.groups, spec.taps).transpose(1, 0, 2)
            sums = grouped.astype(np.float64) @ weights
            output[place] = sums.transpose(1, 0, 2).reshape(-1, spec.out_channels)
    return output if spec.bias is None else output + spec.bias


def transpose(spec: Conv2DTranspose, geometry: Geometry, inputs: Cells) -> NDArray[np.float64]:
    """The same for a transposed convolution: every input value stamps the kernel onto the full output."""
    y, x = geometry.y, geometry.x
    if not isinstance(y, TransposedAxisGeometry) or not isinstance(x, TransposedAxisGeometry):
        raise TypeError("the geometry is not that of a transposed convolution")
    height, width = y.full_size + max(0, -y.crop_after), x.full_size + max(0, -x.crop_after)
    full = np.zeros((len(inputs), height, width, spec.out_channels))
    weights = spec.tap_weights.reshape(
        spec.groups, -1, spec.group_channels, spec.kernel_height, spec.kernel_width
    ).astype(np.float64)
    grouped = inputs.reshape(*inputs.shape[:3], spec.groups, spec.group_channels).astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        for tap_y, tap_x in np.ndindex(spec.kernel_size):
            values = np.einsum("bhwgi,goi->bhwgo", grouped, weights[..., tap_y, tap_x])
            top, left = tap_y * y.dilation, tap_x * x.dilation
            full[
                :,
                top : top + (y.input_size - 1) * y.stride + 1 : y.stride,
                left : left + (x.input_size - 1) * x.stride + 1 : x.stride,
            ] += values.reshape(*values.shape[:3], -1)
    output = full[
        :, y.crop_before : y.crop_before + y.output_size, x.crop_before : x.crop_before + x.output_size
    ]
    return output if spec.bias is None else output + spec.bias


def max_pool(y: Line, x: Line, inputs: Cells) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """The largest values, [batch, output_height, output_width, channels], and where: [..., (y, x)]."""
    shape = (len(inputs), y.output_size, x.output_size, inputs.shape[3])
    output, argmax = np.empty(shape, np.float32), np.empty((*shape, 2), np.int32)
    for place, laid in _everywhere(y, x, inputs):
        output[place], winner = largest(laid)
        kernel_y, kernel_x = np.divmod(winner, x.kernel_size)
        _, row, columns = place
        taps_y, taps_x = y.taps(np.array([row])), x.taps(np.arange(x.output_size)[columns])
        argmax[place][..., 0] = taps_y[0][kernel_y]
        argmax[place][..., 1] = np.take_along_axis(taps_x, kernel_x, 1)
    return output, argmax


def largest(laid: Windows) -> tuple[NDArray[np.float32], Indices]:
    """float32 [positions, channels], the largest value that is read, and its index in the window.

    The first of equals; a NaN is larger than everything, as in PyTorch.
    """
    positions, channels = laid.values.shape[:2]
    values = laid.values.reshape(positions, channels, -1).astype(np.float32)
    is_read = np.broadcast_to(laid.is_read.reshape(positions, 1, -1), values.shape)
    # -inf in the input still wins over the padding: below every float32, above what is not read.
    ranks = np.where(values == -np.inf, -1e300, values.astype(np.float64))
    ties = np.where(is_read, ranks, -np.inf)
    winner = np.argmax(ties, axis=2)
    return np.take_along_axis(values, winner[:, :, np.newaxis], 2)[:, :, 0], winner


def average_pool(y: Line, x: Line, divisors: Indices, inputs: Cells) -> NDArray[np.float32]:
    """The means, [batch, output_height, output_width, channels]; divisors: [output_height, output_width]."""
    output = np.empty((len(inputs), y.output_size, x.output_size, inputs.shape[3]), np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        for place, laid in _everywhere(y, x, inputs):
            sums = laid.values.astype(np.float64).sum(axis=(2, 3)).astype(np.float32)
            output[place] = sums.astype(np.float64) / divisors[place[1:]][:, np.newaxis]
    return output


def fill_trace(
    y: Line,
    x: Line,
    cells: Cells,
    first_channel: int,
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

    cells: HWC, of which the channels from first_channel on are read, as many as there are weights for.
    weights: [taps] in tap order (channel, kernel row, kernel column); window, products: [count, taps];
    channel_sums: [count, channels]; sums: [count].
    """
    rows, columns = np.divmod(np.arange(first, first + count), x.output_size)
    channels = weights.size // (y.kernel_size * x.kernel_size)
    seen = cells[:, :, first_channel : first_channel + channels]
    laid = windows(y, x, seen, rows, columns).values.reshape(count, -1)
    with np.errstate(invalid="ignore", over="ignore"):
        terms = laid.astype(np.float32) * weights
        if window is not None:
            window[:] = laid
        if products is not None:
            products[:] = terms
        if channel_sums is not None:
            for channel, part in enumerate(np.split(terms, channels, axis=1)):
                channel_sums[:, channel] = left_fold(part)
        if sums is not None:
            sums[:] = left_fold(terms) + bias


def left_fold(terms: NDArray[np.float32]) -> NDArray[np.float64]:
    """((0 + t0) + t1) + ... along the last axis, in float64. numpy.sum adds pairwise: another number."""
    total = np.zeros(terms.shape[:-1])
    for tap in range(terms.shape[-1]):
        total += terms[..., tap]
    return total
