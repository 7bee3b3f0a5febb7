"""Connections: deadlines for what a client sends and takes, and refusals in the shape of all others.

uvicorn closes a connection that is idle between two requests, and no other. What it cannot read it refuses in
plain text.
"""

import asyncio
import socket
import struct
import sys
import time
from array import array
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from uvicorn._types import ASGI3Application, ASGISendEvent, HTTPScope
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.errors import problem
from app.hosting import Hosting
from app.middleware import SECURITY_HEADERS, Exchange
from app.settings import Settings

try:
    import httptools
    from uvicorn.protocols.http import httptools_impl
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # where there is no wheel of httptools
    HttpToolsProtocol = None  # type: ignore[assignment, misc]

# A deadline is noticed so much of it late, and a second at most.
_LATE = 0.1
# Of an answer that lies here: so much less of it is progress.
_PROGRESS = 16 * 1024
# Seconds until it is looked again at one who hinders the end of the server.
_AGAIN = 0.2
# On, for no second; in Windows both are shorts.
_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
# Requests that a client may send while one is answered: they come in 26 bytes, and take some kilobytes each.
MOST_AHEAD = 64
# A chunk of one byte has five more around it, and one of an extension may have some.
_FRAMING = 8

if TYPE_CHECKING:
    _Protocol = H11Protocol
else:
    _Protocol = object


