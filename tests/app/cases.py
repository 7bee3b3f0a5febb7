"""One operation of each kind and of every field, as the API takes them, for an input of IMAGES' shape."""

from typing import Any

import numpy as np

_RANDOM = np.random.default_rng(21)
IMAGES = _RANDOM.integers(-9, 10, (2, 9, 11, 6))  # NHWC, every side different


def _kernel(*shape: int) -> list[Any]:
    kernel: list[Any] = _RANDOM.integers(-3, 4, shape).tolist()
    return kernel


def _bias(count: int) -> list[int]:
    bias: list[int] = _RANDOM.integers(-5, 6, count).tolist()
    return bias


CASES: dict[str, dict[str, Any]] = {
    "groups": {
        "type": "conv2d",
        "kernel": _kernel(4, 5, 3, 8),
        "bias": _bias(8),
        "groups": 2,
        "strides": [2, 3],
        "dilations": [1, 2],
        "padding": [[1, 2], [3, 0]],
    },
    "reflect, flipped, relu": {
        "type": "conv2d",
        "kernel": _kernel(4, 3, 6, 5),
        "padding": "SAME_LOWER",
        "padding_mode": "reflect",
        "flip_kernel": True,
        "activation": "relu",
    },
    "circular, full": {
        "type": "conv2d",
        "kernel": _kernel(2, 3, 6, 4),
        "padding": "FULL",
        "dilations": [3, 2],
        "strides": [1, 3],
        "padding_mode": "circular",
    },
    "depthwise": {
        "type": "depthwise_conv2d",
        "kernel": _kernel(4, 3, 6, 2),
        "bias": _bias(12),
        "strides": [2, 1],
        "padding": [[2, 1], [4, 3]],
        "padding_mode": "replicate",
        "flip_kernel": True,
        "activation": "tanh",
    },
    "transposed, pads": {
        "type": "conv2d_transpose",
        "kernel": _kernel(4, 3, 5, 6),
        "bias": _bias(10),
        "groups": 2,
        "strides": [3, 2],
        "dilations": [1, 2],
        "padding": [[2, 1], [0, 3]],
        "output_padding": [2, 1],
        "activation": "sigmoid",
    },
    "transposed, same": {
        "type": "conv2d_transpose",
        "kernel": _kernel(2, 5, 4, 6),
        "strides": [3, 2],
        "padding": "SAME",
        "flip_kernel": True,
    },
    "transposed, a shape": {
        "type": "conv2d_transpose",
        "kernel": _kernel(2, 3, 1, 6),
        "strides": [3, 2],
        "padding": "SAME",
        "output_shape": [26, 21],
    },
    "max pool": {
        "type": "max_pool2d",
        "kernel_size": [4, 3],
        "strides": [3, 2],
        "dilations": [1, 2],
        "padding": [[2, 0], [1, 3]],
        "ceil_mode": True,
    },
    "max pool, global": {"type": "max_pool2d", "kernel_size": "global"},
    "average pool": {
        "type": "avg_pool2d",
        "kernel_size": [3, 4],
        "strides": [2, 3],
        "padding": "SAME",
        "ceil_mode": True,
    },
    "average pool, with padding": {
        "type": "avg_pool2d",
        "kernel_size": [4, 3],
        "strides": [2, 1],
        "padding": [[2, 1], [1, 0]],
        "count_include_pad": True,
    },
    "average pool, global": {"type": "avg_pool2d", "kernel_size": "global", "padding": "VALID"},
}
