"""Filters to begin with, each an array and one honest sentence, and the lessons made of them.

All are cross-correlations, so a filter is brightest over what looks like itself.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.checks import exact_float32
from engine.errors import EngineError

Family = Literal["edges", "detail", "blur", "lines", "other"]


@dataclass(frozen=True, eq=False)
class Filter:
    """kernel: float32 [kernel_height, kernel_width]."""

    name: str
    title: str
    sentence: str
    kernel: NDArray[np.float32]
    family: Family


@dataclass(frozen=True, eq=False)
class Lesson:
    """input: float32 [height, width]. operation: filter, strides and padding, as the HTTP API takes them."""

    name: str
    title: str
    sentence: str
    input: NDArray[np.float32]
    operation: Mapping[str, object]


def _random_weights() -> list[list[float]]:
    """Quarters from -1 to 1 out of a fixed seed; Python promises that random() never changes."""
    source = random.Random(13)  # noqa: S311 - numbers to look at, not secrets
    return [[(int(source.random() * 9) - 4) / 4 for _ in range(3)] for _ in range(3)]


def _filter(name: str, title: str, sentence: str, kernel: ArrayLike, family: Family) -> Filter:
    return Filter(name, title, sentence, exact_float32("filter", kernel), family)


def _binomial(row: list[int]) -> NDArray[np.float64]:
    return np.outer(row, row) / sum(row) ** 2


FILTERS: dict[str, Filter] = {
    one.name: one
    for one in (
        _filter(
            "identity",
            "Identity",
            "Changes nothing: each output is the cell in the middle.",
            [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
            "other",
        ),
        _filter(
            "vertical_edge",
            "Vertical edge",
            "Left minus right: positive where it gets darker to the right.",
            [[1, 0, -1]] * 3,
            "edges",
        ),
        _filter(
            "horizontal_edge",
            "Horizontal edge",
            "Above minus below: positive where it gets darker downwards.",
            [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
            "edges",
        ),
        _filter(
            "sobel_x",
            "Sobel x",
            "Positive where it gets brighter to the right.",
            [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
            "edges",
        ),
        _filter(
            "sobel_y",
            "Sobel y",
            "Positive where it gets brighter downwards.",
            [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
            "edges",
        ),
        _filter(
            "prewitt_x",
            "Prewitt x",
            "Positive where it gets brighter to the right; all three rows count the same.",
            [[-1, 0, 1]] * 3,
            "edges",
        ),
        _filter(
            "prewitt_y",
            "Prewitt y",
            "Positive where it gets brighter downwards; all three columns count the same.",
            [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
            "edges",
        ),
        _filter(
            "scharr_x",
            "Scharr x",
            "Positive where it gets brighter to the right; more even over all directions than Sobel.",
            [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
            "edges",
        ),
        _filter(
            "scharr_y",
            "Scharr y",
            "Positive where it gets brighter downwards; more even over all directions than Sobel.",
            [[-3, -10, -3], [0, 0, 0], [3, 10, 3]],
            "edges",
        ),
        _filter(
            "laplacian",
            "Laplacian",
            "The four neighbours less four times the middle: zero on slopes, positive beside bright cells.",
            [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
            "edges",
        ),
        _filter(
            "sharpen",
            "Sharpen",
            "The cell plus its difference from its four neighbours, so that edges stand out.",
            [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
            "detail",
        ),
        _filter(
            "high_pass",
            "High-pass",
            "What is left when the average of the nine cells is taken away from the middle.",
            (9 * np.eye(3)[1][:, None] * np.eye(3)[1] - 1) / 9,
            "detail",
        ),
        _filter(
            "emboss",
            "Emboss",
            "A relief: brighter where the lower right outshines the upper left, unchanged where it is flat.",
            [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
            "detail",
        ),
        _filter(
            "corner",
            "Corner",
            "Zero along straight horizontal and vertical edges; far from zero at corners and dots.",
            [[1, -2, 1], [-2, 4, -2], [1, -2, 1]],
            "detail",
        ),
        _filter("box_blur", "Box blur", "The average of nine cells.", np.full((3, 3), 1 / 9), "blur"),
        _filter(
            "gaussian_3",
            "Gaussian 3 × 3",
            "An average in which near cells count for more.",
            _binomial([1, 2, 1]),
            "blur",
        ),
        _filter(
            "gaussian_5",
            "Gaussian 5 × 5",
            "A wider average in which near cells count for more.",
            _binomial([1, 4, 6, 4, 1]),
            "blur",
        ),
        _filter(
            "motion_blur",
            "Motion blur",
            "The average of five cells in a row, as if the camera had moved sideways.",
            np.full((1, 5), 1 / 5),
            "blur",
        ),
        _filter(
            "line_horizontal",
            "Horizontal line",
            "Brightest on a bright horizontal line one cell thick; zero where it is flat.",
            [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
            "lines",
        ),
        _filter(
            "line_vertical",
            "Vertical line",
            "Brightest on a bright vertical line one cell thick; zero where it is flat.",
            [[-1, 2, -1]] * 3,
            "lines",
        ),
        _filter(
            "line_diagonal",
            "Diagonal line",
            "Brightest on a bright line that falls from upper left to lower right; zero where it is flat.",
            [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
            "lines",
        ),
        _filter(
            "line_antidiagonal",
            "Antidiagonal line",
            "Brightest on a bright line that rises from lower left to upper right; zero where it is flat.",
            [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
            "lines",
        ),
        _filter(
            "random",
            "Random",
            "Weights drawn once, by chance: what a network starts from before it has learned anything.",
            _random_weights(),
            "other",
        ),
    )
}

LESSONS: dict[str, Lesson] = {
    one.name: one
    for one in (
        Lesson(
            "one_to_sixteen",
            "1 to 16",
            "The numbers 1 to 16 under the vertical edge filter: small enough to check every sum by hand.",
            exact_float32("input", np.arange(1, 17).reshape(4, 4)),
            {"filter": "vertical_edge", "strides": (1, 1), "padding": "SAME"},
        ),
    )
}


def filter_kernel(name: str) -> NDArray[np.float32]:
    """A preset's weights, float32 [kernel_height, kernel_width], read-only. EngineError if unknown."""
    if name not in FILTERS:
        raise EngineError("filter", name, f"there is no filter {name!r}; known names: {', '.join(FILTERS)}.")
    return FILTERS[name].kernel


def expand(kernel: ArrayLike, in_channels: int) -> NDArray[np.float32]:
    """[kernel_height, kernel_width] to HWIO, one output channel: for every input channel, and summed."""
    weights = exact_float32("kernel", kernel)
    if weights.ndim != 2:
        raise EngineError(
            "kernel", weights.shape, f"must have 2 dimensions; this one has shape {list(weights.shape)}."
        )
    return np.repeat(weights[:, :, np.newaxis, np.newaxis], in_channels, axis=2)
