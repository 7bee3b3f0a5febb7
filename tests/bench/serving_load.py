"""`python -m tests.bench.serving_load QUESTION`: the client, in a process of its own.

It speaks just enough HTTP/1.1 to cost next to nothing: the server is what is measured. The question is JSON,
and so is the answer that it prints.
"""

import json
import math
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any

END_OF_CHUNKS = b"0\r\n\r\n"


class BadAnswerError(Exception):
    """Something else than the 200 that was asked for."""


class Connection:
    """Asks the same thing again and again; the answers have to be of one length, but for `slack` bytes."""

    def __init__(self, port: int, request: bytes, buffer: bytearray, slack: int = 0) -> None:
        self._port = port
        self._request = request
        self._slack = slack
        self._buffer = memoryview(buffer)
        self.body_bytes = -1
        self.closes = False
        self.socket = self._connected()

    def ask(self) -> None:
        """Send the request, over a new connection where the server `closes` the old one."""
        if self.closes:
            self.socket.close()
            self.socket = self._connected()
        self._head = b""
        self._left: int | None = None
        self._got = 0
        self.asked_at = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> bool:
        """Take what is there. True when the answer is complete."""
        count = self.socket.recv_into(self._buffer)
        if not count:
            raise BadAnswerError("the connection was closed within an answer")
        if self._left is None:
            self._head += self._buffer[:count].tobytes()
            head, separator, body = self._head.partition(b"\r\n\r\n")
            if not separator:
                return False
            self._begin(head.lower())
            self._got = len(body)
            tail = body[-len(END_OF_CHUNKS) :]
        else:
            self._got += count
            tail = self._buffer[max(0, count - len(END_OF_CHUNKS)) : count].tobytes()
        assert self._left is not None
        if self._got != self._left if self._left >= 0 else tail != END_OF_CHUNKS:
            return False
        if self.body_bytes >= 0 and self._left >= 0 and abs(self._got - self.body_bytes) > self._slack:
            raise BadAnswerError(f"{self._got} bytes, not {self.body_bytes} as before")
        self.body_bytes = self._got
        return True

    def close(self) -> None:
        self.socket.close()

    @property
    def got(self) -> int:
        """Bytes of the body so far."""
        return self._got

    def _begin(self, head: bytes) -> None:
        if not head.startswith((b"http/1.1 200", b"http/1.0 200")):
            raise BadAnswerError(head.split(b"\r\n")[0].decode())
        _, found, length = head.partition(b"content-length: ")
        self._left = int(length.split(b"\r\n")[0]) if found else -1
        self.closes = b"\r\nconnection: close" in head

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def rate(port: int, request: bytes, connections: int, seconds: float, slack: int = 0) -> dict[str, Any]:
    """Answers a second with so many connections, each of which asks again as soon as it has its answer."""
    buffer = bytearray(1 << 18)
    latencies: list[float] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(connections):
            one = stack.enter_context(closing(Connection(port, request, buffer, slack)))
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.ask()
        # The first quarter warms: connections are accepted, caches filled.
        begin = time.perf_counter() + seconds / 4
        now, end = time.perf_counter(), begin + seconds
        while now < end:
            for key, _ in selector.select(timeout=60):
                one = key.data
                if not one.receive():
                    continue
                now = time.perf_counter()
                if now >= begin:
                    latencies.append(now - one.asked_at)
                if one.closes:
                    selector.unregister(one.socket)
                one.ask()
                if one.closes:
                    selector.register(one.socket, selectors.EVENT_READ, one)
    latencies.sort()
    return {
        "rate": len(latencies) / seconds,
        "p50_ms": quantile(latencies, 0.5) * 1e3,
        "p99_ms": quantile(latencies, 0.99) * 1e3,
        "body_bytes": one.body_bytes,
    }


def quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def stream(port: int, request: bytes, first_bytes: int, watch: bytes | None = None) -> dict[str, Any]:
    """One answer read as fast as it comes.

    first_bytes: how much of the body counts as its beginning. watch: a request to /bench/usage, sent once
    every 32 MiB.
    """
    first_after = float("nan")
    resident, next_look = [], 0
    with closing(Connection(port, request, bytearray(1 << 20))) as one:
        started = time.perf_counter()
        one.ask()
        done = False
        while not done:
            done = one.receive()
            if math.isnan(first_after) and one.got >= first_bytes:
                first_after = time.perf_counter() - started
            if watch is not None and one.got >= next_look:
                next_look += 1 << 25
                resident.append(used(port, watch)["resident_bytes"])
        seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "body_bytes": one.body_bytes,
        "first_ms": first_after * 1e3,
        "resident_bytes": resident,
    }


def used(port: int, request: bytes) -> dict[str, Any]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
            answer += connection.recv(65536)
    found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


def main() -> None:
    question = json.loads(sys.argv[1])
    kind = {"rate": rate, "stream": stream}[question.pop("kind")]
    for name in ("request", "watch"):
        if question.get(name) is not None:
            question[name] = question[name].encode()
    print(json.dumps(kind(**question)))


if __name__ == "__main__":
    main()
