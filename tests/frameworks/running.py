"""Programs of a framework, run in this process."""

import contextlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.frameworks import Framework
from tests.frameworks.small import Sample


def run(code: str) -> dict[str, Any]:
    """What a program has named by its end; it may print nothing."""
    names: dict[str, Any] = {}
    # SciPy converts an output that it has not written yet, with whatever was in that memory before.
    with contextlib.redirect_stdout(io.StringIO()) as said, np.errstate(invalid="ignore"):
        exec(compile(code, "<snippet>", "exec"), names)
    assert said.getvalue() == ""
    return names


def run_all(framework: Framework, found: Sequence[Sample]) -> int:
    """Run the program of each, which holds the call as it is shown; how many have one."""
    count = 0
    for sample in found:
        call = framework.spell(sample.spec, sample.geometry, sample.shape)
        code = framework.snippet(sample.spec, sample.geometry, sample.input, sample.output)
        if code is None:
            continue
        try:
            assert not call.holds or call.text in code
            names = run(code)
        except Exception as error:
            raise AssertionError(f"{sample}\n{code[:3000]}") from error
        assert names["expected"].size == sample.output.size
        count += 1
    return count
