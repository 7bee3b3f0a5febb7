"""What a framework is to the rest: how it spells an operation, and how that is run."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.frameworks.calls import Call
from engine.geometry import Geometry
from engine.layouts import Layout
from engine.spec import Operation

# Batch, height, width, channels of an input, whatever the framework's own order.
Shape = tuple[int, int, int, int]


@dataclass(frozen=True)
class Framework:
    """name: what it is asked for by; title: what it is shown as; package: what it is installed as.

    version_checked: the version that its spellings were run with and its refusals seen in.
    layout: the order of its activations.
    spell: the call for a spec, its geometry over the input, and the input's shape (NHWC). Never raises: what
        the framework cannot do is in the notes.
    snippet: the same as a Python program with all numbers, given the input, uint8 or float32, and the output,
        both NHWC. It asserts the output and prints nothing. None where the framework has no way to it.
    """

    name: str
    title: str
    package: str
    version_checked: str
    layout: Layout
    spell: Callable[[Operation, Geometry, Shape], Call]
    snippet: Callable[[Operation, Geometry, NDArray[np.generic], NDArray[np.float32]], str | None]
