"""SIGTERM: nothing is cut off without a word, and nothing keeps the server."""

import asyncio
import contextlib
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.errors import BusyError
from app.held import Held
from app.middleware import Exchange, Failures
from app.services.compute import Compute
from tests.app.test_cli import free_port, running

BODY = {
    "input": {"sample": "harbour", "size": [1000, 1000]},
    "operation": {"type": "conv2d", "filter": "sobel_x"},
}


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    """A server's address, and what stops it."""
    port = str(free_port())
    with running(tmp_path, "serve", "--port", port, CONVLOUPE_SHUTDOWN_SECONDS="3") as (process, url):
        yield url, process
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_json_lines_end_with_a_mark_that_says_where_to_go_on(stopped: tuple[str, Any]) -> None:
    url, process = stopped
    trace = httpx.post(f"{url}/api/v1/traces", json=BODY).json()
    with httpx.stream("GET", f"{url}{trace['url']}/positions") as answer:
        lines = answer.iter_lines()
        rows = [next(lines)]
        process.send_signal(signal.SIGTERM)
        rows += lines
    mark = json.loads(rows.pop())
    assert mark == {
        "end": False,
        "next": len(rows),
        "status": 503,
        "detail": "The server is stopping.",
    }
    assert json.loads(rows[-1])["position"] == len(rows) - 1


def test_arrow_is_broken_off_after_a_whole_batch(stopped: tuple[str, Any]) -> None:
    url, process = stopped
    trace = httpx.post(f"{url}/api/v1/traces", json=BODY).json()
    received = bytearray()  # bytes would be copied with each part, and the reader be the slow one
    with httpx.stream("GET", f"{url}{trace['url']}/positions?format=arrow") as answer:
        parts = answer.iter_raw()
        received += next(parts)
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(httpx.RemoteProtocolError):
            for part in parts:
                received += part
                time.sleep(0.005)  # else all of it would have come
        assert len(received) < int(answer.headers["content-length"])
    rows = sum(batch.num_rows for batch in pa.ipc.open_stream(received))  # raises if one is cut
    assert 0 < rows < trace["positions"]


def test_who_takes_nothing_is_left(stopped: tuple[str, Any]) -> None:
    url, process = stopped
    trace = httpx.post(f"{url}/api/v1/traces", json=BODY).json()
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as reader:
        reader.sendall(f"GET {trace['url']}/positions HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert reader.recv(1000)
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_what_waits_is_refused_and_what_is_computed_is_finished() -> None:
    async def run() -> list[object]:
        compute = Compute(threads=1, queue=9, streams=9, held=Held(1))
        begun, go_on = threading.Event(), threading.Event()

        def work() -> str:
            begun.set()
            assert go_on.wait(20)
            return "done"

        tasks = [asyncio.create_task(compute.run(work)) for _ in range(3)]
        await asyncio.to_thread(begun.wait, 20)
        compute.stop()
        go_on.set()
        found = await asyncio.gather(*tasks, compute.run(work), return_exceptions=True)
        compute.close()
        return list(found)

    first, *others = asyncio.run(run())
    assert first == "done"
    assert [type(other) for other in others] == [BusyError] * 3


def test_what_is_cancelled_in_the_end_is_answered_all_the_same() -> None:
    """By the server, when the time for it is over."""
    sent: list[Message] = []

    async def work(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        exchange = Exchange("GET", "/", "", started=0)
        scope = {"type": "http", "state": {"request_id": "1f", "exchange": exchange}}
        answer = asyncio.ensure_future(Failures(work)(scope, asyncio.Event().wait, send))
        await asyncio.sleep(0)
        answer.cancel()
        await answer

    asyncio.run(run())
    assert sent[0]["status"] == 503
    assert json.loads(sent[1]["body"])["request_id"] == "1f"
