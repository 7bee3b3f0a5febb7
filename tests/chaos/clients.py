"""Many clients in one thread, over sockets that are read as slowly or as badly as a row asks for."""

import asyncio
import json
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from tests.chaos.servers import Server

SECONDS = 60  # after which nobody answers any more
_IDLE = 4  # seconds; the server closes a connection after five
SAMPLE = {"sample": "harbour", "size": [64, 64]}
SOBEL = {"type": "conv2d", "filter": "sobel_x"}


def asked(method: str, path: str, **headers: str) -> bytes:
    """The head of a request; headers by their names with underscores."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode()


def posted(path: str, body: Any) -> bytes:
    """A request with a body of JSON."""
    content = json.dumps(body).encode()
    headers = {"content_type": "application/json", "content_length": str(len(content))}
    return asked("POST", path, **headers) + content


class Connection:
    """One connection that is kept open: `ask` and take the answer, or `send` and see."""

    def __init__(self, server: Server, limit: int = 2**16) -> None:
        self._port = server.port
        self._limit = limit

    async def __aenter__(self) -> "Connection":
        await self._open()
        return self

    async def _open(self) -> None:
        self._fresh_until = time.monotonic() + _IDLE
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port, limit=self._limit)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.transport.abort()

    async def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        return await self._ask(asked("GET", path))

    async def post(self, path: str, body: Any) -> tuple[int, bytes]:
        """Status and body."""
        return await self._ask(posted(path, body))

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        answer = await self._answer(request)
        self._fresh_until = time.monotonic() + _IDLE
        return answer

    async def _answer(self, request: bytes) -> tuple[int, bytes]:
        async with asyncio.timeout(SECONDS):
            if time.monotonic() > self._fresh_until:  # else the server may be closing it just now
                self.writer.close()
                await self._open()
            self.writer.write(request)
            status, headers = await self.head()
            if "content-length" in headers:
                return status, await self.reader.readexactly(int(headers["content-length"]))
            body = b""
            while size := int(await self.reader.readline(), 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readline()
            return status, body

    async def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of an answer."""
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.partition(":") for line in lines[1:] if line)
        return int(lines[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


class Health:
    """Asks again and again, while it is entered, how the server is. `seconds`: how long each answer took."""

    def __init__(self, server: Server, every: float = 0.02) -> None:
        self.seconds: list[float] = []
        self._server = server
        self._every = every

    async def __aenter__(self) -> "Health":
        self._task = asyncio.create_task(self._ask())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        if not self._task.cancelled() and self._task.done():
            self._task.result()

    async def _ask(self) -> None:
        async with Connection(self._server) as connection:
            while True:
                began = time.perf_counter()
                status, _ = await connection.get("/healthz")
                assert status == 200
                self.seconds.append(time.perf_counter() - began)
                await asyncio.sleep(self._every)


def warm(server: Server) -> None:
    """Returns once the compiled loops serve: a classroom comes later than a server's first seconds."""
    while server.client.get("/healthz").json()["engine"] != "compiled":
        time.sleep(0.05)


async def streams_left(server: Server, most: int, seconds: float) -> None:
    """Returns once no more streams than that are open. AssertionError after so many seconds."""
    ends = time.monotonic() + seconds
    while (left := await asyncio.to_thread(reading, server, "convloupe_open_streams")) > most:
        assert time.monotonic() < ends, f"{left:.0f} streams are open"
        await asyncio.sleep(0.05)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share is at most."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def figures(seconds: Sequence[float]) -> str:
    """p50, p99 and the longest, in milliseconds."""
    parts = (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds))
    return "p50 {:.0f}, p99 {:.0f}, most {:.0f} ms".format(*(part * 1000 for part in parts))


def large_trace(server: Server) -> str:
    """The URL of a trace of a million positions."""
    body = {"input": {"sample": "harbour", "size": [1000, 1000]}, "operation": SOBEL}
    answer = server.client.post("/api/v1/traces", json=body)
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


def reading(server: Server, name: str) -> float:
    """A number of /metrics."""
    lines = server.client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))
