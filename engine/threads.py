"""Splits rows over a small pool of our own.

Numba's parallel=True aborts a server that calls it from two threads at once.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

# Below this many multiply-accumulates the 30 to 60 microseconds of a split cost more than they save.
INLINE_WORK = 500_000


def cpus() -> int:
    """The processors this process may use, which in a container is less than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def split(rows: int, work: int, function: Callable[[int, int], None]) -> None:
    """Call `function(start, stop)` over bands that cover 0..rows-1 once, and return when all are done.

    The calling thread does the first band. `function` must release the GIL to gain anything and must not call
    `split` itself.
    """
    bands = 1 if work < INLINE_WORK else min(cpus(), rows)
    if bands == 1:
        function(0, rows)
        return
    edges = [rows * band // bands for band in range(bands + 1)]
    others = [_pool().submit(function, *band) for band in pairwise(edges[1:])]
    try:
        function(edges[0], edges[1])
    finally:
        # The arrays belong to the caller: no band may still be writing when this returns or raises.
        for other in others:
            other.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, cpus() - 1), thread_name_prefix="engine")
