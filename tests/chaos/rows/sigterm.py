"""SIGTERM ends a server under open streams in time, and each of them says where to go on, or has no end.

JSON Lines end with a mark, Arrow after a whole batch; who takes nothing is broken off. A server on the same
store goes on with the very next row.
"""

import asyncio
import json
import signal
import time

import pyarrow as pa

from tests.chaos.chaos import Chaos
from tests.chaos.clients import Connection, asked, large_trace
from tests.chaos.servers import Server, running

_STALLED = 6  # for so many that are read there is one that is not
_MOST_SECONDS = 9


def prove(chaos: Chaos) -> str:
    limits = {} if chaos.long else {"shutdown_seconds": 4}
    with running(chaos.folder, **limits) as server:
        url, seconds, ended = asyncio.run(_end(chaos, server))
        assert seconds <= _MOST_SECONDS, seconds
        assert '"level": "error"' not in server.log.read_text(), server.log.read_text()
    with running(chaos.folder) as server:
        for kind, position in (ended[0], ended[1]):
            answer = server.client.get(f"{url}/positions?first={position}&count=1&columns=sum&format={kind}")
            assert answer.status_code == 200
    marked = sum(kind == "jsonl" for kind, _ in ended)
    return (
        f"{len(ended)} streams and {len(ended) // _STALLED} that nobody reads: ended after {seconds:.1f} s, "
        f"{marked} marked, {len(ended) - marked} after a whole batch"
    )


async def _end(chaos: Chaos, server: Server) -> tuple[str, float, list[tuple[str, int]]]:
    """The trace, how long the server took, and of each stream that was read its kind and where it goes on."""
    url = await asyncio.to_thread(large_trace, server)
    kinds = [("jsonl", "arrow")[number % 2] for number in range(chaos.size(12, 60))]
    begun = asyncio.Semaphore(0)
    readers = [asyncio.create_task(_read(server, url, kind, begun)) for kind in kinds]
    stalled = [Connection(server, limit=1024) for _ in range(len(kinds) // _STALLED)]
    for connection in stalled:
        await connection.__aenter__()
        connection.writer.write(asked("GET", f"{url}/positions"))
        await connection.head()
    for _ in kinds:
        await begun.acquire()
    await asyncio.sleep(chaos.random.random())
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(server.process.wait, 30)
    seconds = time.monotonic() - began
    ended = await asyncio.gather(*readers)
    for connection in stalled:
        await connection.__aexit__(None, None, None)
    return url, seconds, list(zip(kinds, ended, strict=True))


async def _read(server: Server, url: str, kind: str, begun: asyncio.Semaphore) -> int:
    """The position after the last row that came, as the stream says it."""
    async with Connection(server) as connection:
        connection.writer.write(asked("GET", f"{url}/positions?format={kind}"))
        _, headers = await connection.head()
        begun.release()
        if kind == "jsonl":
            return await _read_lines(connection)
        body = b""
        while part := await connection.reader.read(2**16):
            body += part
            await asyncio.sleep(0.02)  # else all of it would have come
        assert len(body) < int(headers["content-length"])
        return sum(batch.num_rows for batch in pa.ipc.open_stream(body))  # raises if a batch is cut


async def _read_lines(connection: Connection) -> int:
    rows, line = 0, b""
    while size := int(await connection.reader.readline(), 16):
        chunk = line + (await connection.reader.readexactly(size + 2))[:-2]
        *lines, line = chunk.split(b"\n")
        rows += len(lines)
        last = lines[-1]
    mark = json.loads(last)
    assert mark["end"] is False, mark
    assert mark["status"] == 503
    assert mark["next"] == rows - 1, (mark, rows)
    return int(mark["next"])
