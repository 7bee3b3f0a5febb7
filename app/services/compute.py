"""Threads for everything that takes CPU or touches the disk, so that the event loop never does."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from app.arrays import Array
from app.errors import STOPPING, BusyError
from app.held import Held

P = ParamSpec("P")
T = TypeVar("T")


class Compute:
    """A small thread pool with a bounded queue in front of it."""

    def __init__(self, threads: int, queue: int, streams: int, held: Held) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._most_waiting = queue
        self._most_streams = streams
        self._held = held
        self._stopped = False
        self.waiting = 0
        self.streams = 0
        self.large = asyncio.Semaphore(threads)
        """For requests whose numbers take far more memory than their text: as many as there are threads."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(...)` in a thread. BusyError when too many calls wait already."""
        self.admit()
        self.waiting += 1
        try:
            return await self.run_admitted(function, *args, **kwargs)
        finally:
            self.waiting -= 1

    def admit(self) -> None:
        """BusyError when too many calls wait already: then nobody is let in, not even with what is quick."""
        if self._is_stopped():
            raise STOPPING
        if self.waiting >= self._most_waiting:
            raise BusyError("server", "too many requests are waiting; try again in a moment")

    async def run_admitted(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for work let in before: a crowd behind it must not break a stream off."""
        loop = asyncio.get_running_loop()
        if self._is_stopped():
            raise STOPPING
        future = loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))
        try:
            return await future
        except asyncio.CancelledError:
            if self._is_stopped() and future.cancelled():
                raise STOPPING from None
            raise

    @contextmanager
    def stream(self, read: Iterable[Array], own: int = 0) -> Iterator[None]:
        """A place for one open stream, and for what it reads beside what its request holds, which is `own`
        bytes. BusyError when all are taken.
        """
        if self.streams >= self._most_streams:
            raise BusyError("server", "too many streams are open; try again in a moment")
        with self._held.reading(read, own):
            self.streams += 1
            try:
                yield
            finally:
                self.streams -= 1

    def stop(self) -> None:
        """BusyError for all that waits or comes; what is being computed is finished."""
        self._stopped = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _is_stopped(self) -> bool:
        return self._stopped

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
