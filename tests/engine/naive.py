"""Convolution as its definition, in plain Python, on the brute-force geometry of the golden file."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.spec import Conv2D
from tests.golden.make import case

Array = np.ndarray[Any, np.dtype[Any]]


def axis_taps(spec: Conv2D, size: int, axis: int) -> list[list[int]]:
    """For each output cell along one axis, the input coordinates of its taps; [] if nothing fits."""
    padding = spec.padding if isinstance(spec.padding, str) else spec.padding[axis]
    found = case(size, spec.kernel.shape[axis], spec.strides[axis], spec.dilations[axis], padding)
    if "taps" not in found:
        return []
    taps = found["taps"]
    return [
        [taps["first"] + position * taps["stride"] + offset for offset in taps["offsets"]]
        for position in range(found["output_size"])
    ]


def terms(spec: Conv2D, cells: Array, rows: list[int], columns: list[int], out_channel: int) -> Iterator[Any]:
    """(cell, weight) of one window in tap order: channel, kernel row, kernel column."""
    height, width, channels = cells.shape
    for channel in range(channels):
        for kernel_y, y in enumerate(rows):
            for kernel_x, x in enumerate(columns):
                inside = 0 <= y < height and 0 <= x < width
                cell = float(cells[y, x, channel]) if inside else 0.0
                yield cell, float(spec.kernel[kernel_y, kernel_x, channel, out_channel])


def conv2d(spec: Conv2D, inputs: Array) -> tuple[Array, Array]:
    """The output in float64, and the magnitude of its terms, which rounding errors are measured against."""
    rows, columns = axis_taps(spec, inputs.shape[1], 0), axis_taps(spec, inputs.shape[2], 1)
    output = np.zeros((len(inputs), len(rows), len(columns), spec.out_channels))
    magnitude = np.zeros(output.shape)
    for item, y, x, out_channel in np.ndindex(output.shape):
        pairs = list(terms(spec, inputs[item], rows[y], columns[x], out_channel))
        bias = 0.0 if spec.bias is None else float(spec.bias[out_channel])
        output[item, y, x, out_channel] = math.fsum([cell * weight for cell, weight in pairs]) + bias
        magnitude[item, y, x, out_channel] = math.fsum([abs(cell * weight) for cell, weight in pairs]) + abs(
            bias
        )
    return output, magnitude
