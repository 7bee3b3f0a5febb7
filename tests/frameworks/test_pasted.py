"""Calls that are pasted: what is read of them, and what is said of the ones that cannot be read."""

from typing import Any

import cv2
import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from engine import ops
from engine.errors import EngineError
from engine.frameworks import FRAMEWORKS
from engine.frameworks.pasted.text import read_call
from engine.geometry import plan
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Weighted
from tests.frameworks.small import Sample, samples

SIDES = ((0, 1), (2, 3))

# text: the fields, beside the neutral ones.
READ: dict[str, dict[str, Any]] = {
    "nn.Conv2d(3, 16, (4, 1), padding='same')": {"type": "conv2d", "padding": "SAME"},
    "self.conv1 = torch.nn.Conv2d(3, 16, 3, 2, 1, bias=False),": {
        "type": "conv2d", "strides": (2, 2), "padding": ((1, 1), (1, 1)),
    },
    "Conv2d(8, 8, kernel_size=3, groups=4, dilation=(2, 1), padding_mode='reflect', padding=2)": {
        "type": "conv2d", "groups": 4, "dilations": (2, 1), "padding": ((2, 2), (2, 2)),
        "padding_mode": "reflect",
    },
    "F.conv2d(x, w, stride=2, padding=1)": {
        "type": "conv2d", "strides": (2, 2), "padding": ((1, 1), (1, 1)),
    },
    "y = F.relu(F.conv2d(F.pad(x, (2, 3, 0, 1)), self.w.flip(2, 3), None, (1, 2)))": {
        "type": "conv2d", "strides": (1, 2), "padding": SIDES, "flip_kernel": True, "activation": "relu",
    },
    "x = F.pad(x, (2, 3, 0, 1), mode='replicate')\nreturn F.conv2d(x, w)": {
        "type": "conv2d", "padding": SIDES, "padding_mode": "replicate",
    },
    "nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1)": {
        "type": "conv2d_transpose", "strides": (2, 2),
        "padding": ((1, 1), (1, 1)), "output_padding": (1, 1),
    },
    "nn.MaxPool2d(3, 2, 1, ceil_mode=True)": {
        "type": "max_pool2d", "kernel_size": (3, 3), "strides": (2, 2), "padding": ((1, 1), (1, 1)),
        "ceil_mode": True,
    },
    "F.avg_pool2d(x, 2)": {
        "type": "avg_pool2d", "kernel_size": (2, 2), "strides": (2, 2), "padding": "VALID",
        "count_include_pad": True,
    },
    "nn.AdaptiveAvgPool2d((1, 1))": {"type": "avg_pool2d", "kernel_size": "global", "padding": "VALID"},
    "keras.layers.Conv2D(16, (4,1), strides=2, padding='same', activation='relu')": {
        "type": "conv2d", "strides": (2, 2), "padding": "SAME", "activation": "relu",
    },
    "x = tf.keras.layers.DepthwiseConv2D(3, dilation_rate=2, name='dw')(x)": {
        "type": "depthwise_conv2d", "dilations": (2, 2), "padding": "VALID",
    },
    "layers.Conv2DTranspose(8, 2, strides=(3, 2))": {
        "type": "conv2d_transpose", "strides": (3, 2), "padding": "VALID", "output_padding": (1, 0),
    },
    "MaxPooling2D()": {"type": "max_pool2d", "kernel_size": (2, 2), "strides": (2, 2), "padding": "VALID"},
    "tf.nn.conv2d(x, w, strides=[1,2,2,1], padding=[[0,0],[0,1],[2,3],[0,0]])": {
        "type": "conv2d", "strides": (2, 2), "padding": SIDES,
    },
    "tf.nn.tanh(tf.nn.conv2d(x, tf.reverse(w, [0, 1]), [1, 1, 1, 3], 'SAME', 'NCHW') + bias)": {
        "type": "conv2d", "strides": (1, 3), "padding": "SAME", "flip_kernel": True, "activation": "tanh",
    },
    "tf.nn.conv2d(tf.pad(x, [[0, 0], [0, 1], [2, 3], [0, 0]], mode='REFLECT'), w, 1, 'VALID')": {
        "type": "conv2d", "padding": SIDES, "padding_mode": "reflect",
    },
    "tf.nn.atrous_conv2d(x, w, 2, 'SAME')": {"type": "conv2d", "dilations": (2, 2), "padding": "SAME"},
    "tf.nn.conv2d_transpose(x, w, output_shape=[1, 8, 9, 2], strides=2)": {
        "type": "conv2d_transpose", "strides": (2, 2), "padding": "SAME", "output_shape": (8, 9),
    },
    "tf.nn.pool(x, [2, 3], 'MAX', dilations=[1, 2])": {
        "type": "max_pool2d", "kernel_size": (2, 3), "dilations": (1, 2), "padding": "VALID",
    },
    "lax.conv_general_dilated(x, w, (2, 1), [(0, 1), (2, 3)], None, (1, 2), feature_group_count=2)": {
        "type": "conv2d", "strides": (2, 1), "dilations": (1, 2), "groups": 2, "padding": SIDES,
    },
    "jax.lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), 'VALID')": {
        "type": "max_pool2d", "kernel_size": (2, 2), "strides": (2, 2), "padding": "VALID",
    },
    "lax.conv_transpose(x, w, (2, 2), 'SAME')": {
        "type": "conv2d_transpose", "strides": (2, 2), "padding": "SAME", "flip_kernel": True,
    },
    "Conv <strides = [2, 1], pads = [0, 2, 1, 3], group: int = 2> (X, W, B)": {
        "type": "conv2d", "strides": (2, 1), "padding": SIDES, "groups": 2,
    },
    'helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[4, 1], auto_pad="SAME_LOWER")': {
        "type": "conv2d", "padding": "SAME_LOWER",
    },
    "ConvTranspose(output_shape=[10, 8], strides=[3, 2])": {
        "type": "conv2d_transpose", "strides": (3, 2), "padding": "SAME_LOWER", "output_shape": (10, 8),
    },
    "AveragePool <kernel_shape = [3, 3], ceil_mode = 1> (x)": {
        "type": "avg_pool2d", "kernel_size": (3, 3), "padding": "VALID", "ceil_mode": True,
    },
    "scipy.signal.convolve2d(image, kernel, mode='same')": {
        "type": "conv2d", "padding": "SAME_LOWER", "flip_kernel": True,
    },
    "ndimage.correlate(image, kernel, mode='mirror')": {
        "type": "depthwise_conv2d", "padding": "SAME_LOWER", "padding_mode": "reflect",
    },
    "cv2.filter2D(image, -1, kernel)": {
        "type": "depthwise_conv2d", "padding": "SAME_LOWER", "padding_mode": "reflect",
    },
}  # fmt: skip
NEUTRAL = {"strides": (1, 1), "dilations": (1, 1), "count_include_pad": False, "flip_kernel": False}


