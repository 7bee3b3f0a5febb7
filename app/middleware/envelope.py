"""Around every request: an id, security headers, a note of what came of it, an answer when all else fails."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import STOPPING, problem, request_error_problem

_log = logging.getLogger("convloupe")

EMBED = "/embed"
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors {frame_ancestors}; form-action 'self'"
)
SECURITY_HEADERS = [
    (b"content-security-policy", _POLICY.format(frame_ancestors="'none'").encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), display-capture=()"),
]
_API_HEADERS = [*SECURITY_HEADERS, (b"cache-control", b"private, no-store")]


def _request_id() -> str:
    """128 bits that name a line of the log. They guard nothing, so the system is not asked for them."""
    return f"{random.getrandbits(128):032x}"


@dataclass(slots=True)
class Exchange:
    """A request and what has come of it so far; `scope["state"]["exchange"]` while it lasts.

    `positions` counts those that a trace stream has sent. `complete` is false until the last byte is sent.
    """

    method: str
    path: str
    client: str
    started: float
    request_id: str = field(default_factory=_request_id)
    route: str = "unknown"
    status: int = 0
    seconds: float = 0.0
    sent_bytes: int = 0
    positions: int = 0
    complete: bool = False


class Envelope:
    """Outermost. Plain ASGI: BaseHTTPMiddleware would put a queue between a stream and its reader."""

    def __init__(
        self, app: ASGIApp, note: Callable[[Exchange], None], embedders: Collection[str] = ()
    ) -> None:
        """`embedders`: the origins whose pages may show EMBED in a frame."""
        self._app = app
        policy = _POLICY.format(frame_ancestors=" ".join(embedders) or "'none'").encode()
        # The camera is for uploads.
        self._embed_headers = [
            (b"content-security-policy", policy),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), display-capture=()"),
        ]
        named = {name for name, _ in self._embed_headers}
        self._embed_headers += [header for header in SECURITY_HEADERS if header[0] not in named]
        self._note = note  # told of each request that has ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        exchange = Exchange(
            method=scope["method"],
            path=path,
            client=(scope.get("client") or ("",))[0],
            started=time.perf_counter(),
        )
        scope.setdefault("state", {}).update(request_id=exchange.request_id, exchange=exchange)
        if path == EMBED:
            ours = self._embed_headers
        else:
            ours = _API_HEADERS if path.startswith("/api/") else SECURITY_HEADERS

        async def send_enveloped(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                theirs = message.get("headers", ())
                named = {name for name, _ in theirs}
                message["headers"] = [
                    *theirs,
                    *(header for header in ours if header[0] not in named),
                    (b"x-request-id", exchange.request_id.encode()),
                ]
            elif message["type"] == "http.response.body":
                exchange.sent_bytes += len(message.get("body", b""))
                exchange.complete = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, send_enveloped)
        except ClientDisconnect:
            return
        finally:
            exchange.seconds = time.perf_counter() - exchange.started
            exchange.route = _template(scope)
            self._note(exchange)


class Failures:
    """Inside of everything that adds headers: an exception that nobody expected is a 500 with an id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            raise
        except asyncio.CancelledError:
            # The server has to stop, and has waited as long as it may.
            if scope["type"] != "http" or scope["state"]["exchange"].status:
                raise
            await request_error_problem(scope["state"]["request_id"], STOPPING)(scope, receive, send)
        except Exception:
            if scope["type"] != "http":
                raise
            exchange: Exchange = scope["state"]["exchange"]
            request_id, method, path = exchange.request_id, exchange.method, exchange.path
            _log.exception(
                "request %s failed: %s %r",
                request_id,
                method,
                path,
                extra={"fields": {"request_id": request_id, "method": method, "path": path}},
            )
            if exchange.status:
                raise  # the server breaks the connection off, and the client sees that the answer has no end
            answer = problem(
                request_id, 500, f"Something went wrong here. The log has it under {request_id}."
            )
            await answer(scope, receive, send)


def _template(scope: Scope) -> str:
    """The route that a request went to, with names for what varies: there are only so many of them."""
    if (route := scope.get("route")) is not None:
        return str(route.path)
    if "endpoint" not in scope:
        return "unknown"
    return f"{root}/{{file}}" if (root := scope.get("root_path")) else str(scope["path"])
