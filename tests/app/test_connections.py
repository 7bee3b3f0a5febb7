"""What HTTP asks of whoever speaks it, by both of uvicorn's protocols."""

import asyncio
import json
import re
import socket
from collections.abc import Iterator

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