def stated(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if NEUTRAL.get(name) != value or name == "type"}


@pytest.mark.parametrize("text", READ)
def test_a_call_is_read(text: str) -> None:
    assert stated(read_call(text).fields) == READ[text]


def test_what_the_call_tells_beside_the_operation() -> None:
    found = read_call("nn.Conv2d(3, 16, (4, 1), padding='same')")
    assert (found.framework, found.call) == ("pytorch", "nn.Conv2d")
    assert (found.kernel_size, found.in_channels, found.out_channels) == ((4, 1), 3, 16)
    assert found.notes == [
        "The layer's bias is learned, and not in the call.",
        "The weights are not in the call.",
    ]
    assert read_call("F.conv2d(x, w, bias=torch.tensor([2., 2.]))").bias == 2
    assert read_call("tf.nn.conv2d(x, w, 1, 'SAME') + 1.5").bias == 1.5
    assert read_call("layers.DepthwiseConv2D(3, depth_multiplier=2)").depth_multiplier == 2
    assert read_call("F.conv2d(x, w, self.b)").notes[0] == "The bias is not in the call."


def test_what_goes_in_may_come_from_another_call_which_is_not_read() -> None:
    found = read_call("F.max_pool2d(F.relu(self.conv1(x)), 2)")
    assert (found.fields["type"], found.input) == ("max_pool2d", "F.relu(self.conv1(x))")
    assert found.notes == ["F.relu(self.conv1(x)) is not read: whatever the input is takes its place."]
    assert read_call("signal.correlate2d(image.mean(2), k, 'valid')").input == "image.mean(2)"
    # Parsed only: nothing of a call is run.
    assert read_call("F.conv2d(open('x'), w)").input == "open('x')"
    assert read_call("F.conv2d(x, w)").input is None


