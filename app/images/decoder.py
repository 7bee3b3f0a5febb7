"""The pool of killable processes that decode uploads."""

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as DecodeTimeout
from contextlib import asynccontextmanager
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from app.errors import BusyError, RefusedError, UnknownFileTypeError
from app.images.decode import Decoded, Unreadable, decode_limited, limit_this_process
from app.settings import Settings

_log = logging.getLogger("convloupe")


class Upload(Protocol):
    """A file that stays on disk until it is read."""

    async def read(self) -> bytes:
        """All of it."""


class Decoder:
    """Decodes uploads apart from the server: a hostile file can only take down its own process."""

    def __init__(self, settings: Settings, decided: Callable[[bool], None] = lambda _: None) -> None:
        """`decided` is told of each file whether it could be decoded."""
        self._settings = settings
        self._decided = decided
        self._waiting = 0
        self._in_memory = asyncio.Semaphore(settings.decode_workers)
        self._pool = self._new_pool()

    @asynccontextmanager
    async def decoded(self, upload: Upload) -> AsyncIterator[Decoded]:
        """The picture in `upload`, for as long as it is needed: until then few others are in memory.

        RefusedError, naming `file`, for what is none, too large or too slow.
        """
        if self._waiting >= self._settings.decode_queue:
            raise BusyError("file", "too many uploads are waiting; try again in a moment")
        self._waiting += 1
        try:
            async with self._in_memory:
                result = await self._decode(await upload.read())
                self._decided(isinstance(result, Decoded))
                if isinstance(result, Unreadable):
                    raise (RefusedError if result.known else UnknownFileTypeError)("file", result.reason)
                yield result
        finally:
            self._waiting -= 1

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

    async def _decode(self, data: bytes) -> Decoded | Unreadable:
        settings = self._settings
        if not data:
            return Unreadable("is empty", known=True)
        if not self._pool.active:
            _log.error("the decoding processes are started anew: they could not go on")
            self._pool = self._new_pool()
        future = self._pool.schedule(
            decode_limited,
            args=[data, settings.image_pixels, settings.decode_cpu_seconds],
            timeout=settings.decode_seconds,
        )
        try:
            result: Decoded | Unreadable = await asyncio.wrap_future(future)
        except DecodeTimeout:
            return Unreadable(f"takes longer than {settings.decode_seconds:g} s to decode", known=True)
        except ProcessExpired:
            return Unreadable("takes too much memory or time to decode", known=True)
        return result
