"""What TensorFlow answers and refuses, against ours."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import ops
from engine.errors import EngineError
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, MaxPool2D
from tests.engine.conformance import Vectors

VECTORS = Vectors(Path(__file__).with_name("vectors") / "tensorflow.json")
EMPTY = [case for case in VECTORS.cases if not VECTORS.expected(case).size]
ANSWERED = [case for case in VECTORS.cases if VECTORS.expected(case).size]


def test_all_of_them_are_here() -> None:
    assert Counter(case["op"] for case in VECTORS.cases) == {
        "conv2d": 147,
        "atrous_conv2d": 27,
        "depthwise_conv2d": 27,
        "conv2d_transpose": 68,
        "max_pool2d": 33,
        "avg_pool2d": 33,
    }
    assert len(VECTORS.errors) == 15
    assert sum(case["exact"] for case in ANSWERED) == 286
    # Of which some are floats that must be close, and no case claims an argmax.
    assert not any(case["expected_indices"] for case in VECTORS.cases)


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["id"])
def test_tensorflow_agrees(case: dict[str, Any], arithmetic: str) -> None:
    spec, expected = VECTORS.spec(case), VECTORS.expected(case)
    output = ops.run(spec, VECTORS.input(case), case["layout"])
    assert output.shape == expected.shape
    if case["exact"]:
        # float16 and float64 hold the same small integers.
        np.testing.assert_array_equal(output, expected.astype(np.float32), strict=True)
    else:
        np.testing.assert_allclose(output, expected, case["rtol"], case["atol"])


@pytest.mark.parametrize("case", EMPTY, ids=lambda case: case["id"])
def test_empty_answers_are_refused(case: dict[str, Any], arithmetic: str) -> None:
    with pytest.raises(EngineError, match=r"does not fit|at least one item"):
        ops.run(VECTORS.spec(case), VECTORS.input(case), case["layout"])


def ones(*shape: int) -> Any:
    return np.ones(shape, np.float32)


# What each refusal of TensorFlow would be here, the field and what must be said.
REFUSED_TOO: dict[str, tuple[Callable[[], object], str, str]] = {
    "stride_batch": (
        lambda: Conv2D(ones(3, 3, 1, 1), strides=(2, 1, 1, 1)),  # type: ignore[arg-type]
        "strides",
        r"two whole numbers, \[y, x\]; got \(2, 1, 1, 1\)",
    ),
    "dil_chan": (
        lambda: Conv2D(ones(3, 3, 1, 1), dilations=(1, 1, 1, 2)),  # type: ignore[arg-type]
        "dilations",
        r"two whole numbers, \[y, x\]; got \(1, 1, 1, 2\)",
    ),
    "dil0": (lambda: Conv2D(ones(3, 3, 1, 1), dilations=(0, 0)), "dilations", "at least 1; got 0"),
    "pad_neg": (
        lambda: Conv2D(ones(3, 3, 1, 1), padding=((-1, 0), (0, 0))),
        "padding",
        "at least 0; got -1",
    ),
    "valid_neg": (
        lambda: ops.run(Conv2D(ones(6, 6, 1, 1), padding="VALID"), ones(1, 4, 4, 1)),
        "kernel",
        "window of 6 cells is larger than the padded input of 4",
    ),
    "keras_big_k": (
        lambda: ops.run(Conv2D(ones(7, 7, 1, 1), padding="VALID"), ones(1, 4, 4, 1)),
        "kernel",
        "window of 7 cells is larger than the padded input of 4",
    ),
    "grp_in": (
        lambda: ops.run(Conv2D(ones(3, 3, 2, 4), groups=2), ones(1, 5, 5, 5)),
        "input",
        r"has 5 channels, but the kernel is for 4 \(2 groups of 2\)",
    ),
    "pool_batch": (
        lambda: MaxPool2D((2, 1, 1, 1)),  # type: ignore[arg-type]
        "kernel_size",
        r"two whole numbers, \[y, x\]; got \(2, 1, 1, 1\)",
    ),
    "keras_transpose_err_19": (
        lambda: ops.run(
            Conv2DTranspose(ones(2, 2, 3, 2), padding="SAME", output_shape=(3, 4)), ones(1, 4, 5, 2)
        ),
        "output_shape",
        "with SAME the output can have 4 to 4 rows; 3 were asked for",
    ),
    "keras_transpose_err_55": (
        lambda: ops.run(
            Conv2DTranspose(ones(4, 4, 3, 2), padding="SAME", output_shape=(3, 4)), ones(1, 4, 5, 2)
        ),
        "output_shape",
        "with SAME the output can have 4 to 4 rows; 3 were asked for",
    ),
}

# What TensorFlow refuses or its row only remarks, and ours answers on purpose: what, and the output's shape.
ANSWERED_HERE: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    # TensorFlow has no such name; it is a padding of ours.
    "pad_full": (lambda: ops.run(Conv2D(ones(3, 3, 1, 2), padding="FULL"), ones(1, 4, 5, 1)), (1, 6, 7, 2)),
    # A float64 input is rounded to the float32 of the kernel.
    "mixed": (lambda: ops.run(Conv2D(ones(3, 3, 1, 2)), ones(1, 4, 5, 1).astype(float)), (1, 4, 5, 2)),
    # Not an error there either: tf.nn.conv2d takes a stride and a dilation together.
    "s2d2": (
        lambda: ops.run(Conv2D(ones(3, 3, 2, 4), strides=(2, 2), dilations=(2, 2)), ones(1, 6, 6, 2)),
        (1, 3, 3, 4),
    ),
    # Limits of TensorFlow's implementation, not of the operation.
    "pool_dil_same": (lambda: ops.run(AvgPool2D((2, 3), dilations=(2, 2)), ones(1, 5, 6, 3)), (1, 5, 6, 3)),
    "t_dil": (
        lambda: ops.run(
            Conv2DTranspose(ones(3, 2, 3, 2), dilations=(2, 2), padding="VALID"), ones(1, 4, 5, 2)
        ),
        (1, 8, 7, 3),
    ),
}


def test_every_refusal_is_accounted_for() -> None:
    assert sorted([*REFUSED_TOO, *ANSWERED_HERE]) == sorted(error["id"] for error in VECTORS.errors)


@pytest.mark.parametrize("name", REFUSED_TOO)
def test_refused_here_too(name: str) -> None:
    ask, field, reason = REFUSED_TOO[name]
    with pytest.raises(EngineError, match=reason) as refusal:
        ask()
    assert refusal.value.field == field


@pytest.mark.parametrize("name", ANSWERED_HERE)
def test_answered_here(name: str, arithmetic: str) -> None:
    ask, shape = ANSWERED_HERE[name]
    assert ask().shape == shape
