"""The clock that every contender is held to, ours and the peers' alike."""

import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Burst(NamedTuple):
    """seconds: the median of one call. faults: the pages, small or huge, that one call had to get from the
    system, in the mean: none where the memory of the last output is used again.
    """

    seconds: float
    faults: float


def burst(function: Callable[[], object], budget: float) -> Burst:
    """Call `function` for about `budget` seconds, at least twice.

    The first call, which warms, does not count. What it returns is dropped at once, so that an allocator may
    hand out the same memory again.
    """
    function()
    taken = []
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    end = time.perf_counter() + budget
    while not taken or time.perf_counter() < end:
        started = time.perf_counter()
        function()
        taken.append(time.perf_counter() - started)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
    return Burst(statistics.median(taken), faults / len(taken))
