"""Clients that take their time: each is told so, or let go, by both of uvicorn's protocols."""

import asyncio
import http.client
import io
import json
import select
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from app.connections import H11, HttpTools
from tests.app.serving import Served, serve

OUTPUT = {
    "input": {"sample": "harbour", "size": [1500, 1000]},
    "operation": {"type": "conv2d", "filter": "identity"},
}
SMALL = {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
SOON = {"head_seconds": 0.3, "body_seconds": 0.3, "take_seconds": 0.3}
HEAD = b"POST /api/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module", params=[HttpTools, H11], ids=["httptools", "h11"])
def hasty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data"), request.param, head_bytes=16 * 1024, **SOON) as served:
        yield served


@contextmanager
def connected(served: Served, receive_buffer: int = 0) -> Iterator[socket.socket]:
    with closing(socket.socket()) as connection:
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", served.port))
        yield connection


def trickle(connection: socket.socket, piece: bytes) -> bytes:
    """Sends the piece again and again, as slowly as can be, until there is an answer; the whole of that."""
    connection.settimeout(0.05)
    received, deadline = b"", time.monotonic() + 20
    while True:
        try:
            part = connection.recv(65536)
        except TimeoutError:
            assert time.monotonic() < deadline, "there is no answer"
            connection.sendall(piece)
            continue
        except ConnectionResetError:  # it was closed while we sent
            return received
        if not part:
            return received
        received += part
        connection.settimeout(20)


def status_of(connection: socket.socket) -> int:
    """Of the next answer, which is read whole."""
    read = http.client.HTTPResponse(connection)
    read.begin()
    read.read()
    return read.status


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def answer(received: bytes) -> tuple[int, httpx.Headers, bytes]:
    """The only answer in what was received."""

    class Stream:
        def makefile(self, *_: object) -> io.BytesIO:
            return io.BytesIO(received)

    read = http.client.HTTPResponse(Stream())  # type: ignore[arg-type]
    read.begin()
    return read.status, httpx.Headers(read.getheaders()), read.read()


def assert_refused(received: bytes, status: int) -> None:
    found, headers, body = answer(received)
    assert found == status
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["x-content-type-options"] == "nosniff"
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["request_id"] == headers["x-request-id"]


def test_a_head_that_trickles_is_408(hasty: Served) -> None:
    with connected(hasty) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert_refused(trickle(connection, b"a"), 408)


def test_so_is_that_of_a_later_request(hasty: Served) -> None:
    with connected(hasty) as connection:
        connection.sendall(GET)
        assert status_of(connection) == 200
        connection.sendall(b"GET /hea")
        assert_refused(trickle(connection, b"l"), 408)


@pytest.mark.parametrize("kind", [HttpTools, H11])
def test_the_last_piece_of_a_body_is_no_head(tmp_path: Path, kind: type[asyncio.Protocol]) -> None:
    body = json.dumps(SMALL).encode()
    with serve(tmp_path, kind, head_bytes=8192) as served, connected(served) as connection:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (len(body) + 20_000))
        connection.sendall(body)
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(20)
        connection.sendall(b" " * 20_000)  # longer than a head may be
        assert status_of(connection) == 201


def test_who_says_nothing_is_told_nothing(hasty: Served) -> None:
    with connected(hasty) as connection:
        assert connection.recv(100) == b""