def test_other_names_of_a_layer() -> None:
    for name, type_ in {
        "layers.MaxPool2D": "max_pool2d",
        "keras.layers.AvgPool2D": "avg_pool2d",
        "GlobalAvgPool2D": "avg_pool2d",
        "tf.keras.layers.GlobalMaxPool2D": "max_pool2d",
    }.items():
        assert read_call(f"{name}()").fields["type"] == type_
    assert read_call("layers.Convolution2D(4, 3)").fields["type"] == "conv2d"
    assert read_call("layers.Convolution2DTranspose(4, 3)").call == "layers.Conv2DTranspose"


MADE = {
    "cv2.filter2D(src=x, ddepth=-1, kernel=np.ones((5, 3), np.float32) / 15)": (5, 3),
    "cv2.filter2D(x, -1, 0.5 * np.array([[1, 2, 1], [0, 0, 0]]))": (2, 3),
    "signal.correlate2d(x, np.asarray([[1.0, -1.0]]).astype(np.float32))": None,
    "F.conv2d(x, torch.ones((2, 1, 3, 3)))": None,
    "F.conv2d(x, w.view(1, 1, 3, 3))": None,
    "tf.nn.conv2d(x, tf.constant(w), 1, 'SAME')": None,
}


@pytest.mark.parametrize("text", MADE)
def test_of_a_kernel_that_is_made_in_the_call_the_size_is_read(text: str) -> None:
    found = read_call(text)
    assert found.kernel_size == MADE[text]
    assert found.notes[-1] == f"The numbers of {found.made} are not read."


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("lax.conv(x, k[::-1, ::-1], (1, 1), 'SAME')", True),
        ("signal.correlate2d(x, np.flip(k))", True),
        ("signal.correlate2d(x, np.flip(k, (0, 1)))", True),
        ("signal.convolve2d(x, np.rot90(k, 2))", False),
        ("cv2.filter2D(x, -1, cv2.flip(k, -1))", True),
        ("cv2.filter2D(x, -1, k[:, ::-1])", False),
        ("F.conv2d(x, w.flip(2, 3))", True),
        ("F.conv2d(x, torch.flip(w, [2, 3]))", True),
        ("F.conv2d(x, w[:, :, ::-1, ::-1])", True),
        ("tf.nn.conv2d(x, tf.reverse(tf.reverse(w, [0, 1]), [0, 1]), 1, 'SAME')", False),
    ],
)
def test_a_kernel_that_is_turned_on_the_way_is_stamped_turned(text: str, turned: bool) -> None:
    assert read_call(text).fields.get("flip_kernel", False) is turned


