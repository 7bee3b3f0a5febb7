"""The lines by which Compare makes a framework agree with another way to pad, run in that framework.

ONNX, OpenCV and SciPy are there for `make test`, the frameworks for `make test-frameworks`; what is not
installed is not run.
"""

import importlib.util
import os
from collections import Counter
from typing import Any

import pytest

from engine.comparison import CONVENTIONS, agreeing, compare, spoken
from engine.frameworks import FRAMEWORKS
from tests.frameworks.running import run
from tests.frameworks.test_conventions import OutOfScopeError, Sample, resolve, samples

# oneDNN gives wrong values for several items of one channel in one column. TensorFlow's import reads both.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.filterwarnings("ignore")

MODULES = {"opencv": "cv2", "pytorch": "torch", "onnx": "onnxruntime"}
REAL = {"tensorflow", "keras", "pytorch", "jax"}
NAMES = sorted({one.framework for one in CONVENTIONS.values() if one.framework is not None})


@pytest.mark.parametrize(
    "framework",
    [pytest.param(name, marks=[pytest.mark.frameworks] if name in REAL else []) for name in NAMES],
)
def test_the_lines_give_the_other_ones_numbers(framework: str, capsys: pytest.CaptureFixture[str]) -> None:
    if importlib.util.find_spec(MODULES.get(framework, framework)) is None:
        pytest.skip(f"{framework} is not installed")
    counts: Counter[str] = Counter()
    own = [name for name, one in CONVENTIONS.items() if one.framework == framework]
    others = [name for name in CONVENTIONS if name not in own]
    for index, sample in enumerate(samples(9)):
        # One pair a sample: all of them have their turns.
        counts[agree(sample, own[index % len(own)], others[index % len(others)])] += 1
    with capsys.disabled():
        print(f"\n{FRAMEWORKS[framework].title}: {dict(counts)}")
    assert counts["agree"] >= 20


def agree(sample: Sample, name: str, other: str) -> str:
    """What came of it: the lines are run, and what they make is what `other` makes."""
    try:
        one, two = resolve(name, sample), resolve(other, sample)
    except OutOfScopeError:
        return "out of scope"
    if one is None or two is None:
        return "refused"
    found = compare(one, two, sample.cells)
    if found.verdict == "same":
        return "agree before"
    batch, height, width, channels = sample.cells.shape
    lines = agreeing(CONVENTIONS[name], two, (batch, height, width, channels))
    said = spoken(two, (batch, height, width, channels))
    if not lines or said is None:
        return "no lines"
    framework = FRAMEWORKS[CONVENTIONS[name].framework or ""]
    code = framework.snippet(*said, sample.cells, found.outputs[1])
    assert code is not None
    missing = [line for line in lines if line.strip() not in code]
    assert missing == [], code
    try:
        names: dict[str, Any] = run(code)
    except Exception as error:
        raise AssertionError(f"{name} for {other}: {sample}\n{code[:3000]}") from error
    assert names["expected"].size == found.outputs[1].size
    return "agree"
