"""A workload's contest: whose answer is right is timed, in turn and in alternating order."""

import math
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np

from tests.bench.clock import Burst
from tests.bench.workloads import Array, Workload

# Threads that have just worked spin for some milliseconds before they sleep, and would take a core from who
# comes next.
PAUSE = 0.03
TOLERANCE = 1e-5


class ContestantError(Exception):
    """It could not compute what it says it does."""


class Contestant(Protocol):
    """name: of the way to compute; library: "ours" or whose it is."""

    name: str
    library: str

    def answer(self, workload: Workload) -> Array | None:
        """The output, HWC, and get ready to be timed; None for an operation it does not know."""

    def burst(self, budget: float) -> Burst:
        """Timings of the workload last answered."""


def seconds(bursts: Iterable[Burst]) -> float:
    return statistics.median(burst.seconds for burst in bursts)


@dataclass
class Result:
    """What a contest found. refused: the reason by contestant, of those who were not timed."""

    workload: Workload
    bursts: dict[str, list[Burst]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def seconds(self, name: str) -> float:
        return seconds(self.bursts[name])

    def faults(self, name: str) -> float:
        return statistics.median(burst.faults for burst in self.bursts[name])

    @property
    def ours(self) -> str | None:
        """Ours to compare by: in the same memory again where that is timed."""
        return next((name for name in ("ours out=", "ours") if name in self.bursts), None)

    @property
    def best_peer(self) -> str | None:
        theirs = [name for name in self.bursts if self.libraries[name] != "ours"]
        return min(theirs, key=self.seconds, default=None)

    @property
    def ratio(self) -> float | None:
        """The best peer's time over ours; None without one of them."""
        if self.ours is None or self.best_peer is None:
            return None
        return self.seconds(self.best_peer) / self.seconds(self.ours)


def wrong(answer: Array, exact: Array, magnitude: Array) -> str | None:
    """What is wrong with an answer, if something is: errors count relative to the magnitude of the terms."""
    if answer.shape != exact.shape:
        return f"its output is {answer.shape}, not {exact.shape}"
    # A NaN compares as false and so is wrong too.
    right = np.abs(answer - exact) <= TOLERANCE * magnitude
    if right.all():
        return None
    cell = np.unravel_index(int(np.argmin(right)), right.shape)
    where = tuple(int(index) for index in cell)
    wrongs = right.size - np.count_nonzero(right)
    return f"{wrongs} of {right.size} values are wrong; at {where} it has {answer[cell]}, not {exact[cell]}"


def contest(
    workload: Workload, contestants: Sequence[Contestant], rounds: int, budget: float, pause: float = PAUSE
) -> Result:
    result = Result(workload)
    exact, magnitude = workload.answer()
    calls = {}
    for contestant in contestants:
        try:
            answer = contestant.answer(workload)
        except ContestantError as error:
            result.refused[contestant.name] = str(error)
            continue
        if answer is None:
            continue
        if reason := wrong(answer, exact, magnitude):
            result.refused[contestant.name] = reason
            continue
        result.libraries[contestant.name] = contestant.library
        calls[contestant.name] = partial(contestant.burst, budget)
    result.bursts = alternate(calls, rounds, pause)
    return result


def alternate(
    bursts: Mapping[str, Callable[[], Burst]], rounds: int, pause: float = PAUSE
) -> dict[str, list[Burst]]:
    """Every burst once a round, in turn, in both orders; so that a slow minute is slow for all."""
    taken: dict[str, list[Burst]] = {name: [] for name in bursts}
    for turn in range(rounds):
        for name in list(bursts)[:: 1 if turn % 2 else -1]:
            time.sleep(pause)
            taken[name].append(bursts[name]())
    return taken


def goal(results: Iterable[Result]) -> tuple[int, float, float] | None:
    """Of the ratios of the counted workloads that have one: how many, their geometric mean and the least."""
    ratios = [result.ratio for result in results if result.workload.counted and result.ratio]
    if not ratios:
        return None
    return len(ratios), math.exp(statistics.fmean(map(math.log, ratios))), min(ratios)