UNREADABLE = {
    "": ("text", "is empty"),
    "hello world": ("text", "no call"),
    "conv2d(x, w)": ("text", r"conv2d can be F.conv2d or tf.nn.conv2d"),
    "nn.Linear(3, 4)": ("text", "nn.Linear is no call that can be read"),
    "F.conv2d(x, w, stride=s)": ("stride", "is s; only what is written out"),
    "F.conv2d(x, w, stride=1.5)": ("stride", "must be a whole number; got 1.5"),
    "F.conv2d(x, w, padding=(1, 2, 3))": ("padding", "one number or two"),
    "F.conv2d(x, w, padding='full')": ("padding", "must be one of same, valid"),
    "F.conv2d(x, w, stride=2, padding='same')": ("padding", "is 'same', which PyTorch refuses with a stride"),
    "F.conv2d(x, w, strides=2)": ("strides", "no argument of this call"),
    "F.conv2d(x, w, None, 1, 0, 1, 1, 1)": ("text", "at most 7 arguments by place"),
    "F.conv2d(*args)": ("text", r"\*args hides"),
    "F.conv2d(x, w, **options)": ("text", r"\*\*options hides"),
    "F.conv2d(x, __import__('os').system('true'))": ("text", "is no kernel"),
    "F.conv2d(x, w + 1)": ("text", "is no kernel"),
    "F.conv2d(x, w.flip(0))": ("text", "is no kernel"),
    "signal.correlate2d(x, np.flip(k, 0))": ("text", "is no kernel"),
    "F.conv2d(F.pad(x), w)": ("text", "is no input"),
    "nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU())": ("text", "several layers; paste one"),
    "np.convolve(a, b)": ("text", "np.convolve is no call that can be read"),
    "nn.Conv(features=32, kernel_size=(3, 3))": ("text", "nn.Conv is no call that can be read"),
    "F.relu(F.conv2d(x, w)) + 1": ("text", "cannot be read around"),
    "nn.Conv2d(3, 16)": ("kernel_size", "is not in the call"),
    "nn.ConvTranspose2d(3, 4, 3, padding_mode='reflect')": ("padding_mode", "must be one of zeros"),
    "nn.ConvTranspose2d(3, 4, 3, stride=(2, 1), output_padding=1)": (
        "output_padding",
        "less than the larger",
    ),
    "nn.AvgPool2d(2, divisor_override=3)": ("divisor_override", "another number"),
    "keras.layers.Conv2D(4, 3, strides=2, dilation_rate=2)": ("dilation_rate", "Keras refuses"),
    "keras.layers.Conv2D(4, 3, activation='gelu')": ("activation", "must be one of relu"),
    "keras.layers.Conv2D(4, 3, padding='causal')": ("padding", "must be one of valid, same"),
    "tf.nn.conv2d(x, w, [2, 1, 1, 1], 'SAME')": ("strides", "must be 1 for the batch"),
    "tf.nn.conv2d(x, w, 1, [[0, 0], [1, 1], [1, 1], [1, 1]])": ("padding", "pads the batch or the channels"),
    "tf.nn.avg_pool2d(x, 2, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])": (
        "padding",
        "averaged by TensorFlow as zeros",
    ),
    "lax.conv_general_dilated(x, w, (1, 1), 'SAME', lhs_dilation=(2, 2))": ("lhs_dilation", "zeros between"),
    "lax.reduce_window(x, 0., lax.add, (1, 2, 2, 1), (1, 2, 2, 1), 'VALID')": ("computation", "only lax.max"),
    "lax.conv_transpose(x, w, (2, 2), 'VALID')": ("padding", "'SAME' only"),
    "MaxPool(pads=[1, 1, 1, 1])": ("kernel_shape", "is not in the call"),
    "Conv(auto_pad='VALID', pads=[0, 0, 0, 0])": ("pads", "together with auto_pad"),
    "ndimage.correlate(image, kernel)": ("mode", "repeats the edge"),
    "cv2.filter2D(image, -1, kernel, anchor=(0, 0))": ("anchor", "size is not in the call"),
    "F.conv2d(x, w, stride=0)": ("strides", "at least 1; got 0"),
    "nn.Conv2d(3, 4, 0)": ("kernel_size", "at least 1; got 0"),
    "nn.Conv2d(3, 4, 3, groups=2)": ("in_channels", "multiple of the 2 groups; got 3"),
    "nn.MaxPool2d(2, padding=-1)": ("padding", "at least 0; got -1"),
    "nn.Conv2d(3, 4, 3, groups=10**9)": ("groups", "is 10 \\*\\* 9"),
    "F.conv2d(x, w)\nF.conv2d(y, w)": ("text", "paste one call"),
    "f(" * 300 + ")" * 300: ("text", "no call"),
    "F.conv2d(x, w, stride=" + "-" * 3000 + "1)": ("text", "nested too deeply"),
    "x" * 5000: ("text", "has 5000 characters"),
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:40])
def test_what_cannot_be_read_is_said(text: str) -> None:
    field, reason = UNREADABLE[text]
    with pytest.raises(EngineError, match=reason) as caught:
        read_call(text)
    assert caught.value.field == field


