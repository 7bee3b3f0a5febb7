"""What HTTP asks of whoever speaks it, by both of uvicorn's protocols."""

import asyncio
import gc
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.connections import H11, HttpTools
from tests.app.serving import Served, serve

BODY = json.dumps(
    {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
).encode()
POST = b"POST /api/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SIZED = b"Content-Length: %d\r\n\r\n" % len(BODY)
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
LAST = GET + b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module", params=[HttpTools, H11], ids=["httptools", "h11"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    kind: type[asyncio.Protocol] = request.param
    with serve(tmp_path_factory.mktemp("data"), kind) as served:
        yield served


def answers(served: Served, *pieces: bytes) -> tuple[list[int], bytes]:
    """The statuses of all that is answered on one connection, until that is closed; and the bytes."""
    received = b""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            served.client.get("/healthz")  # meanwhile the piece arrives by itself
        while part := connection.recv(65536):
            received += part
    return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+) ", received)], received


def answer(served: Served, request: bytes, version: bytes) -> tuple[bytes, bytes]:
    """Head, in small letters, and body as it comes."""
    statuses, received = answers(
        served, request + b" HTTP/%b\r\nHost: x\r\nConnection: close\r\n\r\n" % version
    )
    head, _, body = received.partition(b"\r\n\r\n")
    assert statuses in ([200], [204])
    return head.lower() + b"\r\n", body


class TestOffers:
    """Of another protocol, which curl makes with --http2, Java by itself, and nobody here takes up."""

    OFFERS = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
    )

    @pytest.mark.parametrize("offer", OFFERS, ids=["h2c", "websocket"])
    @pytest.mark.parametrize(
        "body",
        [
            [SIZED + BODY],
            [SIZED, BODY],
            [SIZED + BODY[:9], BODY[9:]],
            [b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)],
        ],
    )
    def test_the_body_is_read_and_so_is_what_follows(
        self, either: Served, offer: bytes, body: list[bytes]
    ) -> None:
        first, *rest = body
        assert answers(either, POST + offer + first, *rest, LAST)[0] == [201, 200]
        assert answers(either, POST + offer + b"".join(body) + LAST)[0] == [201, 200]

    def test_one_in_pieces_and_one_after_the_other(self, either: Served) -> None:
        get = GET + self.OFFERS[0] + b"\r\n"
        assert answers(either, get[:30], get[30:90], get[90:] + get + get + LAST)[0] == [200] * 4

    def test_it_is_no_news(self, either: Served, caplog: pytest.LogCaptureFixture) -> None:
        answers(either, GET + self.OFFERS[1] + b"\r\n" + LAST)
        assert caplog.text == ""


class TestOldClients:
    """Of HTTP/1.0, as some proxies are: they know no chunks, and an answer ends with the connection."""

    @pytest.mark.parametrize("version", [b"1.0", b"1.1"])
    def test_rows_come_in_no_chunks_to_them(self, either: Served, version: bytes) -> None:
        operation = {"type": "conv2d", "filter": "identity"}
        trace = either.trace(input={"values": [[1, 2, 3] * 60] * 90}, operation=operation)
        for count in (2, trace["positions"]):
            url = f"{trace['url']}/positions?count={count}"
            head, body = answer(either, f"GET {url}".encode(), version)
            if version == b"1.0":
                assert b"transfer-encoding" not in head
                assert body == either.client.get(url).content
            else:
                assert b"transfer-encoding: chunked" in head

    def test_what_has_a_length_says_so(self, either: Served) -> None:
        head, body = answer(either, b"GET /healthz", b"1.0")
        assert b"\r\ncontent-length: %d\r\n" % len(body) in head
        assert b"\r\nconnection: close\r\n" in head

    @pytest.mark.parametrize("method", [b"HEAD", b"OPTIONS"])
    def test_what_has_no_body(self, either: Served, method: bytes) -> None:
        url = either.trace(**json.loads(BODY))["url"]
        assert answer(either, b"%b %b/positions" % (method, url.encode()), b"1.0")[1] == b""


class TestSentAhead:
    """Requests that come before the one before them is answered."""

    def test_they_are_answered_in_their_order(self, either: Served) -> None:
        catalog = GET.replace(b"healthz", b"api/v1/none") + b"\r\n"
        assert answers(either, (GET + b"\r\n" + catalog) * 20 + LAST)[0] == [200, 404] * 20 + [200]

    def test_there_are_only_so_many(self, either: Served) -> None:
        def known() -> int:
            return sum(type(one).__name__ == "RequestResponseCycle" for one in gc.get_objects())

        with stalled(either) as connection:
            gc.collect()
            before = known()
            with suppress(ConnectionError):
                connection.sendall((GET + b"\r\n") * 9000)
            either.client.get("/healthz")
            assert known() - before < 100

    def test_a_client_that_leaves_takes_the_answer_before_them_along(
        self, either: Served, caplog: pytest.LogCaptureFixture
    ) -> None:
        for ahead in (1, 200):
            with stalled(either) as connection, suppress(ConnectionError):
                connection.sendall((GET + b"\r\n") * ahead)
                either.client.get("/healthz")
            for _ in range(2000):
                if not either.services.compute.streams:
                    break
                either.client.get("/healthz")
            assert either.services.compute.streams == 0
        assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@contextmanager
def stalled(served: Served) -> Iterator[socket.socket]:
    """A client of a stream that takes no more than its beginning."""
    source, operation = {"sample": "harbour", "size": [1500, 1000]}, {"type": "conv2d", "filter": "identity"}
    url = served.trace(input=source, operation=operation)["url"]
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(f"GET {url}/positions?format=arrow HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
        yield connection


@pytest.mark.parametrize("kind", [HttpTools, H11])
def test_a_head_that_comes_in_one_piece_is_not_longer_either(
    tmp_path: Path, kind: type[asyncio.Protocol]
) -> None:
    with serve(tmp_path, kind, head_bytes=8192) as served:
        for long in (b"X: %b\r\n" % (b"a" * 8192), b"X: %b\r\n" % (b"a" * 100) * 90):
            statuses, received = answers(served, GET + long + b"\r\n")
            assert statuses == [431]
            assert b"\r\ncontent-type: application/problem+json\r\n" in received
        url = b"GET /healthz?%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 8192)
        assert answers(served, url)[0] == [431]
        body = BODY + b" " * 8192
        sized = b"Content-Length: %d\r\n\r\n" % len(body)
        short = b"X: %b\r\n" % (b"a" * 7900)
        assert answers(served, POST + short + sized + body + LAST)[0] == [201, 200]


@pytest.mark.parametrize("head", [b"", b"Host: x\r\nHost: y\r\n", b"Host: x\r\nX: y\r\nHost: x\r\n"])
def test_a_request_has_one_host(either: Served, head: bytes) -> None:
    """Who it is for is compared with who asks: there has to be one answer to that."""
    statuses, received = answers(either, b"GET /healthz HTTP/1.1\r\n" + head + b"\r\n")
    assert statuses == [400]
    assert b"\r\ncontent-type: application/problem+json\r\n" in received
    if head:
        assert answers(either, b"GET /healthz HTTP/1.0\r\n" + head + b"\r\n")[0] == [400]
    assert answers(either, b"GET /healthz HTTP/1.0\r\n\r\n")[0] == [200]
