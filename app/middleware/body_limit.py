"""Limits on what a client can send, and on how long it may take."""

import asyncio
from time import perf_counter

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLargeError, TooSlowError, request_error_problem
from app.held import Held
from app.settings import Settings

_SMALL_BYTES = 64 * 1024  # what of a body counts as nothing: there are only so many connections
AROUND_BYTES = 64 * 1024
"""What a form may add around the one file in it."""
MOST_PARTS = 16
"""Of a form: twice what one can have, enough to say which one is unknown or sent twice."""
SPOOLED_BYTES = 64 * 1024
"""What of each file in a form is in memory; more is on the disk."""
# Routes that take a form, and the part of it that holds the file.
_FILE_PARTS = {"/api/v1/images": "file", "/api/v1/outputs": "image"}


class BodyLimit:
    """Refuses bodies over the limit while they arrive, and bodies that take too long to.

    FastAPI's max_body_size answers in plain text when a Content-Length gives the size away; ours is
    problem+json each time. Only the time counts that we wait: a client is not slow while we are.

    What has come is held in memory until it is answered.
    """

    def __init__(self, app: ASGIApp, settings: Settings, held: Held) -> None:
        self._app = app
        self._settings = settings
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        field, limit, most, most_held = self._limit(scope["path"], headers.get("content-type", ""))
        too_large = TooLargeError(field, f"is larger than the limit of {limit} bytes")
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced[:20]) > most:
            await request_error_problem(scope["state"]["request_id"], too_large)(scope, receive, send)
            return
        settings = self._settings
        received, waited, whole, held = 0, 0.0, False, 0

        async def receive_counted() -> Message:
            nonlocal received, waited, whole, held
            if whole:  # what is awaited now is that the client leaves
                return await receive()
            began = perf_counter()
            try:
                async with asyncio.timeout(settings.body_seconds + received / settings.body_rate - waited):
                    message = await receive()
            except TimeoutError:
                reason = f"takes too long to arrive: {received} bytes have come"
                raise TooSlowError(field, reason) from None
            waited += perf_counter() - began
            received += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if received > most:
                raise too_large
            now_held = max(0, min(received, most_held) - _SMALL_BYTES)
            self._held.take(now_held - held, held)
            scope["state"]["held_bytes"] = held = now_held
            return message

        try:
            await self._app(scope, receive_counted, send)
        finally:
            self._held.give_back(held)

    def _limit(self, path: str, content_type: str) -> tuple[str, int, int, int]:
        """The field to name, the limit to say, how long the whole body may be, and how much of it is held."""
        settings = self._settings
        part = _FILE_PARTS.get(path)
        if part is None or not content_type.lower().startswith("multipart/form-data"):
            return "body", settings.json_bytes, settings.json_bytes, settings.json_bytes
        around = settings.json_bytes if part == "image" else 0  # an operation is beside the image
        most = settings.upload_bytes + around + AROUND_BYTES
        return part, settings.upload_bytes, most, around + MOST_PARTS * SPOOLED_BYTES
