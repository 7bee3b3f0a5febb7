"""The compiled loops once more with every index checked, which costs a compilation of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Every operation, padding mode and trace at sizes where edges are near, and random settings.
TESTS = [
    "test_outputs.py::test_small_integers_are_exact",
    "test_outputs.py::test_the_largest_come_from_where_they_are",
    "test_trace.py::test_a_trace_is_what_is_written_out",
    "test_trace.py::test_compiled_is_the_reference_to_the_last_bit",
    "test_agreement.py::test_compiled_is_what_the_reference_is",
]

# A loop made as all others are has to notice, or the run would prove nothing.
NOTICED = """
import numpy as np
from numba import njit
from engine.compiled.build import loop
beyond = loop()(lambda cells, place: cells[place])
called = njit(lambda cells, place: beyond(cells, place))
try:
    called(np.zeros(3), 3)
except IndexError:
    print("noticed")
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Numba checks. It caches loops with and without checks under one name."""
    cache = tmp_path_factory.mktemp("numba")
    return {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(cache)}


def run(environment: dict[str, str], *arguments: str) -> str:
    asked = [sys.executable, *arguments]
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_an_index_out_of_bounds_would_be_noticed(checked: dict[str, str]) -> None:
    assert run(checked, "-c", NOTICED) == "noticed\n"


def test_no_index_is_out_of_bounds(checked: dict[str, str]) -> None:
    paths = [f"tests/engine/{test}" for test in TESTS]
    # One process, or each would compile.
    asked = ["-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", "-k", "compiled", *paths]
    assert " passed" in run(checked, *asked)
