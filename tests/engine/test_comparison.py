"""Two ways to pad, side by side: the verdict, the difference, the table."""

from dataclasses import replace

import numpy as np
import pytest

from engine.comparison import CONVENTIONS, Comparison, Given, compare
from engine.errors import EngineError
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPool2D, Operation

ARTICLE = np.arange(1, 17, dtype=np.float32).reshape(1, 4, 4, 1)
FALLING = np.array([[1, 0, -1]] * 3, np.float32)[:, :, None, None]
RANDOM = np.random.default_rng(6)
PICTURE = RANDOM.integers(0, 256, (2, 7, 10, 3)).astype(np.uint8)


def weights(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return RANDOM.integers(-4, 5, shape).astype(np.float32)


def between(
    spec: Operation,
    first: str,
    second: str,
    cells: np.ndarray[tuple[int, ...], np.dtype[np.generic]] = PICTURE,
    given: Given | None = None,
) -> Comparison:
    size = (cells.shape[1], cells.shape[2])
    both = [CONVENTIONS[name].resolve(spec, size, given) for name in (first, second)]
    return compare(both[0], both[1], cells)


def test_the_articles_stride_of_two() -> None:
    found = between(Conv2D(FALLING, strides=(2, 2)), "tensorflow_same", "pytorch_padding", ARTICLE)
    first, second = (output[0, :, :, 0].tolist() for output in found.outputs)
    assert first == [[-6, 21], [-4, 26]]
    assert second == [[-8, -4], [-30, -6]]
    assert found.verdict == "numbers"
    assert found.difference is not None
    assert found.difference.values[0, :, :, 0].tolist() == [[-2, -25], [-26, -32]]
    assert (found.difference.cells, found.difference.total) == (4, 4)
    assert (found.difference.largest, found.difference.at) == (32, (0, 1, 1, 0))
    assert found.shift is None


def test_the_table_of_the_articles_stride_of_two() -> None:
    found = between(Conv2D(FALLING, strides=(2, 2)), "tensorflow_same", "pytorch_padding", ARTICLE)
    assert [(row.name, row.first, row.second, row.differs) for row in found.rows((0, 1, 0, 0))] == [
        ("pads_y", (0, 1), (1, 1), True),
        ("pads_x", (0, 1), (1, 1), True),
        ("fill", "zeros", "zeros", False),
        ("output_size", (2, 2), (2, 2), False),
        ("rows_read", (0, 4), (-1, 3), True),
        ("columns_read", (0, 4), (-1, 3), True),
        ("window_y", (2, 4), (1, 3), True),
        ("window_x", (0, 2), (-1, 1), True),
        ("value", -4, -30, True),
    ]


def test_a_cell_that_only_one_output_has() -> None:
    found = between(Conv2D(weights(3, 3, 3, 2)), "tensorflow_same", "tensorflow_valid")
    assert (found.verdict, found.difference) == ("shapes", None)
    rows = {row.name: (row.first, row.second) for row in found.rows((1, 6, 0, 1))}
    assert rows["window_y"] == ((5, 7), None)
    assert rows["value"] == (found.outputs[0][1, 6, 0, 1], None)
    assert rows["fill"] == ("zeros", None)


@pytest.mark.parametrize(
    ("spec", "first", "second", "shift"),
    [
        (Conv2D(weights(2, 4, 3, 2)), "tensorflow_same", "onnx_same_lower", (1, 1)),
        (Conv2D(weights(3, 3, 3, 2)), "tensorflow_same", "tensorflow_valid", (-1, -1)),
        (Conv2D(weights(3, 4, 3, 2), strides=(1, 1)), "onnx_same_lower", "pytorch_same", (0, -1)),
        (MaxPool2D((2, 3)), "tensorflow_same", "onnx_same_lower", (1, 0)),
        # 5 rows of windows, 2 apart: one more row of padding at the start is no whole step.
        (Conv2D(weights(4, 3, 3, 2), strides=(2, 1)), "tensorflow_same", "onnx_same_lower", None),
        (
            Conv2DTranspose(weights(3, 3, 2, 3), strides=(2, 2)),
            "tensorflow_same",
            "pytorch_padding",
            (-1, -1),
        ),
        (Conv2DTranspose(weights(3, 3, 2, 3), strides=(2, 2)), "pytorch_padding", "tensorflow_same", (1, 1)),
        # Only the padding's zeros would have to move along with a mirrored border.
        (Conv2D(weights(4, 4, 3, 2)), "tensorflow_same", "opencv", None),
    ],
)
def test_a_shift_is_found_where_there_is_one(
    spec: Operation, first: str, second: str, shift: tuple[int, int] | None
) -> None:
    found = between(spec, first, second)
    assert found.verdict != "same"
    assert found.shift == shift
    if shift is not None:
        one, other = found.outputs
        assert one[0, 3, 3, 0] == other[0, 3 + shift[0], 3 + shift[1], 0]


@pytest.mark.parametrize(
    ("spec", "first", "second"),
    [
        (Conv2D(weights(3, 5, 3, 4)), "tensorflow_same", "pytorch_padding"),
        (Conv2D(weights(3, 5, 3, 4)), "onnx_same_lower", "scipy_signal"),
        (Conv2D(weights(2, 4, 3, 4)), "tensorflow_same", "scipy_signal"),
        (Conv2D(weights(4, 2, 3, 4)), "tensorflow_same", "pytorch_same"),
        (Conv2DTranspose(weights(4, 2, 3, 3), strides=(2, 2)), "tensorflow_same", "pytorch_padding"),
        (Conv2DTranspose(weights(2, 1, 3, 3), strides=(3, 2)), "tensorflow_same", "keras_valid"),
        (AvgPool2D((3, 3)), "tensorflow_same", "onnx_same_lower"),
    ],
)
def test_what_is_the_same_in_two_libraries(spec: Operation, first: str, second: str) -> None:
    found = between(spec, first, second)
    assert found.verdict == "same"
    assert found.difference is not None
    assert (found.difference.largest, found.shift) == (0, None)


def test_a_pool_differs_by_what_it_divides_by() -> None:
    found = between(AvgPool2D((3, 3)), "tensorflow_same", "pytorch_padding")
    rows = {row.name: (row.first, row.second) for row in found.rows((0, 0, 0, 0)) if row.differs}
    assert rows["divisor"] == ("inside", "all")
    inside, counted = (output[0, 0, 0, 0] for output in found.outputs)
    assert counted == pytest.approx(inside * 4 / 9)


def test_jax_stamps_the_kernel_turned() -> None:
    spec = Conv2DTranspose(weights(3, 3, 2, 3), strides=(2, 2))
    found = between(spec, "tensorflow_same", "jax_same")
    assert found.verdict == "numbers"
    assert [row.name for row in found.rows((0, 0, 0, 0)) if row.differs][:1] == ["turned"]
    turned = replace(spec, kernel=spec.kernel[::-1, ::-1])
    assert between(turned, "jax_same", "call").outputs[0] == pytest.approx(found.outputs[0])


@pytest.mark.parametrize(("name", "mode"), [("opencv", "reflect"), ("scipy_ndimage", "symmetric")])
def test_a_border_that_no_operation_has(name: str, mode: str) -> None:
    """Longer than the input too: mirrored again and again."""
    spec = DepthwiseConv2D(weights(2, 5, 3, 1), strides=(1, 2), dilations=(1, 6))
    found = between(spec, name, "tensorflow_same").outputs[0]
    filled = np.pad(PICTURE, ((0, 0), (1, 0), (12, 12), (0, 0)), mode=mode)  # type: ignore[call-overload]
    y, x, channel = 0, 3, 2
    window = filled[1, y : y + 2, 2 * x : 2 * x + 25 : 6, channel].astype(np.float64)
    assert found[1, y, x, channel] == (window * spec.kernel[:, :, channel, 0]).sum()
    assert found.shape == (2, 7, 5, 3)


def test_rounding_is_no_difference_and_a_little_more_is() -> None:
    cells = RANDOM.normal(size=(1, 6, 8, 2)).astype(np.float32)
    spec = Conv2D(RANDOM.normal(size=(3, 3, 2, 2)).astype(np.float32), RANDOM.normal(size=2))
    one = CONVENTIONS["call"].resolve(spec, (6, 8))
    for factor, verdict in ((1 + 2e-7, "same"), (1 + 1e-3, "numbers")):
        other = CONVENTIONS["call"].resolve(replace(spec, kernel=spec.kernel * factor), (6, 8))
        assert compare(one, other, cells).verdict == verdict


def test_infinities_are_alike() -> None:
    cells = ARTICLE.copy()
    cells[0, 1, 1, 0] = np.inf
    found = between(Conv2D(FALLING), "tensorflow_same", "pytorch_padding", cells)
    assert found.verdict == "same"


@pytest.mark.parametrize(
    ("spec", "name", "reason"),
    [
        (Conv2D(weights(2, 2, 3, 1), strides=(1, 2)), "pytorch_same", "stride above 1"),
        (MaxPool2D((2, 2)), "pytorch_same", "not for pools"),
        (Conv2DTranspose(weights(2, 2, 1, 3)), "pytorch_same", "not for transposed convolutions"),
        (Conv2D(weights(2, 2, 3, 1), strides=(2, 1), dilations=(1, 2)), "keras_same", "stride and dilation"),
        (Conv2D(weights(2, 2, 3, 1), strides=(2, 1), dilations=(1, 2)), "keras_valid", "stride and dilation"),
        (MaxPool2D((2, 2), dilations=(2, 1)), "keras_same", "no pooling with dilation"),
        (AvgPool2D((2, 2), dilations=(2, 1)), "pytorch_padding", "no average pooling with dilation"),
        (MaxPool2D((2, 2), dilations=(2, 1)), "tensorflow_same", "SAME for pools with dilation"),
        (AvgPool2D((2, 2)), "opencv", "pools are compared"),
        (MaxPool2D("global"), "tensorflow_same", "nothing to compare"),
    ],
)
def test_what_a_library_refuses(spec: Operation, name: str, reason: str) -> None:
    with pytest.raises(EngineError, match=reason) as caught:
        CONVENTIONS[name].resolve(spec, (7, 10))
    assert caught.value.field == "convention"


def test_pytorchs_padding_can_be_given() -> None:
    spec = Conv2D(weights(3, 3, 3, 1))
    found = CONVENTIONS["pytorch_padding"].resolve(spec, (7, 10), Given((0, 2)))
    assert found.pads == ((0, 0), (2, 2))
    with pytest.raises(EngineError, match="half of its window"):
        CONVENTIONS["pytorch_padding"].resolve(MaxPool2D((3, 3)), (7, 10), Given((2, 1)))


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_has_its_words(name: str) -> None:
    one = CONVENTIONS[name]
    assert one.name == name
    assert one.title
    assert one.sentence.endswith(".")
    assert (one.framework is None) == (one.library == "")