class _Watch:
    """Looks at every connection of a server now and then: timers for each would cost more than that."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, connections: "set[_Guarded]", settings: Settings
    ) -> None:
        self._loop = loop
        self._connections = connections
        self._seconds = min(1.0, _LATE * min(settings.head_seconds, settings.take_seconds))
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Look until there is no connection left."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        for connection in list(self._connections):
            connection.look(now)
        self._timer = None
        if self._connections:
            self.begin()


_watches: "WeakKeyDictionary[ServerState, _Watch]" = WeakKeyDictionary()


class _Guarded(_Protocol):
    """What both of uvicorn's protocols are given."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._hosting: Hosting = self.app_state["hosting"]
        # Since when the head of a request is awaited, and how much of it has come; None between requests.
        self._head_since: float | None = self.loop.time()
        self._head_bytes = 0
        self._known: object = None  # the request whose head came last
        self._answered_since: float | None = None
        self._untaken: tuple[int, float] | None = None
        self._paused_since = 0.0
        super().connection_made(transport)
        watch = _watches.get(self.server_state)
        if watch is None:
            watch = _Watch(self.loop, self.connections, self._hosting.settings)  # type: ignore[arg-type]
            _watches[self.server_state] = watch
        watch.begin()
        if len(self.connections) > self._hosting.settings.connections:
            self._refuse(503, "server: too many connections are open; try again in a moment")

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        before = self._request()
        is_next = before is None or not before.more_body
        super().data_received(data)
        most, come = self._hosting.settings.head_bytes, self._head_bytes + len(data)
        if self.cycle is not self._known:
            self.cycle.scope["state"]["break_off"] = partial(self._break_off, self.cycle)
            self._known, self._head_since, self._head_bytes, self._answered_since = self.cycle, None, 0, None
            is_too_long = come > most and _head_length(self.cycle.scope) > most
        elif is_next:
            self._head_since, self._head_bytes = self._head_since or self.loop.time(), come
            is_too_long = come > most
        else:
            return
        if is_too_long:
            self._refuse(431, f"its head is longer than {most} bytes")

    def shutdown(self) -> None:
        """uvicorn is to stop."""
        self._hosting.stopping.begin(self.loop)
        super().shutdown()
        # Who takes nothing hears nothing either: the connection is broken off while there is time for it.
        self.loop.call_later(self._hosting.stopping.last_seconds, self._leave)

    def _leave(self) -> None:
        stopping = self._hosting.stopping
        if self.flow.write_paused:
            if self.loop.time() - self._paused_since >= stopping.last_seconds - stopping.half_seconds:
                self._abort()
            else:  # it does take something, only slowly
                self.loop.call_later(_AGAIN, self._leave)

    def _abort(self) -> None:
        """Close at once, and let the system forget too what it holds for the client."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _break_off(self, cycle: RequestResponseCycle) -> None:
        """Close after what has been written: the client sees that its answer has no end."""
        cycle.disconnected = True
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._untaken = None
        self._paused_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._untaken = None

    def look(self, now: float) -> None:
        """End what is beyond its deadline. `now`: the loop's time."""
        self._look_at_answer(now)
        if not self.transport.is_closing():
            self._look_at_head(now)
            self._look_at_rest(now)

    def _look_at_answer(self, now: float) -> None:
        lying = self.transport.get_write_buffer_size()
        if lying == 0:
            self._untaken = None
        elif self._untaken is None or not self._untaken[0] - _PROGRESS < lying <= self._untaken[0]:
            self._untaken = lying, now
        elif now - self._untaken[1] >= self._hosting.settings.take_seconds:
            self._abort()

    def _look_at_head(self, now: float) -> None:
        seconds = self._hosting.settings.head_seconds
        if self._head_since is None or now - self._head_since < seconds or self._is_answering():
            return
        if self._head_bytes:
            self._refuse(408, f"its head took longer than {seconds:g} s")
        else:
            self.transport.close()  # browsers open connections that they then have no use for

    def _look_at_rest(self, now: float) -> None:
        """Of a request that was answered before it was whole: what still comes is read, but not for ever."""
        request = self._request()
        if request is None or not (request.response_complete and request.more_body):
            return
        self._answered_since = self._answered_since or now
        if now - self._answered_since >= self._hosting.settings.head_seconds:
            self.transport.close()

    def _is_answering(self) -> bool:
        request = self._request()
        return request is not None and not request.response_complete

    def _request(self) -> RequestResponseCycle | None:
        """The last one whose head has come."""
        return self.cycle

    def _unsupported_upgrade_warning(self) -> None:
        """Of no news: some clients offer another protocol each time, and it may be passed over."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's name for it
        self._refuse(400, "the request is no HTTP that can be read")

    def _refuse(self, status: int, detail: str) -> None:
        """The answer to what the application never sees. Nothing else follows on this connection."""
        if self.transport.is_closing():
            return
        if self._is_answering():
            begun = self.cycle.response_started or getattr(self, "pipeline", None)
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if begun:  # an answer in the midst of another would be taken for a part of it
                self.transport.close()
                return
        exchange = Exchange("", "", (self.client or ("",))[0], time.perf_counter())
        answer = problem(exchange.request_id, status, detail, headers={"Connection": "close"})
        headers = [
            *self.server_state.default_headers,
            *answer.raw_headers,
            *SECURITY_HEADERS,
            (b"x-request-id", exchange.request_id.encode()),
        ]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        phrase = HTTPStatus(status).phrase.encode()
        self.transport.write(b"HTTP/1.1 %d %b\r\n%b\r\n%b" % (status, phrase, lines, bytes(answer.body)))
        self.transport.close()
        exchange.status, exchange.sent_bytes, exchange.complete = status, len(answer.body), True
        self._hosting.note(exchange)


def _head_length(scope: HTTPScope) -> int:
    """Bytes of a head that has come, whatever came with it."""
    fields = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return len(scope["raw_path"] or b"") + len(scope["query_string"]) + fields


class H11(_Guarded, H11Protocol):
    """In Python alone."""


if HttpToolsProtocol is not None:

    class _Parser(httptools.HttpRequestParser):
        """Reads on where a client offers another protocol, as curl and Java do with HTTP/2.

        Where it stands alone it takes what follows, the body too, for that protocol.
        """

        def __init__(self, protocol: "HttpTools") -> None:
            super().__init__(protocol)
            self.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's own
            self._protocol = protocol

        def feed_data(self, data: "bytes | bytearray | memoryview[int] | array[int]") -> None:
            rest = memoryview(data)
            while True:
                try:
                    super().feed_data(rest)
                    return
                except httptools.HttpParserUpgrade as stopped:
                    rest = rest[stopped.args[0] :]
                super().feed_data(self._protocol.head_without_offer())

    class _Unchunked(httptools_impl.RequestResponseCycle):
        """A request of HTTP/1.0, which knows no chunks: what has no length ends with the connection."""

        _is_sized = True

        async def send(self, message: ASGISendEvent) -> None:
            if message["type"] == "http.response.start":
                self._is_sized = any(name == b"content-length" for name, _ in message.get("headers", ()))
                self.chunked_encoding = None if self._is_sized else False
            elif message["type"] == "http.response.body" and not self._is_sized:
                # Each piece is then all that uvicorn expects.
                self.expected_content_length = len(message.get("body", b""))
            await super().send(message)

    class HttpTools(_Guarded, HttpToolsProtocol):  # type: ignore[misc]
        """The parser of Node.js, which has no limits of its own."""

        _begun: httptools_impl.RequestResponseCycle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            self.parser = _Parser(self)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            # uvicorn tells the one that came last, which waits for this one.
            if self._begun is not None and not self._begun.response_complete:
                self._begun.disconnected = True
                self._begun.message_event.set()

        def _start_asgi_task(self, cycle: httptools_impl.RequestResponseCycle, app: ASGI3Application) -> None:
            self._begun = cycle
            super()._start_asgi_task(cycle, app)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._in_head = True
            self._framing_left = self._hosting.settings.head_bytes

        def on_header(self, name: bytes, value: bytes) -> None:
            if self._in_head:  # what follows a body nobody reads
                super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._in_head = False
            if self._is_offer():
                return
            if len(self.pipeline) >= MOST_AHEAD:
                raise ValueError("too many requests are sent ahead")
            hosts = sum(name == b"host" for name, _ in self.headers)
            if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):
                raise ValueError("Host has to be there, and once")  # which the parser refuses
            super().on_headers_complete()
            if self.scope["http_version"] != "1.1":
                # uvicorn has no other place for it.
                self.cycle.__class__ = _Unchunked  # type: ignore[assignment]

        def on_message_complete(self) -> None:
            if not self._is_offer():
                super().on_message_complete()

        def _is_offer(self) -> bool:
            return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

        def head_without_offer(self) -> bytes:
            """The head that has just been read, of a request that has not begun for that reason."""
            request = b"%b %b HTTP/%b" % (
                self.parser.get_method(),
                self.url,
                self.parser.get_http_version().encode(),
            )
            fields = (b"%b: %b" % field for field in self.headers if field[0] != b"upgrade")
            return b"\r\n".join((request, *fields, b"", b""))

        def on_body(self, body: bytes) -> None:
            self._framing_left += (1 + _FRAMING) * len(body)
            super().on_body(body)

        def data_received(self, data: bytes) -> None:
            known = self._known
            super().data_received(data)
            if known is not None and known is self.cycle and self.cycle.more_body:
                self._framing_left -= len(data)
                if self._framing_left < 0:
                    self._refuse(400, "the chunks of the body have more around them than in them")


def protocol() -> type[asyncio.Protocol]:
    """The faster of those that are here."""
    return H11 if HttpToolsProtocol is None else HttpTools
