"""How much memory all requests together may hold while clients send and take, at their own pace.

What is computed is bounded by the threads that compute. What has come of a body, an answer that is not taken
yet and what an open stream reads stay for as long as a client likes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import BusyError

SMALL = 256 * 1024
"""Bytes that count as nothing: there are only so many connections."""


class Held:
    """Counts it. What would make it too much is refused, unless it is alone. For the event loop only."""

    def __init__(self, most: int) -> None:
        """`most`: bytes."""
        self._most = most
        self._read: Counter[int] = Counter()
        self.bytes = 0

    def take(self, count: int, own: int = 0) -> None:
        """Hold so many bytes, until they are given back. BusyError where there is no room for them.

        own: what the same request holds already.
        """
        if count and self.bytes > own and self.bytes + count > self._most:
            raise BusyError("server", "too much is on its way already; try again in a moment")
        self.bytes += count

    def give_back(self, count: int) -> None:
        self.bytes -= count

    @contextmanager
    def reading(self, arrays: Iterable[NDArray[Any]], own: int = 0) -> Iterator[None]:
        """Hold arrays for the time of a block. Each counts once, however many read it at a time."""
        owners = {id(owner): owner.nbytes for owner in map(_owner, arrays) if owner.nbytes > SMALL}
        self.take(sum(size for one, size in owners.items() if one not in self._read), own)
        self._read.update(owners.keys())
        try:
            yield
        finally:
            self._read.subtract(owners.keys())
            for one, size in owners.items():
                if not self._read[one]:
                    del self._read[one]
                    self.give_back(size)


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    """The array whose memory `array` is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
