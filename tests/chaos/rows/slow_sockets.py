"""Clients that trickle the heads and bodies of their requests are told 408 in time, and nobody else notices.

Each sends a byte now and then. Meanwhile another client asks for /healthz.
"""

import asyncio
import time
from collections import Counter

from tests.chaos.chaos import Chaos
from tests.chaos.clients import Connection, Health, asked, figures, quantile, warm
from tests.chaos.servers import Server, running

_MOST_SECONDS = 15
_HEALTH_SECONDS = 0.2
_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
_BODY = asked("POST", "/api/v1/traces", content_type="application/json", content_length="9999")
_FORM = asked(
    "POST", "/api/v1/images", content_type="multipart/form-data; boundary=b", content_length="999999"
)
_FORM += b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
_KINDS = (_HEAD, _BODY, _FORM)


def prove(chaos: Chaos) -> str:
    limits = {} if chaos.long else {"head_seconds": 1, "body_seconds": 1}
    with running(chaos.folder, **limits) as server:
        warm(server)
        return asyncio.run(_prove(chaos, server))


async def _prove(chaos: Chaos, server: Server) -> str:
    count = chaos.size(60, 600)
    waits = [chaos.random.uniform(0.2, 1.5) for _ in range(count)]
    before = server.descriptors()
    async with Health(server) as health:
        ended = await asyncio.gather(
            *(_trickle(server, _KINDS[number % 3], wait) for number, wait in enumerate(waits))
        )
        await asyncio.sleep(0.5)
        descriptors = server.descriptors()
    assert {status for status, _ in ended} == {408}, Counter(status for status, _ in ended)
    longest = max(seconds for _, seconds in ended)
    assert longest <= _MOST_SECONDS, longest
    assert descriptors <= before + 4, (before, descriptors)
    assert not chaos.long or quantile(health.seconds, 0.99) < _HEALTH_SECONDS, figures(health.seconds)
    return f"{count} sockets: all 408, the last after {longest:.1f} s; /healthz {figures(health.seconds)}"


async def _trickle(server: Server, begun: bytes, wait: float) -> tuple[int, float]:
    async with Connection(server) as connection:
        began = time.monotonic()
        connection.writer.write(begun)
        answer = asyncio.create_task(connection.head())
        while not (await asyncio.wait([answer], timeout=wait))[0]:
            connection.writer.write(b"a")
        return (await answer)[0], time.monotonic() - began
