"""What is read from a pasted call is what the real framework makes of it: make test-frameworks."""

import importlib
import importlib.util
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import ops
from engine.frameworks.pasted.text import read_call
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation

# oneDNN gives wrong values for several items of one channel in one column. TensorFlow's import reads both.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

Array = np.ndarray[Any, np.dtype[Any]]
CHANNELS = 3
# Rows and columns of a kernel whose size the call does not say.
SIZE = (4, 3)
NHWC = "dimension_numbers=('NHWC', 'HWIO', 'NHWC')"
ONES = "(1, 1, 1, 1)"
SIDES = "((0, 0), (1, 0), (0, 1), (0, 0))"
MIRRORED = "tf.pad(x, [[0, 0], [0, 1], [2, 3], [0, 0]], mode='REFLECT')"
# In each `x` is the input and `w` the kernel, in the order of the framework.
CALLS = {
    "torch": [
        "F.conv2d(x, w, stride=(2, 1), padding=(1, 2), dilation=(1, 2))",
        "F.conv2d(F.pad(x, (2, 3, 0, 1), mode='reflect'), w)",
        "F.conv2d(x, w, padding='same', dilation=2)",
        "F.conv_transpose2d(x, w, stride=(3, 2), padding=(1, 0), output_padding=(2, 1), dilation=(1, 2))",
        "F.max_pool2d(x, 3, 2, 1, ceil_mode=True)",
        "F.max_pool2d(x, 2, dilation=2)",
        "F.avg_pool2d(x, (2, 3), 2, (1, 1))",
        "F.avg_pool2d(x, 3, 2, 1, True, False)",
        "F.adaptive_avg_pool2d(x, 1)",
        "F.avg_pool2d(F.pad(x, (1, 0, 0, 1)), 2)",
        "F.conv2d(x, torch.flip(w, [2, 3]), stride=(1, 2))",
    ],
    "tensorflow": [
        "tf.nn.conv2d(x, w, [1, 2, 3, 1], [[0,0],[0,1],[2,3],[0,0]])",
        "tf.nn.conv2d(x, w, 2, 'SAME')",
        f"tf.nn.conv2d({MIRRORED}, tf.reverse(w, [0, 1]), 1, 'VALID')",
        "tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], 'SAME')",
        "tf.nn.conv2d_transpose(x, w, output_shape=[1, 15, 18, 2], strides=2)",
        "tf.nn.conv2d_transpose(x, w, [1, 18, 20, 2], 2, 'VALID')",
        "tf.nn.atrous_conv2d(x, w, 2, 'SAME')",
        "tf.nn.max_pool2d(x, [2, 3], [2, 1], 'SAME')",
        "tf.nn.avg_pool2d(x, 3, 2, 'SAME')",
        "tf.nn.pool(x, [2, 3], 'MAX', dilations=[1, 2])",
        "tf.nn.max_pool2d(x, 2, 2, [[0,0],[0,1],[1,1],[0,0]])",
    ],
    "keras": [
        "keras.layers.Conv2D(4, (4, 1), strides=2, padding='same', activation='relu', use_bias=False)",
        "keras.layers.Conv2D(4, (3, 2), dilation_rate=2, use_bias=False)",
        "keras.layers.Conv2D(3, 3, groups=3, use_bias=False)",
        "keras.layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2, use_bias=False)",
        "keras.layers.Conv2DTranspose(2, (2, 3), strides=(3, 4), use_bias=False)",
        "keras.layers.Conv2DTranspose(2, 3, strides=2, padding='same', use_bias=False)",
        "keras.layers.Conv2DTranspose(2, 4, strides=(3, 2), use_bias=False)",
        "keras.layers.MaxPooling2D()",
        "keras.layers.AveragePooling2D((3, 2), strides=1, padding='same')",
        "keras.layers.GlobalAveragePooling2D(keepdims=True)",
        "keras.layers.GlobalMaxPool2D(keepdims=True)",
        "keras.layers.AvgPool2D(3, padding='same')",
        "keras.layers.Convolution2D(4, 3, use_bias=False)",
        "keras.layers.Convolution2DTranspose(2, 3, strides=2, padding='same', use_bias=False)",
    ],
    "jax": [
        f"lax.conv_general_dilated(x, w, (2, 1), 'SAME', {NHWC})",
        f"lax.conv_general_dilated(x, w, (1, 3), 'VALID', rhs_dilation=(1, 2), {NHWC})",
        f"lax.conv_general_dilated(x, w, (2, 2), 'SAME_LOWER', {NHWC})",
        f"lax.conv_general_dilated(x, w, (1, 2), ((0, 2), (3, 1)), {NHWC})",
        f"lax.conv_general_dilated(x, w, (1, 1), 'SAME', {NHWC}, feature_group_count=3)",
        f"lax.conv_general_dilated(x, w[::-1, ::-1], (2, 1), 'SAME', {NHWC})",
        f"lax.conv_transpose(x, w, (2, 3), 'SAME', {NHWC}, transpose_kernel=True)",
        f"lax.conv_transpose(x, w, (1, 2), 'SAME', rhs_dilation=(2, 1), {NHWC}, transpose_kernel=True)",
        "lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 3, 1), (1, 2, 1, 1), 'SAME')",
        f"lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), {ONES}, {SIDES}, (1, 1, 1, 1), (1, 2, 1, 1))",
    ],
}
KINDS: dict[str, Callable[..., Operation]] = {
    "conv2d": Conv2D,
    "depthwise_conv2d": DepthwiseConv2D,
    "conv2d_transpose": Conv2DTranspose,
    "max_pool2d": MaxPool2D,
    "avg_pool2d": AvgPool2D,
}


