"""Around every request: an id, security headers, a limit on the body, an answer when all else fails."""

import logging
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLargeError, problem, request_error_problem
from app.settings import Settings

_log = logging.getLogger("convloupe")
_MULTIPART_BYTES = 64 * 1024  # what a form may add around the one file in it

_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Envelope:
    """Outermost. Plain ASGI: BaseHTTPMiddleware would put a queue between a stream and its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception:
            _log.exception("request %s failed: %s %r", request_id, scope["method"], scope["path"])
            if started:
                raise  # the server breaks the connection off, and the client sees that the answer has no end
            answer = problem(
                request_id, 500, f"Something went wrong here. The log has it under {request_id}."
            )
            await answer(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses bodies over the limit while they arrive.

    FastAPI's max_body_size answers in plain text when a Content-Length gives the size away; ours is
    problem+json each time.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == "/api/v1/images":
            field, limit, most = (
                "file",
                self._settings.upload_bytes,
                self._settings.upload_bytes + _MULTIPART_BYTES,
            )
        else:
            field, limit, most = "body", self._settings.json_bytes, self._settings.json_bytes
        too_large = TooLargeError(field, f"is larger than the limit of {limit} bytes")
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced[:20]) > most:
            await request_error_problem(scope["state"]["request_id"], too_large)(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise too_large
            return message

        await self._app(scope, receive_counted, send)
