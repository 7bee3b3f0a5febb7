"""The pool of killable processes that decode uploads."""

import asyncio
import multiprocessing
from concurrent.futures import TimeoutError as DecodeTimeout

from pebble import ProcessExpired, ProcessPool

from app.errors import BusyError, RefusedError, UnknownFileTypeError
from app.images.decode import Decoded, Unreadable, decode, limit_this_process
from app.settings import Settings


class Decoder:
    """Decodes uploads apart from the server: a hostile file can only take down its own process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting = 0
        # spawn: the server has threads, and a forked child may inherit their locks held.
        self._pool = ProcessPool(
            max_workers=settings.decode_workers,
            max_tasks=256,
            initializer=limit_this_process,
            initargs=[settings.decode_memory_bytes],
            context=multiprocessing.get_context("spawn"),
        )

    async def decode(self, upload: bytes) -> Decoded:
        """The picture in `upload`. RefusedError, naming `file`: everything that is none, is too large or
        takes too long.
        """
        settings = self._settings
        if not upload:
            raise RefusedError("file", "is empty")
        if self._waiting >= settings.decode_queue:
            raise BusyError("file", "too many uploads are waiting; try again in a moment")
        self._waiting += 1
        try:
            future = self._pool.schedule(
                decode,
                args=[upload, settings.image_pixels, settings.decode_cpu_seconds],
                timeout=settings.decode_seconds,
            )
            result: Decoded | Unreadable = await asyncio.wrap_future(future)
        except DecodeTimeout:
            raise RefusedError("file", f"takes longer than {settings.decode_seconds:g} s to decode") from None
        except ProcessExpired:
            raise RefusedError("file", "takes too much memory or time to decode") from None
        finally:
            self._waiting -= 1
        if isinstance(result, Unreadable):
            raise (RefusedError if result.known else UnknownFileTypeError)("file", result.reason)
        return result

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