def read(text: str, cells: Array, source: np.random.Generator) -> tuple[Array | None, Array]:
    """The weights that were drawn for the call, if it has any, and what the engine makes of both."""
    reading = read_call(text)
    fields = dict(reading.fields)
    kind = str(fields.pop("type"))
    if "pool" in kind:
        return None, ops.run(KINDS[kind](**fields), cells)
    groups = int(fields.get("groups", 1))
    channels = {
        "conv2d": (CHANNELS // groups, reading.out_channels or (4 if groups == 1 else CHANNELS)),
        "depthwise_conv2d": (CHANNELS, 2),
        "conv2d_transpose": (2, CHANNELS),
    }[kind]
    kernel = source.standard_normal((*(reading.kernel_size or SIZE), *channels)).astype(np.float32)
    return kernel, ops.run(KINDS[kind](kernel, **fields), cells)


def executed(name: str, text: str, cells: Array, kernel: Array | None) -> Array:
    """What the framework itself answers, NHWC."""
    module = importlib.import_module(name)
    scope: dict[str, Any] = {"x": cells, "w": kernel}
    match name:
        case "torch":
            scope |= {
                "torch": module,
                "F": module.nn.functional,
                "x": module.from_numpy(cells.transpose(0, 3, 1, 2).copy()),
            }
            if kernel is not None:
                scope["w"] = module.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
            return np.asarray(eval(text, scope)).transpose(0, 2, 3, 1)
        case "tensorflow":
            return np.asarray(eval(text, scope | {"tf": module}))
        case "jax":
            scope |= {"lax": module.lax, "jnp": importlib.import_module("jax.numpy")}
            return np.asarray(eval(text, scope))
        case _:
            layer = eval(text, {"keras": module})
            layer.build(cells.shape)
            if kernel is not None:
                layer.set_weights([kernel])
            return np.asarray(layer(cells))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, calls in CALLS.items() for text in calls])
def test_a_reading_is_what_the_framework_does(name: str, text: str) -> None:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed: make test-frameworks")
    source = np.random.default_rng(3)
    cells = source.standard_normal((1, 8, 9, CHANNELS)).astype(np.float32)
    kernel, output = read(text, cells, source)
    np.testing.assert_allclose(executed(name, text, cells, kernel), output, rtol=1e-4, atol=1e-4)
