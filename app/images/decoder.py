"""The pool of killable processes that decode uploads."""

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as DecodeTimeout
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from app.errors import BusyError, RefusedError, UnknownFileTypeError
from app.images.decode import Decoded, Heavy, Unreadable, decode_limited, limit_this_process
from app.memory import give_back
from app.settings import MIB, Settings

_log = logging.getLogger("convloupe")
# A picture that needs more to be decoded waits until others of its kind have left room for it.
_LIGHT_BYTES = 64 * MIB
# That room, for each process that decodes: as a rule enough for as many photos of the largest size.
_HEAVY_BYTES = 160 * MIB
_LEAST_SECONDS = 0.1
_LARGE_BYTES = MIB


class Upload(Protocol):
    """A file that stays on disk until it is read, which may be twice."""

    async def seek(self, offset: int) -> None:
        """Go to this byte."""

    async def read(self) -> bytes:
        """All from there on."""


class _Room:
    """Memory that is shared out: to each as much as it needs, in the order in which they ask."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._used_bytes = 0
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def of(self, size: int) -> AsyncIterator[None]:
        """As long as it is needed. What is larger than all of it has it alone."""
        async with self._turn:
            while self._used_bytes and self._used_bytes + size > self._most_bytes:
                self._freed.clear()
                await self._freed.wait()
            self._used_bytes += size
        try:
            yield
        finally:
            self._used_bytes -= size
            self._freed.set()


def _soon_give_back() -> None:
    asyncio.get_running_loop().run_in_executor(None, give_back)


class Decoder:
    """Decodes uploads apart from the server: a hostile file can only take down its own process."""

    def __init__(self, settings: Settings, decided: Callable[[bool], None] = lambda _: None) -> None:
        """`decided` is told of each file whether it could be decoded."""
        self._settings = settings
        self._decided = decided
        self._waiting = 0
        self._in_memory = asyncio.Semaphore(settings.decode_workers)
        self._heavy = _Room(settings.decode_workers * _HEAVY_BYTES)
        self._pool = self._new_pool()

    @asynccontextmanager
    async def decoded(self, upload: Upload) -> AsyncIterator[Decoded]:
        """The picture in `upload`, for as long as it is needed: until then few others are in memory.

        One that needs much memory waits for others of its kind, and none that needs little waits for it.
        RefusedError, naming `file`, for what is none, too large or too slow.
        """
        if self._waiting >= self._settings.decode_queue:
            raise BusyError("file", "too many uploads are waiting; try again in a moment")
        self._waiting += 1
        try:
            async with AsyncExitStack() as held:
                result = await self._result(upload, held)
                self._decided(isinstance(result, Decoded))
                if isinstance(result, Unreadable):
                    raise (RefusedError if result.known else UnknownFileTypeError)("file", result.reason)
                try:
                    yield result
                finally:
                    if len(result.png) > _LARGE_BYTES:
                        del result
                        _soon_give_back()
        finally:
            self._waiting -= 1

    async def _result(self, upload: Upload, held: AsyncExitStack) -> Decoded | Unreadable:
        """What becomes of the upload; `held` then has the memory for that."""
        needed, seconds = 0, self._settings.decode_seconds
        while True:
            async with AsyncExitStack() as given:
                if needed:
                    await given.enter_async_context(self._heavy.of(needed))
                await given.enter_async_context(self._in_memory)
                result = await self._decode(upload, max(needed, _LIGHT_BYTES), seconds)
                if not isinstance(result, Heavy):
                    held.push_async_exit(given.pop_all())
                    return result
                needed = result.needed_bytes
                seconds = max(seconds - result.seconds, _LEAST_SECONDS)  # once for both times

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        # spawn: the server has threads, and a forked child may inherit their locks held.
        return ProcessPool(
            max_workers=self._settings.decode_workers,
            max_tasks=256,
            initializer=limit_this_process,
            initargs=[self._settings.decode_memory_bytes],
            context=multiprocessing.get_context("spawn"),
        )

    async def _decode(self, upload: Upload, given_bytes: int, seconds: float) -> Decoded | Unreadable | Heavy:
        settings = self._settings
        await upload.seek(0)
        data = await upload.read()
        if not data:
            return Unreadable("is empty", known=True)
        if not self._pool.active:
            _log.error("the decoding processes are started anew: they could not go on")
            self._pool = self._new_pool()
        future = self._pool.schedule(
            decode_limited,
            args=[data, settings.image_pixels, settings.decode_cpu_seconds, given_bytes],
            timeout=seconds,
        )
        try:
            result: Decoded | Unreadable | Heavy = await asyncio.wrap_future(future)
        except DecodeTimeout:
            return Unreadable(f"takes longer than {settings.decode_seconds:g} s to decode", known=True)
        except (ProcessExpired, MemoryError):  # one that has no memory left may not even say so
            return Unreadable("takes too much memory or time to decode", known=True)
        finally:
            if len(data) > _LARGE_BYTES:
                del data
                _soon_give_back()
        return result
