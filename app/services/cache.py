"""A least-recently-used cache with a bound on what its values weigh."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Keeps the most recently used values, at most `capacity` in total weight. Safe for threads."""

    def __init__(self, capacity: int, weigh: Callable[[T], int]) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._entries: OrderedDict[str, T] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def find(self, key: str) -> T | None:
        """The value of `key` if it is there."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The value of `key`, made if it is not there. One heavier than the whole cache is never kept."""
        found = self.find(key)
        if found is not None:
            return found
        value = make()
        weight = self._weigh(value)
        with self._lock:
            if key not in self._entries and weight <= self._capacity:
                self._entries[key] = value
                self._weight += weight
                while self._weight > self._capacity:
                    _, oldest = self._entries.popitem(last=False)
                    self._weight -= self._weigh(oldest)
        return value
