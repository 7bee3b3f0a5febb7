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


def axis_table(operation: dict[str, Any], size: int, kernel: int, axis: int) -> Array:
    """[output_size, kernel]: the input index that each tap of each output cell reads, or -1 for nothing.

    `operation` is as the API takes it, all of its fields given but those that are not of its type.
    """
    stride, dilation = operation["strides"][axis], operation["dilations"][axis]
    padding, span = operation["padding"], (kernel - 1) * dilation + 1
    if operation["type"] == "conv2d_transpose":
        full = (size - 1) * stride + span
        if padding == "SAME":
            output_size = (operation["output_shape"] or [size * stride] * 2)[axis]
            before = max(full - output_size, 0) // 2
        else:
            before, after = (0, 0) if padding == "VALID" else padding[axis]
            output_size = full - before - after + operation["output_padding"][axis]
        table = np.full((output_size, kernel), -1)
        for index in range(size):
            for tap in range(kernel):
                if 0 <= (place := index * stride + tap * dilation - before) < output_size:
                    table[place, tap] = index
        return table
    before, after = {
        "SAME": same_pads(size, kernel, stride, dilation),
        "SAME_LOWER": same_pads(size, kernel, stride, dilation)[::-1],
        "VALID": (0, 0),
        "FULL": (span - 1, span - 1),
    }.get(padding if isinstance(padding, str) else "", padding[axis])
    mode = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}.get(operation["padding_mode"])
    line = np.pad(np.arange(size), (before, after), **({"mode": mode} if mode else {"constant_values": -1}))
    starts = [start for start in range(0, len(line), stride) if start + span <= len(line)]
    if operation["ceil_mode"] and starts[-1] + span < len(line) and starts[-1] + stride < size + before:
        starts.append(starts[-1] + stride)
        line = np.pad(line, (0, span), constant_values=-1)
    return np.array([line[start : start + span : dilation] for start in starts])


def kernel_of(operation: dict[str, Any], out_channel: int) -> tuple[int, Array]:
    """The first input channel that an output channel reads, and its weights [channels, height, width]."""
    kernel, groups = np.asarray(operation["kernel"], np.float32), operation.get("groups", 1)
    match operation["type"]:
        case "conv2d":
            channels = kernel.shape[2]
            first = out_channel // (kernel.shape[3] // groups) * channels
            weights = kernel[..., out_channel]
        case "depthwise_conv2d":
            first, multiplied = divmod(out_channel, kernel.shape[3])
            weights = kernel[:, :, first : first + 1, multiplied]
        case _:
            group, of_group = divmod(out_channel, kernel.shape[2])
            channels = kernel.shape[3] // groups
            first = group * channels
            weights = kernel[:, :, of_group, first : first + channels]
    weights = np.moveaxis(weights, 2, 0)
    return first, weights[:, ::-1, ::-1] if operation["flip_kernel"] else weights


def out_channels(operation: dict[str, Any], channels: int) -> int:
    if "kernel" not in operation:
        return channels
    shape = np.shape(operation["kernel"])
    return {
        "conv2d": shape[3],
        "depthwise_conv2d": shape[2] * shape[3],
        "conv2d_transpose": shape[2] * operation.get("groups", 1),
    }[operation["type"]]


def tables(operation: dict[str, Any], image: Array) -> tuple[Array, Array]:
    """axis_table of both axes, for an HWC image."""
    sides = np.shape(operation["kernel"])[:2] if "kernel" in operation else operation["kernel_size"]
    height, width = image.shape[:2] if sides == "global" else sides
    neutral = {"padding_mode": "zeros", "ceil_mode": False, "output_padding": [0, 0], "output_shape": None}
    neutral |= {"strides": [1, 1], "dilations": [1, 1], "padding": "SAME"}
    if sides == "global":
        neutral["padding"] = "VALID"
    full = neutral | operation
    return axis_table(full, image.shape[0], height, 0), axis_table(full, image.shape[1], width, 1)


def trace(operation: dict[str, Any], image: Array, out_channel: int) -> dict[str, Array]:
    """Every column of the trace of one output channel over an HWC image, [positions, ...]."""
    rows, columns = tables(operation, image)
    positions = [(y, x) for y in range(len(rows)) for x in range(len(columns))]
    places = np.array([[(i, j) for i in rows[y] for j in columns[x]] for y, x in positions])
    read = (places >= 0).all(axis=2)
    if "kernel" in operation:
        first, weights = kernel_of({"flip_kernel": False} | operation, out_channel)
    else:
        first, weights = out_channel, np.ones((1, 1, places.shape[1]), np.float32)
    seen = image[places[..., 0], places[..., 1], first : first + len(weights)]
    outside = -np.inf if operation["type"] == "max_pool2d" else 0
    seen = np.where(read[..., np.newaxis], seen, outside).transpose(0, 2, 1)
    window = seen.reshape(len(positions), -1).astype(np.float32)
    if operation["type"] == "max_pool2d":
        winner = window.argmax(axis=1)
        numbers = np.arange(len(window))
        return {"window": window, "output": window[numbers, winner], "argmax": places[numbers, winner]}
    products = window * weights.reshape(-1)
    bias = np.float64(0 if operation.get("bias") is None else np.float32(operation["bias"][out_channel]))
    sums = (left_fold(products) + bias).astype(np.float32)
    if operation["type"] == "avg_pool2d":
        divisor = read.sum(axis=1)
        if operation.get("count_include_pad"):  # without ceil_mode no window overhangs what is padded
            divisor = np.full_like(divisor, read.shape[1])
        return {"window": window, "sum": sums, "output": divided(sums, divisor), "divisor": divisor}
    return {
        "window": window,
        "products": products,
        "channel_sums": left_fold(products.reshape(len(products), len(weights), -1)).astype(np.float32),
        "sum": sums,
        "output": activated(sums, operation.get("activation")),
    }


def divided(sums: Array, divisor: Array) -> Array:
    return (sums.astype(np.float64) / divisor).astype(np.float32)


def activated(sums: Array, activation: str | None) -> Array:
    exact = sums.astype(np.float64)
    match activation:
        case "relu":
            exact = np.where(exact > 0, exact, 0)
        case "sigmoid":
            exact = 1 / (1 + np.exp(-exact))
        case "tanh":
            exact = np.tanh(exact)
    return exact.astype(np.float32)


def output(operation: dict[str, Any], images: Array, column: str = "output") -> Array:
    """A column of every output channel and batch item, [batch, height, width, out_channels, ...]."""
    height, width = (len(table) for table in tables(operation, images[0]))
    channels = [
        np.array([trace(operation, image, channel)[column] for image in images])
        for channel in range(out_channels(operation, images.shape[3]))
    ]
    stacked = np.stack(channels, axis=2)
    return stacked.reshape(len(images), height, width, *stacked.shape[2:])
