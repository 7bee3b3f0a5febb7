"""Streams that are read slowly, or not at all, cost little memory; those that nobody reads are broken off."""

import asyncio

from tests.chaos.chaos import Chaos
from tests.chaos.clients import Connection, Health, asked, figures, large_trace, streams_left, warm
from tests.chaos.servers import MIB, Server, running

_READERS = 50
_MOST_BYTES = 100 * MIB


def prove(chaos: Chaos) -> str:
    take_seconds = chaos.size(2, 30)
    with running(chaos.folder, take_seconds=take_seconds) as server:
        return asyncio.run(_prove(server, take_seconds))


async def _prove(server: Server, take_seconds: int) -> str:
    await asyncio.to_thread(warm, server)  # or what the compiler takes would count
    url = await asyncio.to_thread(large_trace, server)
    async with Connection(server) as first:
        await first.get(f"{url}/positions?count=1&format=arrow")
    before, peak = server.resident_bytes(), 0
    async with Health(server) as health:
        readers = [asyncio.create_task(_read(server, url, number)) for number in range(_READERS)]
        # Half of them have not been broken off yet.
        for _ in range(5 * take_seconds):
            await asyncio.sleep(0.1)
            peak = max(peak, server.resident_bytes() - before)
        await streams_left(server, _READERS // 2, 3 * take_seconds)
        assert not any(reader.done() for reader in readers[1::2]), "a slow reader was broken off"
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await streams_left(server, 0, 20)
    assert peak <= _MOST_BYTES, f"{peak / MIB:.0f} MB"
    return f"{_READERS} readers: + {peak / MIB:.0f} MB at most; /healthz {figures(health.seconds)}"


async def _read(server: Server, url: str, number: int) -> None:
    """Every other one takes a kilobyte now and then; the rest take nothing."""
    async with Connection(server, limit=1024) as connection:
        kind = ("arrow", "arrow", "jsonl", "jsonl")[number % 4]
        connection.writer.write(asked("GET", f"{url}/positions?format={kind}"))
        while not connection.reader.at_eof():
            await asyncio.sleep(0.02)
            if number % 2:
                await connection.reader.read(1024)
