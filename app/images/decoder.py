"""The pool of killable processes that decode uploads."""

import asyncio
import multiprocessing
from concurrent.futures import TimeoutError as DecodeTimeout

from pebble import ProcessExpired, ProcessPool

from app.errors import Busy, Refused, UnknownFileType
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
        """The picture in `upload`. Refused, naming `file`: everything that is none, is too large or takes too long."""
        settings = self._settings
        if not upload:
            raise Refused("file", "is empty")
        if self._waiting >= settings.decode_queue:
            raise Busy("file", "too many uploads are waiting; try again in a moment")
        self._waiting += 1
        try:
            future = self._pool.schedule(
                decode,
                args=[upload, settings.image_pixels, settings.decode_cpu_seconds],
                timeout=settings.decode_seconds,
            )
            result = await asyncio.wrap_future(future)
        except DecodeTimeout:
            raise Refused("file", f"takes longer than {settings.decode_seconds:g} s to decode") from None
        except ProcessExpired:
            raise Refused("file", "takes too much memory or time to decode") from None
        finally:
            self._waiting -= 1
        if isinstance(result, Unreadable):
            raise (Refused if result.known else UnknownFileType)("file", result.reason)
        assert isinstance(result, Decoded)
        return result

    def close(self) -> None:
        self._pool.stop()
        self._pool.join()
