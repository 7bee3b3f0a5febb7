"""A trace as a response that is produced while it is read."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from time import perf_counter
from typing import Any, cast

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import STOPPING, BusyError
from app.hosting import Hosting
from app.middleware import Exchange
from app.services.compute import Compute
from app.wire import Encoder

# Seconds that one stream may have the event loop for itself.
_TURN = 0.001


class TraceResponse(Response):
    """One chunk is computed when the one before has been taken; a reader that leaves ends the work.

    Light chunks are computed where they are sent from: to wake a thread takes longer.
    """

    def __init__(
        self,
        encoder: Encoder,
        compute: Compute,
        media_type: str,
        headers: Mapping[str, str] | None = None,
        *,
        of_trace: bool = True,
    ) -> None:
        """`of_trace`: its rows are positions of a trace, and counted as such."""
        self._encoder = encoder
        self._compute = compute
        self._of_trace = of_trace
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        # The proxy nginx would otherwise collect the stream before it passes it on.
        known = {"Content-Type": media_type, "X-Accel-Buffering": "no", **(headers or {})}
        if encoder.length is not None:
            known["Content-Length"] = str(encoder.length)
        self.init_headers(known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        if state.get("head"):
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        (first, count), *more = islice(self._encoder.chunks, 2)
        if self._encoder.light and not more:
            chunk = self._encoder.encode(first, count)
            await send(start)
            await send(
                {
                    "type": "http.response.body",
                    "body": b"".join((self._encoder.header, chunk, self._encoder.end)),
                }
            )
            state["exchange"].positions += count * self._of_trace
            return
        with self._compute.stream(self._encoder.reads, state.get("held_bytes", 0)):
            async with _until_disconnect(receive):
                await send(start)
                await self._stream(state, send)

    async def _stream(self, state: Mapping[str, Any], send: Send) -> None:
        encoder, exchange = self._encoder, cast("Exchange", state["exchange"])
        stopping = cast("Hosting", state["hosting"]).stopping
        if encoder.header:
            await send({"type": "http.response.body", "body": encoder.header, "more_body": True})
        turn = perf_counter()
        for first, count in encoder.chunks:
            try:
                if stopping.ending:
                    raise STOPPING
                if encoder.light:
                    chunk = encoder.encode(first, count)
                else:
                    chunk = await self._compute.run_admitted(encoder.encode, first, count)
            except BusyError:
                await _break_off(encoder.broken_off(first), state, send)
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            del chunk  # or the next one would be written beside it, and not where it lies in the cache
            exchange.positions += count * self._of_trace
            # A reader who keeps up would keep everybody else from being served.
            if perf_counter() - turn > _TURN:
                await asyncio.sleep(0)
                turn = perf_counter()
        await send({"type": "http.response.body", "body": encoder.end})


async def _break_off(mark: bytes | None, state: Mapping[str, Any], send: Send) -> None:
    if mark is not None:
        await send({"type": "http.response.body", "body": mark})
    elif "break_off" in state:
        state["break_off"]()
        raise ClientDisconnect


@asynccontextmanager
async def _until_disconnect(receive: Receive) -> AsyncIterator[None]:
    """ClientDisconnect ends the block as soon as the reader has left, whatever it waits for."""
    sending = cast("asyncio.Task[None]", asyncio.current_task())

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    def leave(_: object) -> None:
        sending.cancel()

    gone = asyncio.create_task(listen())
    gone.add_done_callback(leave)
    try:
        yield
    except asyncio.CancelledError:
        # Cancelled once by `leave`; more often when the server is stopping too.
        if gone.done() and not gone.cancelled() and sending.uncancel() == 0:
            raise ClientDisconnect from None
        raise
    finally:
        gone.remove_done_callback(leave)
        gone.cancel()
