"""Every operation as its definition, in plain Python, on enumerated geometry.

Nothing of the engine is used but the fields of a spec; kernels are read in their own order of axes.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation
from tests.engine.enumeration import Axis, both

Array = np.ndarray[Any, np.dtype[Any]]

Kernelled = Conv2D | DepthwiseConv2D | Conv2DTranspose


def out_channels(spec: Operation, channels: int) -> int:
    """Output channels over an input of so many channels."""
    match spec:
        case Conv2D():
            return int(spec.kernel.shape[3])
        case DepthwiseConv2D():
            return int(spec.kernel.shape[2] * spec.kernel.shape[3])
        case Conv2DTranspose():
            return int(spec.kernel.shape[2]) * spec.groups
        case _:
            return channels


def group_of(spec: Operation, out_channel: int, channels: int) -> range:
    """The input channels, of so many, that an output channel reads."""
    match spec:
        case Conv2D():
            size, own = channels // spec.groups, spec.kernel.shape[3] // spec.groups
            return range(out_channel // own * size, (out_channel // own + 1) * size)
        case DepthwiseConv2D():
            channel = out_channel // spec.kernel.shape[3]
            return range(channel, channel + 1)
        case Conv2DTranspose():
            size, own = channels // spec.groups, spec.kernel.shape[2]
            return range(out_channel // own * size, (out_channel // own + 1) * size)
        case _:
            return range(out_channel, out_channel + 1)


def weight(spec: Kernelled, kernel_y: int, kernel_x: int, channel: int, out_channel: int) -> float:
    """What input `channel` is multiplied with under kernel cell (kernel_y, kernel_x), for `out_channel`."""
    if spec.flip_kernel:
        kernel_y, kernel_x = spec.kernel.shape[0] - 1 - kernel_y, spec.kernel.shape[1] - 1 - kernel_x
    cell = spec.kernel[kernel_y, kernel_x]
    match spec:
        case Conv2D():
            return float(cell[channel % cell.shape[0], out_channel])
        case DepthwiseConv2D():
            return float(cell[channel, out_channel % cell.shape[1]])
        case Conv2DTranspose():
            return float(cell[out_channel % cell.shape[0], channel])


def window(
    spec: Operation, cells: Array, y: list[int], x: list[int], out_channel: int, outside: float = 0.0
) -> list[float]:
    """What lies under the kernel in tap order: channel, kernel row, kernel column."""
    return [
        float(cells[row, column, channel]) if row >= 0 and column >= 0 else outside
        for channel in group_of(spec, out_channel, cells.shape[2])
        for row in y
        for column in x
    ]


def weights(spec: Kernelled, channels: int, out_channel: int) -> list[float]:
    """What the taps are multiplied with, in the same order."""
    return [
        weight(spec, kernel_y, kernel_x, channel, out_channel)
        for channel in group_of(spec, out_channel, channels)
        for kernel_y in range(spec.kernel.shape[0])
        for kernel_x in range(spec.kernel.shape[1])
    ]


def bias(spec: Kernelled, out_channel: int) -> float:
    return 0.0 if spec.bias is None else float(spec.bias[out_channel])


def activated(spec: Operation, total: float) -> float:
    """In float64."""
    match getattr(spec, "activation", None):
        case "relu":
            return total if total > 0 or math.isnan(total) else 0.0
        case "tanh":
            return math.tanh(total)
        case "sigmoid":
            return 1 / (1 + math.exp(-total)) if total > -700 else 0.0
        case None:
            return total
        case other:
            raise AssertionError(other)


def divisor(spec: AvgPool2D, y: Axis, x: Axis, row: int, column: int) -> int:
    if spec.count_include_pad:
        return y.padded[row] * x.padded[column]
    return y.inside[row] * x.inside[column]


def terms(spec: Conv2D | DepthwiseConv2D, inputs: Array) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every product with the output cell it belongs to: what is under the kernel is gathered."""
    y, x = both(spec, inputs.shape[1], inputs.shape[2])
    for out_channel in range(out_channels(spec, inputs.shape[3])):
        factors = weights(spec, inputs.shape[3], out_channel)
        for item, row, column in np.ndindex(len(inputs), y.output_size, x.output_size):
            values = window(spec, inputs[item], y.sources[row], x.sources[column], out_channel)
            for value, factor in zip(values, factors, strict=True):
                yield (item, row, column, out_channel), value * factor


