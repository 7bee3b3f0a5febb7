"""What other references got wrong, or do in another way than one would think."""

import numpy as np
import pytest

from engine import ops
from engine.errors import EngineError
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D
from tests.engine import naive

RAMP = np.arange(1, 7, dtype=np.float32).reshape(1, 1, 6, 1)


def row(spec: object, cells: naive.Array = RAMP) -> list[float]:
    """The output over one row of one channel."""
    return ops.run(spec, cells)[0, 0, :, 0].tolist()  # type: ignore[arg-type]


def test_an_even_kernel_leans_to_the_end_in_same_and_to_the_start_in_same_lower(arithmetic: str) -> None:
    """TensorFlow pads at the end first; scipy.ndimage and OpenCV anchor an even kernel like SAME_LOWER."""
    kernel = np.array([1, 10]).reshape(1, 2, 1, 1)
    assert row(Conv2D(kernel, padding="SAME")) == [21, 32, 43, 54, 65, 6]
    assert row(Conv2D(kernel, padding="SAME_LOWER")) == [10, 21, 32, 43, 54, 65]
    wide = np.array([1, 10, 100, 1000]).reshape(1, 4, 1, 1)
    assert row(Conv2D(wide, padding="SAME"))[0] == 3210
    assert row(Conv2D(wide, padding="SAME_LOWER"))[0] == 2100
    assert row(MaxPool2D((1, 2), padding="SAME")) == [2, 3, 4, 5, 6, 6]
    assert row(MaxPool2D((1, 2), padding="SAME_LOWER")) == [1, 2, 3, 4, 5, 6]
    assert row(AvgPool2D((1, 2), padding="SAME_LOWER")) == [1, 1.5, 2.5, 3.5, 4.5, 5.5]


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("stride", [2, 3, 5])
def test_one_output_column_of_a_strided_batch(padding: str, stride: int, arithmetic: str) -> None:
    """Default builds of TensorFlow (oneDNN) give wrong values here: N >= 2, one channel, out_width 1."""
    source = np.random.default_rng(stride)
    width = 3 if padding == "VALID" else min(stride, 3)
    cells = source.integers(-9, 10, (4, 7, width, 1)).astype(np.float32)
    spec = Conv2D(source.integers(-4, 5, (2, width, 1, 5)), strides=(1, stride), padding=padding)  # type: ignore[arg-type]
    output = ops.run(spec, cells)
    assert output.shape[2] == 1
    np.testing.assert_array_equal(output, naive.run(spec, cells)[0].astype(np.float32))


@pytest.mark.parametrize("value", [1.5, 2.0, np.float64(1), "2", True, None])
@pytest.mark.parametrize("field", ["strides", "dilations"])
def test_fractions_are_refused_and_not_truncated(field: str, value: object) -> None:
    """TensorFlow takes strides=1.5 for 1 without a word."""
    kernel = np.ones((2, 2, 2, 2))
    for kind, first in (
        (Conv2D, kernel),
        (DepthwiseConv2D, kernel),
        (Conv2DTranspose, kernel),
        (MaxPool2D, (2, 2)),
        (AvgPool2D, (2, 2)),
    ):
        with pytest.raises(EngineError, match=f"^{field}: must be a whole number"):
            kind(first, **{field: (1, value)})


def test_same_of_a_transposed_convolution_is_not_pytorchs_padding_one(arithmetic: str) -> None:
    """Kernel 3, stride 2: both give twice the input, TensorFlow's one cell further on than padding=1,
    output_padding=1."""
    kernel = np.array([1, 10, 100]).reshape(1, 3, 1, 1)
    same = Conv2DTranspose(kernel, strides=(1, 2))
    padded = Conv2DTranspose(kernel, strides=(1, 2), padding=((0, 0), (1, 1)), output_padding=(0, 1))
    full = row(Conv2DTranspose(kernel, strides=(1, 2), padding="VALID"), RAMP[:, :, :3])
    assert full == [1, 10, 102, 20, 203, 30, 300]
    assert row(same, RAMP[:, :, :3]) == full[:6]
    assert row(padded, RAMP[:, :, :3]) == full[1:]
    # ONNX puts the odd cell of the crop at the start where only the output's shape is given.
    shaped = Conv2DTranspose(kernel, strides=(1, 2), padding="SAME_LOWER", output_shape=(1, 6))
    assert row(shaped, RAMP[:, :, :3]) == full[1:]


def test_the_kernel_of_a_transposed_convolution_is_stamped_as_it_is(arithmetic: str) -> None:
    """JAX's conv_transpose stamps it flipped unless transpose_kernel is given."""
    kernel = np.array([1, 10, 100]).reshape(1, 3, 1, 1)
    one = np.array([0, 1, 0], np.float32).reshape(1, 1, 3, 1)
    assert row(Conv2DTranspose(kernel, padding="VALID"), one) == [0, 1, 10, 100, 0]
    assert row(Conv2DTranspose(kernel, padding="VALID", flip_kernel=True), one) == [0, 100, 10, 1, 0]
    # A convolution slides it: an impulse comes out flipped, and as it is only of a true convolution.
    assert row(Conv2D(kernel), one) == [100, 10, 1]
    assert row(Conv2D(kernel, flip_kernel=True), one) == [1, 10, 100]


def test_depthwise_with_a_stride_and_a_dilation_has_the_shape_of_both(arithmetic: str) -> None:
    """tf.nn.depthwise_conv2d returns a shape as if there were only one of them."""
    spec = DepthwiseConv2D(np.ones((3, 3, 2, 1)), strides=(2, 2), dilations=(2, 2))
    cells = np.arange(162, dtype=np.float32).reshape(1, 9, 9, 2)
    output = ops.run(spec, cells)
    assert output.shape == (1, 5, 5, 2)
    np.testing.assert_array_equal(output, naive.run(spec, cells)[0].astype(np.float32))


def test_a_pool_has_nothing_to_say_of_padding_alone(arithmetic: str) -> None:
    """PyTorch refuses pads of more than half the kernel; here only windows without one cell are refused."""
    assert row(MaxPool2D((1, 3), padding=((0, 0), (2, 2)))) == [1, 2, 3, 4, 5, 6, 6, 6]
    with pytest.raises(
        EngineError, match=r"^padding: window 0 of the columns lies on padding alone, from -3 to -1"
    ):
        row(MaxPool2D((1, 3), padding=((0, 0), (3, 2))))
    counted = AvgPool2D((1, 3), padding=((0, 0), (3, 0)), count_include_pad=True)
    assert row(counted)[:3] == [0, np.float32(1 / 3), 1]


def test_an_overhanging_window_counts_only_what_is_there(arithmetic: str) -> None:
    """What lies beyond the padded input is never counted, even where padding is."""
    cells = RAMP[:, :, :5]
    settings = {"strides": (1, 3), "padding": ((0, 0), (1, 1)), "ceil_mode": True}
    # Windows of four over 0 1 2 3 4 5 0, at 0 and 3: the second has one cell beyond the padding.
    assert row(AvgPool2D((1, 4), **settings, count_include_pad=True), cells) == [1.5, 3.0]  # type: ignore[arg-type]
    assert row(AvgPool2D((1, 5), **settings, count_include_pad=True), cells) == [2.0, 3.0]  # type: ignore[arg-type]
    assert row(AvgPool2D((1, 5), **settings), cells) == [2.5, 4.0]  # type: ignore[arg-type]
    assert row(MaxPool2D((1, 5), **settings), cells) == [4, 5]  # type: ignore[arg-type]
