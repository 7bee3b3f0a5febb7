"""Streams and uploads left in the middle leave nothing behind: no task, thread, file, stream or memory.

Threads that wait for the next upload, and files that wait to be collected, come and go: those of a few are no
more after a thousand than after ten.
"""

import asyncio
from typing import NamedTuple

from tests.chaos.chaos import Chaos
from tests.chaos.clients import SOBEL, Connection, asked, large_trace, posted, reading, streams_left
from tests.chaos.servers import MIB, Server, running

_AT_ONCE = 20
_MOST_LEFT = 10
_MOST_SECONDS = 20
_PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(2 * MIB)
_MOST_BYTES = 30 * MIB


def prove(chaos: Chaos) -> str:
    with running(chaos.folder) as server:
        return asyncio.run(_prove(chaos, server))


async def _prove(chaos: Chaos, server: Server) -> str:
    url = await asyncio.to_thread(large_trace, server)
    await _abort_all(chaos, server, url, chaos.size(40, 200))  # what is kept for good is there afterwards
    before = await _level(server)
    count = chaos.size(60, 1000)
    await _abort_all(chaos, server, url, count)
    # The server notices within a moment that a client has left in the middle of a file.
    for _ in range(10 * _MOST_SECONDS):
        after = await _level(server)
        if after.descriptors <= before.descriptors + _MOST_LEFT and after.tasks <= before.tasks + _MOST_LEFT:
            break
        await asyncio.sleep(0.1)
    tasks, threads, descriptors, resident = (new - old for new, old in zip(after, before, strict=True))
    assert tasks <= _MOST_LEFT, (before, after)
    assert threads <= _MOST_LEFT, (before, after)
    assert descriptors <= _MOST_LEFT, (before, after)
    assert resident <= _MOST_BYTES, (before, after)
    return (
        f"{count} aborts: tasks {tasks:+d}, threads {threads:+d}, files {descriptors:+d}, "
        f"memory {resident / MIB:+.1f} MB"
    )


class _Level(NamedTuple):
    tasks: int
    threads: int
    descriptors: int
    resident_bytes: int


async def _level(server: Server) -> _Level:
    await streams_left(server, 0, _MOST_SECONDS)
    tasks = await asyncio.to_thread(reading, server, "convloupe_tasks")
    return _Level(int(tasks), server.threads(), server.descriptors(), server.resident_bytes())


async def _abort_all(chaos: Chaos, server: Server, url: str, count: int) -> None:
    requests = [
        asked("GET", f"{url}/positions?format=arrow"),
        asked("GET", f"{url}/positions?format=jsonl"),
        posted("/api/v1/outputs?format=arrow", {"input": {"sample": "harbour"}, "operation": SOBEL}),
        asked(
            "POST", "/api/v1/images", content_type="multipart/form-data; boundary=b", content_length="9000000"
        )
        + _PART,
    ]
    free = asyncio.Semaphore(_AT_ONCE)

    async def abort(request: bytes, least: int) -> None:
        async with free, Connection(server) as connection:
            connection.writer.write(request)
            if request.endswith(_PART):
                await connection.writer.drain()
            else:
                await connection.reader.readexactly(least)

    chosen = [(chaos.random.choice(requests), chaos.random.choice((1, 500, 40_000))) for _ in range(count)]
    await asyncio.gather(*(abort(request, least) for request, least in chosen))
