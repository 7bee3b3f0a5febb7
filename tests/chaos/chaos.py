"""What every row is given, and which rows there are."""

import importlib
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROWS = tuple(sorted(file.stem for file in (Path(__file__).parent / "rows").glob("[a-z]*.py")))


class NotHere(Exception):  # noqa: N818  nothing is wrong
    """Raised by a row that this system cannot prove, with the reason."""


@dataclass(frozen=True)
class Chaos:
    """One proof: where it may write, what is random in it, and whether it is the long form."""

    folder: Path
    seed: int
    long: bool
    random: random.Random

    def size(self, short: int, long: int) -> int:
        """How many of something: as many as the form of the proof asks for."""
        return long if self.long else short


@dataclass(frozen=True)
class Proved:
    """What came of a row: the promise, its figures (or why there are none), and how long it took."""

    promise: str
    figures: str
    seconds: float


def prove(name: str, folder: Path, seed: int, *, long: bool) -> Proved:
    """Prove one row; AssertionError or whatever else went wrong when it does not hold."""
    row = importlib.import_module(f"tests.chaos.rows.{name}")
    promise = (row.__doc__ or "").strip().splitlines()[0]
    proof: Callable[[Chaos], str] = row.prove
    # Each row has numbers of its own: one alone draws what it draws among all.
    numbers = random.Random(zlib.crc32(f"{name} {seed}".encode()))
    started = time.monotonic()
    figures = proof(Chaos(folder, seed, long, numbers))
    return Proved(promise, figures, time.monotonic() - started)
