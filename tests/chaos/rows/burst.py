"""A whole classroom that clicks at the same moment is answered, everybody, at once.

All have the same lesson open and change one thing in it, as a dozen others do; then each asks for rows that
nobody else asks for, and for one position of them explained.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Coroutine
from typing import Any

from tests.chaos.chaos import Chaos
from tests.chaos.clients import SAMPLE, SOBEL, Connection, figures, quantile, warm
from tests.chaos.servers import Server, running

_CLIENTS = 300
_CHANGES = 25
_MOST_SECONDS = 0.5


def prove(chaos: Chaos) -> str:
    with running(chaos.folder) as server:
        warm(server)
        return asyncio.run(_prove(chaos, server))


async def _prove(chaos: Chaos, server: Server) -> str:
    seconds: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Connection(server)) for _ in range(_CLIENTS)]
        for _ in range(chaos.size(1, 10)):
            lesson = [_operation(chaos) for _ in range(_CHANGES)]
            asked = [chaos.random.choice(lesson) for _ in clients]
            created = await _at_once(
                seconds,
                [
                    client.post("/api/v1/traces", {"input": SAMPLE, "operation": operation})
                    for client, operation in zip(clients, asked, strict=True)
                ],
            )
            urls = [json.loads(body)["url"] for body in created]
            for query in ("?count=64&format=arrow&first={}", "/{}"):
                paths = [f"{url}/positions{query.format(chaos.random.randrange(900))}" for url in urls]
                await _at_once(
                    seconds, [client.get(path) for client, path in zip(clients, paths, strict=True)]
                )
    assert not chaos.long or quantile(seconds, 0.99) < _MOST_SECONDS, figures(seconds)
    return f"{len(seconds)} clicks, {_CLIENTS} at once: 0 errors, {figures(seconds)}"


async def _at_once(seconds: list[float], asked: list[Coroutine[Any, Any, tuple[int, bytes]]]) -> list[bytes]:
    """The bodies. AssertionError for any answer that is no success."""

    async def timed(one: Coroutine[Any, Any, tuple[int, bytes]]) -> bytes:
        began = time.perf_counter()
        status, body = await one
        seconds.append(time.perf_counter() - began)
        assert 200 <= status < 300, body
        return body

    return await asyncio.gather(*map(timed, asked))


def _operation(chaos: Chaos) -> dict[str, Any]:
    sides = [[chaos.random.randint(0, 9) for _ in range(2)] for _ in range(2)]
    return SOBEL | {"padding": sides, "strides": [chaos.random.randint(1, 2), 1]}