@pytest.mark.parametrize("size", [(3, 4), (2, 5), (4, 1)])
@pytest.mark.parametrize(
    ("text", "function"),
    [
        (
            "scipy.signal.correlate2d(image, kernel, 'same')",
            lambda x, w: scipy.signal.correlate2d(x, w, "same"),
        ),
        (
            "scipy.signal.convolve2d(image, kernel, 'same')",
            lambda x, w: scipy.signal.convolve2d(x, w, "same"),
        ),
        ("scipy.signal.convolve2d(image, kernel)", scipy.signal.convolve2d),
        (
            "scipy.signal.correlate2d(image, kernel, mode='same', boundary='wrap')",
            lambda x, w: scipy.signal.correlate2d(x, w, "same", "wrap"),
        ),
        (
            "scipy.ndimage.correlate(image, kernel, mode='nearest')",
            lambda x, w: scipy.ndimage.correlate(x, w, mode="nearest"),
        ),
        (
            "scipy.ndimage.convolve(image, kernel, mode='constant')",
            lambda x, w: scipy.ndimage.convolve(x, w, mode="constant"),
        ),
        ("cv2.filter2D(image, -1, kernel)", lambda x, w: cv2.filter2D(x, -1, w)),
    ],
)
def test_the_reading_gives_what_the_call_gives(text: str, function: Any, size: tuple[int, int]) -> None:
    source = np.random.default_rng(3)
    image, kernel = source.standard_normal((7, 8)).astype(np.float32), source.standard_normal(size)
    fields = dict(read_call(text).fields)
    kind = {"conv2d": Conv2D, "depthwise_conv2d": DepthwiseConv2D}[fields.pop("type")]
    spec = kind(kernel[:, :, np.newaxis, np.newaxis], **fields)
    output = ops.run(spec, image[np.newaxis, :, :, np.newaxis])
    np.testing.assert_allclose(output[0, :, :, 0], function(image, kernel.astype(np.float32)), 1e-5, 1e-5)


TYPES = {
    Conv2D: "conv2d",
    DepthwiseConv2D: "depthwise_conv2d",
    Conv2DTranspose: "conv2d_transpose",
    MaxPool2D: "max_pool2d",
}


def readable(sample: Sample, framework: str) -> bool:
    """What a framework's own words say in one call, with the weights and the input as names."""
    call = FRAMEWORKS[framework].spell(sample.spec, sample.geometry, sample.shape)
    grouped = framework == "tensorflow" and isinstance(sample.spec, Conv2D) and sample.spec.groups > 1
    beforehand = "gather" in call.text or "Pad" in call.text
    known = type(sample.spec) in TYPES
    return call.holds and known and not grouped and not beforehand


@pytest.mark.parametrize("framework", ["tensorflow", "onnx"])
def test_what_we_spell_we_read(framework: str) -> None:
    found = [sample for sample in samples(200, seed=5) if readable(sample, framework)]
    assert len(found) > 80
    for sample in found:
        text = FRAMEWORKS[framework].spell(sample.spec, sample.geometry, sample.shape).text
        fields = dict(read_call(text).fields)
        kind, spec = type(sample.spec), sample.spec
        if isinstance(spec, Weighted):
            kernel = spec.kernel[::-1, ::-1] if framework == "onnx" and spec.flip_kernel else spec.kernel
            if framework == "onnx" and kind is DepthwiseConv2D:
                # One group for each channel says the same.
                kind, kernel = Conv2D, kernel.reshape(*spec.kernel_size, 1, -1)
            assert fields.pop("type") == TYPES[kind]
            again = kind(kernel, spec.bias, **fields)
        else:
            assert fields.pop("type") == TYPES[kind]
            again = kind(**fields)
        assert plan(again, *sample.shape[1:3]).positions == sample.geometry.positions, text
        np.testing.assert_array_equal(ops.run(again, sample.input), sample.output, err_msg=text)
