"""Every program runs in its real framework and gives the engine's output; what is said to be refused is.

Where the frameworks are not installed nothing is run: `make test-frameworks`.
"""

import importlib.util
import os
import subprocess
import sys
from collections import Counter

import pytest

from engine.frameworks import FRAMEWORKS
from tests.frameworks.claims import check
from tests.frameworks.sampled import sampled

COUNT = 400
# Their import names; the others are run with the other tests.
REAL = {"tensorflow": "tensorflow", "pytorch": "torch", "keras": "keras", "jax": "jax"}

# oneDNN gives wrong values for several items of one channel in one column. TensorFlow's import reads both.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def installed(name: str) -> str:
    """The version of the framework; skips where there is none."""
    if importlib.util.find_spec(REAL[name]) is None:
        pytest.skip(f"{FRAMEWORKS[name].title} is not installed: make test-frameworks")
    version: str = importlib.import_module(REAL[name]).__version__
    return version


@pytest.mark.parametrize("name", REAL)
def test_programs_hold_and_claims_are_true(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    framework = FRAMEWORKS[name]
    version = installed(name)
    assert version.split("+")[0].split(".")[:2] == framework.version_checked.split(".")[:2]
    kinds: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for sample in sampled(COUNT):
        claims += check(framework, sample)
        kinds[type(sample.spec).__name__] += 1
    assert claims["no program"] == 0
    with capsys.disabled():
        print(
            f"\n{framework.title} {version}: {kinds.total()} programs ({dict(kinds)}), claims {dict(claims)}"
        )


@pytest.mark.parametrize("name", REAL)
def test_a_program_stands_alone_and_says_nothing(name: str) -> None:
    installed(name)
    sample = next(sampled(1))
    code = FRAMEWORKS[name].snippet(sample.spec, sample.geometry, sample.input, sample.output)
    assert code is not None
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    wrong = code.replace("expected, rtol", "expected + 1, rtol")
    done = subprocess.run([sys.executable, "-c", wrong], capture_output=True, text=True, timeout=120)
    assert "Not equal to tolerance" in done.stderr
