"""A trace as a response that is produced while it is read."""

from collections.abc import AsyncGenerator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.services.compute import Compute
from app.wire import Encoder


class TraceResponse(StreamingResponse):
    """One chunk is computed when the one before has been taken; a reader that leaves ends the work."""

    def __init__(self, encoder: Encoder, compute: Compute, media_type: str) -> None:
        self._compute = compute
        # The proxy nginx would otherwise collect the stream before it passes it on.
        headers = {"X-Accel-Buffering": "no"}
        if encoder.length is not None:
            headers["Content-Length"] = str(encoder.length)
        super().__init__(_encoded(encoder, compute), headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._compute.stream():
            await super().__call__(scope, receive, send)


async def _encoded(encoder: Encoder, compute: Compute) -> AsyncGenerator[bytes, None]:
    if encoder.header:
        yield encoder.header
    for first, count in encoder.chunks:
        yield await compute.run_admitted(encoder.encode, first, count)
    yield encoder.end
