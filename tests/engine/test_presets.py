"""The sentences of the presets are claims: each is checked on a picture of what it speaks of."""

import numpy as np
import pytest

from engine import ops
from engine.errors import EngineError
from engine.presets import FILTERS, LESSONS, expand, filter_kernel
from engine.spec import Conv2D

FLAT = np.full((9, 9), 50.0)
BRIGHTER_RIGHT = np.repeat([[0.0, 0, 0, 0, 9, 9, 9, 9, 9]], 9, axis=0)
BRIGHTER_DOWN = BRIGHTER_RIGHT.T
SLOPE = np.add.outer(3.0 * np.arange(9), 2.0 * np.arange(9))
ROW_LINE, COLUMN_LINE, FALLING, RISING = (np.zeros((9, 9)) for _ in range(4))
ROW_LINE[4], COLUMN_LINE[:, 4] = 1, 1
np.fill_diagonal(FALLING, 1)
np.fill_diagonal(RISING[::-1], 1)
DOT = np.zeros((9, 9))
DOT[4, 4] = 1


def seen(name: str, picture: np.ndarray) -> np.ndarray:
    """The filter over the picture, without padding."""
    spec = Conv2D(expand(filter_kernel(name), 1), padding="VALID")
    return ops.run(spec, picture.astype(np.float32)[np.newaxis, :, :, np.newaxis])[0, :, :, 0]


def test_the_names_are_the_keys_and_nothing_is_said_twice() -> None:
    assert [one.name for one in FILTERS.values()] == list(FILTERS)
    assert len({one.title for one in FILTERS.values()}) == len(FILTERS)
    assert len({one.sentence for one in FILTERS.values()}) == len(FILTERS)
    assert len({one.kernel.tobytes() for one in FILTERS.values()}) == len(FILTERS)
    for one in FILTERS.values():
        assert one.sentence.endswith(".")
        assert one.family in ("edges", "detail", "blur", "lines", "other")
        assert one.kernel.ndim == 2
        assert one.kernel.dtype == np.float32
        assert not one.kernel.flags.writeable


@pytest.mark.parametrize("name", ["sobel_x", "prewitt_x", "scharr_x"])
def test_positive_where_it_gets_brighter_to_the_right(name: str) -> None:
    assert seen(name, BRIGHTER_RIGHT).max() > 0
    assert seen(name, BRIGHTER_RIGHT).min() == 0
    assert not seen(name, BRIGHTER_DOWN).any()
    np.testing.assert_array_equal(filter_kernel(name).T, filter_kernel(name.replace("_x", "_y")))


@pytest.mark.parametrize("name", ["sobel_y", "prewitt_y", "scharr_y"])
def test_positive_where_it_gets_brighter_downwards(name: str) -> None:
    assert seen(name, BRIGHTER_DOWN).max() > 0
    assert seen(name, BRIGHTER_DOWN).min() == 0
    assert not seen(name, BRIGHTER_RIGHT).any()


def test_positive_where_it_gets_darker() -> None:
    assert seen("vertical_edge", BRIGHTER_RIGHT).min() < 0 == seen("vertical_edge", BRIGHTER_RIGHT).max()
    assert seen("horizontal_edge", BRIGHTER_DOWN).min() < 0 == seen("horizontal_edge", BRIGHTER_DOWN).max()
    assert not seen("vertical_edge", BRIGHTER_DOWN).any()
    assert not seen("horizontal_edge", BRIGHTER_RIGHT).any()


@pytest.mark.parametrize("name", [one.name for one in FILTERS.values() if one.family in ("edges", "lines")])
def test_edges_and_lines_are_zero_where_it_is_flat(name: str) -> None:
    assert not seen(name, FLAT).any()


@pytest.mark.parametrize("name", [one.name for one in FILTERS.values() if one.family == "blur"])
def test_averages_leave_flat_pictures_alone_and_never_exceed(name: str) -> None:
    np.testing.assert_allclose(seen(name, FLAT), 50, rtol=1e-6)
    assert filter_kernel(name).min() > 0


@pytest.mark.parametrize("name", ["gaussian_3", "gaussian_5"])
def test_near_cells_count_for_more(name: str) -> None:
    weights = filter_kernel(name)
    assert weights.argmax() == weights.size // 2
    assert np.all(np.diff(weights[len(weights) // 2][: len(weights) // 2 + 1]) > 0)


def test_laplacian_and_corner() -> None:
    assert not seen("laplacian", SLOPE).any()
    assert seen("laplacian", BRIGHTER_RIGHT)[0, 2] > 0  # the dark side, column 3 of the picture
    assert not seen("corner", BRIGHTER_RIGHT).any()
    assert not seen("corner", BRIGHTER_DOWN).any()
    assert seen("corner", BRIGHTER_RIGHT * BRIGHTER_DOWN).any()
    assert seen("corner", DOT).max() == 4


def test_detail() -> None:
    np.testing.assert_array_equal(seen("identity", SLOPE), SLOPE[1:-1, 1:-1])
    np.testing.assert_allclose(seen("sharpen", SLOPE), SLOPE[1:-1, 1:-1])
    np.testing.assert_allclose(seen("high_pass", DOT), (DOT[1:-1, 1:-1] - seen("box_blur", DOT)), atol=1e-6)
    np.testing.assert_allclose(seen("emboss", FLAT), FLAT[1:-1, 1:-1])
    assert np.all(seen("emboss", SLOPE) > SLOPE[1:-1, 1:-1])


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("line_horizontal", ROW_LINE),
        ("line_vertical", COLUMN_LINE),
        ("line_diagonal", FALLING),
        ("line_antidiagonal", RISING),
    ],
)
def test_lines_are_brightest_on_their_own_kind(name: str, own: np.ndarray) -> None:
    assert seen(name, own).max() == 6
    assert [seen(name, other).max() < 6 for other in (ROW_LINE, COLUMN_LINE, FALLING, RISING)].count(
        True
    ) == 3


def test_random_is_the_same_for_ever() -> None:
    assert filter_kernel("random").tolist() == [[-0.5, 0.5, 0.5], [0.75, -0.75, -0.5], [-0.75, -0.5, 0.5]]


def test_the_lesson_is_the_article() -> None:
    lesson = LESSONS["one_to_sixteen"]
    assert lesson.input.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    assert lesson.operation == {"filter": "vertical_edge", "strides": (1, 1), "padding": "SAME"}
    spec = Conv2D(expand(filter_kernel("vertical_edge"), 1))
    output = ops.run(spec, lesson.input[np.newaxis, :, :, np.newaxis])
    assert output[0, 0, :, 0].tolist() == [-8, -4, -4, 10]


def test_an_unknown_filter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        EngineError, match=r"^filter: there is no filter 'sobel'; known names: identity, .*random"
    ):
        filter_kernel("sobel")


def test_a_filter_is_applied_to_every_channel_and_summed() -> None:
    kernel = expand([[1, 2, 3], [4, 5, 6]], 4)
    assert kernel.shape == (2, 3, 4, 1)
    assert all(kernel[:, :, channel, 0].tolist() == [[1, 2, 3], [4, 5, 6]] for channel in range(4))
    with pytest.raises(EngineError, match=r"kernel: must have 2 dimensions; this one has shape \[3\]"):
        expand([1, 2, 3], 4)
