"""The calls and programs of NumPy, SciPy and OpenCV, all of them run."""

import cv2
import numpy as np
import pytest
import scipy

from engine import ops
from engine.frameworks import Framework
from engine.frameworks.numpy import NUMPY
from engine.frameworks.opencv import OPENCV
from engine.frameworks.scipy import SCIPY
from engine.geometry import plan
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, Operation
from tests.frameworks.running import run_all
from tests.frameworks.small import Sample, samples, traits

SAMPLES = list(samples(400, seed=1))
VERSIONS = {NUMPY: np.__version__, SCIPY: scipy.__version__, OPENCV: cv2.__version__}


def test_everything_is_drawn() -> None:
    drawn = traits(SAMPLES)
    print(dict(drawn))
    assert min(drawn.values()) >= 5, drawn


@pytest.mark.parametrize("framework", [NUMPY, SCIPY, OPENCV], ids=lambda framework: framework.name)
def test_each_program_gives_the_output(framework: Framework) -> None:
    stamped = sum(isinstance(sample.spec, Conv2DTranspose) for sample in SAMPLES)
    count = run_all(framework, SAMPLES)
    print(framework.title, VERSIONS[framework], count)
    assert count == len(SAMPLES) - (stamped if framework is OPENCV else 0) >= 300


def test_the_versions_are_those_that_are_said() -> None:
    # The newest of NumPy and SciPy need a newer Python than the oldest that we run on.
    for framework, version in VERSIONS.items():
        assert framework.version_checked.split(".")[0] == version.split(".")[0]


def sampled(spec: Operation, size: tuple[int, int]) -> Sample:
    cells = np.arange(size[0] * size[1], dtype=np.float32).reshape(1, *size, 1)
    return Sample(spec, plan(spec, *size), cells, ops.run(spec, cells))


def test_what_overhangs_is_not_counted() -> None:
    for padding in ("VALID", ((1, 1), (0, 1))):
        spec = AvgPool2D((3, 2), (2, 3), padding=padding, ceil_mode=True, count_include_pad=True)
        for framework in (NUMPY, SCIPY, OPENCV):
            assert run_all(framework, [sampled(spec, (6, 9))]) == 1


CALLS = {
    NUMPY: (
        "np.einsum('nyxcij,ijco->nyxo', "
        "sliding_window_view(np.pad(input, ((0, 0), (0, 1), (0, 1), (0, 0))), (3, 3), (1, 2))"
        "[:, ::2, ::2, :, ::1, ::1], kernel)"
    ),
    SCIPY: (
        "scipy.signal.correlate(np.pad(input, ((0, 0), (0, 1), (0, 1), (0, 0))), "
        "kernel[np.newaxis, ..., 0], mode='valid', method='direct')[:, ::2, ::2]"
    ),
    OPENCV: (
        "np.dstack([cv2.filter2D(image[..., 0], cv2.CV_32F, kernel[..., 0, 0], anchor=(0, 0), "
        "borderType=cv2.BORDER_CONSTANT)[:3:2, :3:2]])"
    ),
}


@pytest.mark.parametrize("framework", CALLS, ids=lambda framework: framework.name)
def test_the_article_as_array_work(framework: Framework) -> None:
    spec = Conv2D(np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1), strides=(2, 2))
    sample = sampled(spec, (4, 4))
    assert framework.spell(spec, sample.geometry, sample.shape).text == CALLS[framework]
    assert run_all(framework, [sample]) == 1


def test_what_can_be_changed_is_a_token() -> None:
    spec = Conv2D(np.ones((3, 3, 4, 2)), strides=(1, 2), dilations=(2, 1), padding=((1, 2), (0, 3)), groups=2)
    for framework in (NUMPY, SCIPY, OPENCV):
        tokens = framework.spell(spec, plan(spec, 8, 9), (1, 8, 9, 8)).tokens
        found = {(token.field, token.at): token.text for token in tokens if token.field}
        assert {
            ("strides", (1,)): "2",
            ("dilations", (0,)): "2",
            ("padding", (0,)): "1",
            ("padding", (1,)): "2",
            ("padding", (2,)): "0",
            ("padding", (3,)): "3",
        }.items() <= found.items()
