"""A classroom that steps and plays for a while is answered, everybody, without waiting.

Each student makes 0.8 steps a second by hand; three of ten play, five positions a second. Rows come 64
positions at a time, as the page fetches them ahead, and a step by hand asks for the position explained too.
"""

import asyncio
import random
import time

from tests.chaos.chaos import Chaos
from tests.chaos.clients import SAMPLE, SOBEL, Connection, Health, figures, quantile, warm
from tests.chaos.servers import Server, running

_STEPS_A_SECOND = 0.8
_PLAYED_A_SECOND = 5
_PLAYING = 0.3
_AHEAD = 64
_POSITIONS = 32 * 64  # with strides of 2 and 1
_MOST_SECONDS = 0.25
_HEALTH_SECONDS = 0.2


def prove(chaos: Chaos) -> str:
    with running(chaos.folder) as server:
        warm(server)
        return asyncio.run(_prove(chaos, server))


async def _prove(chaos: Chaos, server: Server) -> str:
    count, lasts = chaos.size(40, 300), chaos.size(2, 600)
    seconds: list[float] = []
    students = [random.Random(chaos.random.random()) for _ in range(count)]
    async with Health(server, every=0.1) as health:
        await asyncio.gather(
            *(
                _study(server, student, number < count * _PLAYING, lasts, seconds)
                for number, student in enumerate(students)
            )
        )
    assert not chaos.long or quantile(seconds, 0.99) < _MOST_SECONDS, figures(seconds)
    assert not chaos.long or quantile(health.seconds, 0.99) < _HEALTH_SECONDS, figures(health.seconds)
    return (
        f"{count} students for {lasts} s: {len(seconds)} requests, 0 errors, {figures(seconds)}; "
        f"/healthz {figures(health.seconds)}"
    )


async def _study(
    server: Server, student: random.Random, plays: bool, lasts: float, seconds: list[float]
) -> None:
    """AssertionError for any answer that is no success."""
    async with Connection(server) as connection:
        await asyncio.sleep(student.random())
        operation = SOBEL | {"strides": [student.randint(1, 2), 1]}
        status, body = await connection.post("/api/v1/traces", {"input": SAMPLE, "operation": operation})
        assert status == 201, body
        url = body.split(b'"url":"')[1].split(b'"')[0].decode()
        position, known = student.randrange(_POSITIONS), 0
        ends = time.monotonic() + lasts
        while time.monotonic() < ends:
            await asyncio.sleep(student.expovariate(_STEPS_A_SECOND) if not plays else 1 / _PLAYED_A_SECOND)
            position = (position + 1) % (_POSITIONS - _AHEAD)
            if position >= known or position < known - _AHEAD:
                query = f"first={position}&count={_AHEAD}&columns=window,products,sum&format=arrow"
                await _timed(connection, f"{url}/positions?{query}", seconds)
                known = position + _AHEAD
            if not plays:
                await _timed(connection, f"{url}/positions/{position}", seconds)


async def _timed(connection: Connection, path: str, seconds: list[float]) -> None:
    began = time.perf_counter()
    status, body = await connection.get(path)
    seconds.append(time.perf_counter() - began)
    assert status == 200, body