def stamps(spec: Conv2DTranspose, inputs: Array) -> Iterator[tuple[tuple[int, ...], float]]:
    """The same for a transposed convolution: every input value is stamped."""
    y, x = both(spec, inputs.shape[1], inputs.shape[2])
    for out_channel in range(out_channels(spec, inputs.shape[3])):
        for channel in group_of(spec, out_channel, inputs.shape[3]):
            for item, row, column in np.ndindex(inputs.shape[:3]):
                value = float(inputs[item, row, column, channel])
                for kernel_y, place_y in enumerate(y.stamps[row]):
                    for kernel_x, place_x in enumerate(x.stamps[column]):
                        if 0 <= place_y < y.output_size and 0 <= place_x < x.output_size:
                            factor = weight(spec, kernel_y, kernel_x, channel, out_channel)
                            yield (item, place_y, place_x, out_channel), value * factor


def sums(spec: Kernelled, inputs: Array) -> tuple[Array, Array]:
    """The sums in float64, and the magnitude of their terms, which rounding errors are measured against."""
    y, x = both(spec, inputs.shape[1], inputs.shape[2])
    shape = (len(inputs), y.output_size, x.output_size, out_channels(spec, inputs.shape[3]))
    products: dict[tuple[int, ...], list[float]] = {cell: [] for cell in np.ndindex(shape)}
    for cell, product in stamps(spec, inputs) if isinstance(spec, Conv2DTranspose) else terms(spec, inputs):
        products[cell].append(product)
    total, magnitude = np.zeros(shape), np.zeros(shape)
    for cell, several in products.items():
        several.append(bias(spec, cell[3]))
        total[cell] = math.fsum(several)
        magnitude[cell] = math.fsum([abs(product) for product in several])
    return total, magnitude


def largest(values: list[float]) -> int:
    """The place of the first NaN, or else of the first of the largest."""
    best = 0
    for place, value in enumerate(values):
        if not math.isnan(values[best]) and (math.isnan(value) or value > values[best]):
            best = place
    return best


def max_pool(spec: MaxPool2D, inputs: Array) -> tuple[Array, Array]:
    """The largest values, and the input's (y, x) of each."""
    y, x = both(spec, inputs.shape[1], inputs.shape[2])
    shape = (len(inputs), y.output_size, x.output_size, inputs.shape[3])
    output, argmax = np.zeros(shape), np.zeros((*shape, 2), int)
    for item, row, column, channel in np.ndindex(shape):
        cells = [
            (source_y, source_x)
            for source_y in y.sources[row]
            for source_x in x.sources[column]
            if source_y >= 0 and source_x >= 0
        ]
        best = cells[largest([float(inputs[item, *cell, channel]) for cell in cells])]
        output[item, row, column, channel] = inputs[item, *best, channel]
        argmax[item, row, column, channel] = best
    return output, argmax


def average_pool(spec: AvgPool2D, inputs: Array) -> tuple[Array, Array]:
    """The means in float64, and the mean magnitudes."""
    y, x = both(spec, inputs.shape[1], inputs.shape[2])
    shape = (len(inputs), y.output_size, x.output_size, inputs.shape[3])
    output, magnitude = np.zeros(shape), np.zeros(shape)
    for item, row, column, channel in np.ndindex(shape):
        values = window(spec, inputs[item], y.sources[row], x.sources[column], channel)
        count = divisor(spec, y, x, row, column)
        output[item, row, column, channel] = math.fsum(values) / count
        magnitude[item, row, column, channel] = math.fsum([abs(value) for value in values]) / count
    return output, magnitude


def run(spec: Operation, inputs: Array) -> tuple[Array, Array]:
    """The whole output in float64, and the magnitude of its terms."""
    match spec:
        case MaxPool2D():
            output, _ = max_pool(spec, inputs)
            return output, np.zeros(output.shape)
        case AvgPool2D():
            return average_pool(spec, inputs)
        case _:
            total, magnitude = sums(spec, inputs)
            return np.vectorize(lambda one: activated(spec, one))(total), magnitude