@pytest.mark.parametrize(
    ("path", "kind", "begun", "piece"),
    [
        (b"traces", b"application/json", b'{"input"', b" "),
        (
            b"images",
            b"multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"',
            b"x",
        ),
        (b"outputs", b"multipart/form-data; boundary=b", b"--b\r\n", b"x"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_trickles_is_408(
    hasty: Served, path: bytes, kind: bytes, begun: bytes, piece: bytes, chunked: bool
) -> None:
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 100000"
    head = b"POST /api/v1/%b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\n%b\r\n\r\n" % (path, kind, length)

    def sent(text: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(text), text) if chunked else text

    with connected(hasty) as connection:
        connection.sendall(head + sent(begun))
        assert_refused(trickle(connection, sent(piece)), 408)


def test_a_slow_body_has_the_time_that_it_takes(tmp_path: Path) -> None:
    body = json.dumps(SMALL).encode()
    with (
        serve(tmp_path, **SOON | {"body_seconds": 0.1}, body_rate=1) as served,
        connected(served) as connection,
    ):
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:50])
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(20)
        connection.sendall(body[50:])
        assert status_of(connection) == 201


def test_what_follows_a_refusal_is_not_read_for_ever(hasty: Served) -> None:
    with connected(hasty) as connection:
        connection.sendall(HEAD.replace(b"json", b"xml") + b"Content-Length: 100000\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 415
        assert answer.headers["content-type"] == "application/problem+json"
        answer.read()
        connection.settimeout(0.05)
        for _ in range(200):
            try:
                connection.sendall(b"x")
                assert connection.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:  # it was closed while we sent
                pass
            return
        pytest.fail("it is read on")


def test_a_client_that_sends_all_of_what_is_too_large_reads_why(tmp_path: Path) -> None:
    """The connection stays open for the rest: closed at once, its end would arrive before the answer."""
    with serve(tmp_path, json_bytes=1000) as served, connected(served) as connection:
        connection.sendall(HEAD + b"Content-Length: 3000000\r\n\r\n")
        for _ in range(300):
            connection.sendall(b"x" * 10_000)
        assert status_of(connection) == 413
        connection.sendall(GET)
        assert status_of(connection) == 200


def test_a_long_head_is_431(hasty: Served) -> None:
    with connected(hasty) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 16 * 1024)
        assert answer(read_all(connection))[0] in (400, 431)  # 400 is h11's own


def send_without_end(connection: socket.socket) -> None:
    for _ in range(100_000):
        connection.sendall(b"a" * 4000)


@pytest.mark.parametrize("kind", [HttpTools, H11])
@pytest.mark.parametrize("begun", [b"0\r\nX: a", b"1;a="])
def test_what_stands_around_the_body_is_limited(
    tmp_path: Path, kind: type[asyncio.Protocol], begun: bytes
) -> None:
    """A name and a value that have no end, after the last chunk; extensions of a chunk."""
    with serve(tmp_path, kind, head_bytes=16 * 1024) as served, connected(served) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + begun)
        # What is sent too late can make the client's side forget the answer.
        with pytest.raises(ConnectionError):
            send_without_end(connection)


def gone(connection: socket.socket) -> None:
    """Returns when the other side has broken off, without reading what it has sent."""
    poll = select.poll()
    poll.register(connection, select.POLLERR | select.POLLHUP)
    assert poll.poll(20_000)


@pytest.mark.skipif(not hasattr(select, "poll"), reason="no poll")
@pytest.mark.parametrize("what", ["npy", "positions"])
def test_an_answer_that_nobody_takes_is_broken_off(hasty: Served, what: str) -> None:
    if what == "npy":
        body = json.dumps(OUTPUT).encode()
        sent = b"POST /api/v1/outputs?format=npy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        sent += b"Content-Length: %d\r\n\r\n" % len(body) + body
    else:
        sent = f"GET {hasty.trace(**OUTPUT)['url']}/positions HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with connected(hasty, receive_buffer=4096) as connection:
        connection.sendall(sent)
        gone(connection)


def test_more_connections_than_there_may_be_are_503(tmp_path: Path) -> None:
    with serve(tmp_path, connections=2) as served, connected(served) as one, connected(served) as two:
        for connection in (one, two):
            connection.sendall(GET)
            assert status_of(connection) == 200
        with connected(served) as third:
            assert_refused(read_all(third), 503)
        one.sendall(GET)
        assert status_of(one) == 200


def test_garbage_in_the_midst_of_an_answer_is_not_answered_within_it(hasty: Served) -> None:
    url = hasty.trace(**OUTPUT)["url"]
    with connected(hasty, receive_buffer=4096) as connection:
        connection.sendall(f"GET {url}/positions?format=arrow HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received = connection.recv(4096)
        connection.sendall(b"no HTTP\r\n\r\n")
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            pass
        assert b"problem+json" not in received
