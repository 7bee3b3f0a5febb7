"""A trace is computed while it is read, no faster than it is read, and no longer than it is read."""

import io
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app import wire
from app.wire import ArrowEncoder, JsonLinesEncoder
from tests.app.serving import Served, serve

CHUNK = 64 * 1024
LARGE = {
    "input": {"sample": "harbour", "size": [1500, 1000]},
    "operation": {"type": "conv2d", "filter": "gaussian_5"},
}


needs_proc = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")


def resident_bytes() -> int:
    """Memory of this process, the server in it."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Gate:
    """Stands before every chunk: counts them, and holds number `stop_at` until it is opened."""

    def __init__(self) -> None:
        self.begun = 0
        self.computed = 0
        self.stop_at: int | None = None
        self.opened = threading.Event()
        self._changed = threading.Condition()

    def wrap(self, encode: Callable[..., bytes]) -> Callable[..., bytes]:
        def gated(encoder: ArrowEncoder, first: int, count: int) -> bytes:
            with self._changed:
                wait = self.begun == self.stop_at
                self.begun += 1
                self._changed.notify_all()
            if wait:
                assert self.opened.wait(20)
            chunk = encode(encoder, first, count)
            with self._changed:
                self.computed += 1
                self._changed.notify_all()
            return chunk

        return gated

    def until(self, reached: Callable[[], bool], timeout: float = 20) -> bool:
        with self._changed:
            return self._changed.wait_for(reached, timeout)


@pytest.fixture(params=["on the loop", "in a thread"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    if request.param == "in a thread":
        monkeypatch.setattr(wire, "_LIGHT_WORK", 0)
    monkeypatch.setattr(ArrowEncoder, "encode", gate.wrap(ArrowEncoder.encode))
    return gate


@contextmanager
def request(served: Served, path: str, receive_buffer: int = 16 * 1024) -> Iterator[socket.socket]:
    """A GET whose answer is read by hand, over a socket that takes little."""
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: application/vnd.apache.arrow.stream\r\n\r\n".encode()
        )
        yield connection


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("data"), chunk_bytes=CHUNK) as served:
        yield served


def read_some(connection: socket.socket, least: int) -> bytes:
    received = b""
    while len(received) < least:
        part = connection.recv(65536)
        assert part, "the stream ended"
        received += part
    return received


def test_the_first_bytes_leave_before_the_last_position_is_computed(served: Served, gate: Gate) -> None:
    gate.stop_at = 1
    url = served.trace(**LARGE)["url"]
    with served.client.stream(
        "GET", url + "/positions?count=5000", headers={"accept": "application/vnd.apache.arrow.stream"}
    ) as answer:
        parts = answer.iter_raw()
        received = b""
        while len(received) < CHUNK:  # the second chunk is held back: this is the first one
            received += next(parts)
        assert gate.computed == 1
        gate.opened.set()
        received += b"".join(parts)
    table = pa.ipc.open_stream(received).read_all()
    assert table.num_rows == 5000
    assert gate.computed > 10


def test_the_first_row_of_json_lines_too(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    monkeypatch.setattr(JsonLinesEncoder, "encode", gate.wrap(JsonLinesEncoder.encode))
    gate.stop_at = 1
    url = served.trace(**LARGE)["url"]
    with served.client.stream("GET", url + "/positions?count=500") as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith('{"position":0,')
        assert gate.computed == 1
        gate.opened.set()
        assert [*lines][-1] == '{"end":true,"next":500}'


OTHERS = {
    "max_pool2d": {"type": "max_pool2d", "kernel_size": [3, 5], "strides": [2, 1], "padding": "SAME"},
    "conv2d_transpose": {"type": "conv2d_transpose", "filter": "gaussian_5", "strides": [2, 3]},
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_operations_are_streamed_alike(served: Served, gate: Gate, kind: str) -> None:
    gate.stop_at = 1
    body = {"input": {"sample": "harbour", "size": [70, 90]}, "operation": OTHERS[kind]}
    trace = served.trace(**body)
    computed = np.load(io.BytesIO(served.client.post("/api/v1/outputs?format=npy", json=body).content))[
        ..., -1
    ]
    channel = trace["out_channels"] - 1
    url = f"{trace['url']}/positions?out_channel={channel}&columns={','.join(trace['columns'])}"
    with served.client.stream("GET", url + "&format=arrow") as answer:
        parts = answer.iter_raw()
        received = next(parts)
        while len(received) < CHUNK / 2:
            received += next(parts)
        assert gate.computed == 1
        gate.opened.set()
        received += b"".join(parts)
        assert len(received) == int(answer.headers["content-length"])
    table = pa.ipc.open_stream(received).read_all()
    assert gate.computed == -(-trace["positions"] // len(table["output"].chunk(0)))
    np.testing.assert_allclose(table["output"].to_numpy(), computed.ravel(), rtol=1e-5)
    # A reader that leaves ends this work too.
    with request(served, url) as connection:
        read_some(connection, CHUNK)
    assert_freed(served)


def test_a_slow_reader_stalls_the_producer(served: Served, gate: Gate) -> None:
    url = served.trace(**LARGE)["url"]
    with request(served, url + "/positions") as connection:
        read_some(connection, 1)
        # Of 8700 chunks those are computed that the sockets and uvicorn hold.
        assert not gate.until(lambda: gate.computed > 100, timeout=1)
        stalled_at = gate.computed
        assert not gate.until(lambda: gate.computed > stalled_at, timeout=0.5)
        read_some(connection, 8 * 1024 * 1024)
        assert gate.until(lambda: gate.computed > stalled_at + 50)


def test_a_reader_that_leaves_ends_the_work(served: Served, gate: Gate) -> None:
    url = served.trace(**LARGE)["url"]
    for read in (1, 3 * CHUNK):
        with request(served, url + "/positions") as connection:
            read_some(connection, read)
            assert served.services.compute.streams == 1
        assert_freed(served)
    begun = gate.begun
    assert served.client.get("/healthz").status_code == 200
    assert gate.begun == begun


@pytest.mark.parametrize("gate", ["in a thread"], indirect=True)
def test_a_reader_that_leaves_while_a_chunk_is_computed(served: Served, gate: Gate) -> None:
    gate.stop_at = 2
    url = served.trace(**LARGE)["url"]
    with request(served, url + "/positions") as connection:
        read_some(connection, 2 * CHUNK - 4096)
        assert gate.until(lambda: gate.begun == 3)
    assert_freed(served)  # though the chunk is still held back
    gate.opened.set()
    assert gate.until(lambda: gate.computed == 3)
    assert not gate.until(lambda: gate.begun > 3, timeout=0.2)


def assert_freed(served: Served) -> None:
    """The place in the count of open streams comes free; each turn of the loop asks the server something."""
    for _ in range(2000):
        if served.services.compute.streams == 0:
            return
        served.client.get("/healthz")
    pytest.fail("the stream is still open")


@needs_proc
def test_many_aborts_leave_nothing_behind(served: Served) -> None:
    url = served.trace(**LARGE)["url"]

    def abort() -> None:
        with request(served, url + "/positions") as connection:
            read_some(connection, 1)

    for _ in range(10):
        abort()
    assert_freed(served)
    threads, descriptors = threading.active_count(), open_files()
    for _ in range(200):
        abort()
    assert_freed(served)
    assert threading.active_count() <= threads + 1
    assert open_files() <= descriptors + 4


@needs_proc
def test_memory_does_not_grow_with_the_image(served: Served) -> None:
    """150 MB go through a process that does not grow by what it sends."""

    def stream(height: int) -> int:
        request = LARGE | {"input": {"sample": "harbour", "size": [height, 1000]}}
        url = served.trace(**request)["url"] + "/positions"
        received = 0
        with served.client.stream(
            "GET", url, headers={"accept": "application/vnd.apache.arrow.stream"}
        ) as answer:
            for part in answer.iter_raw():
                received += len(part)
        return received

    assert stream(100) > 35_000_000
    before = resident_bytes()
    assert stream(400) > 150_000_000
    assert resident_bytes() - before < 30_000_000


@needs_proc
def test_many_slow_readers_cost_little(served: Served) -> None:
    url = served.trace(**LARGE)["url"]
    before = resident_bytes()
    with served.client.stream("GET", url + "/positions?count=1"):
        pass
    readers = [request(served, url + "/positions") for _ in range(50)]
    connections = [reader.__enter__() for reader in readers]
    for connection in connections:
        read_some(connection, 1)
    assert served.services.compute.streams == 50
    assert served.client.get("/healthz").status_code == 200
    assert resident_bytes() - before < 100_000_000
    for reader in readers:
        reader.__exit__(None, None, None)
    assert_freed(served)


def test_streams_are_limited(tmp_path: Path) -> None:
    with serve(tmp_path, streams=1) as served:
        url = served.trace(**LARGE)["url"] + "/positions"
        with request(served, url) as connection:
            read_some(connection, 1)
            refused = served.client.get(url)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "1"
            assert refused.headers["content-type"] == "application/problem+json"
        assert_freed(served)
        assert served.client.get(url + "?count=1").status_code == 200


def test_a_failure_under_way_breaks_the_connection_off(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    encode = ArrowEncoder.encode

    def fail(encoder: ArrowEncoder, first: int, count: int) -> bytes:
        if first:
            raise RuntimeError("out of luck")
        return encode(encoder, first, count)

    monkeypatch.setattr(ArrowEncoder, "encode", fail)
    url = served.trace(**LARGE)["url"]
    with request(served, url + "/positions?count=5000") as connection:
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert CHUNK < len(body) < announced
    assert not body.endswith(b"\xff\xff\xff\xff\x00\x00\x00\x00")
    assert "out of luck" in caplog.text
    assert_freed(served)


def test_every_stream_of_many_at_once_is_whole(served: Served) -> None:
    url = served.trace(**LARGE | {"input": {"sample": "harbour", "size": [200, 210]}})["url"]
    whole = served.client.get(url + "/positions?columns=sum&format=arrow").content
    expected = pa.ipc.open_stream(whole).read_all()["sum"].to_numpy()
    found: dict[int, Any] = {}

    def read(first: int) -> None:
        answer = served.client.get(url + f"/positions?columns=window,products,sum&first={first}&format=arrow")
        found[first] = pa.ipc.open_stream(answer.content).read_all()["sum"].to_numpy()

    threads = [threading.Thread(target=read, args=(first,)) for first in range(0, 42_000, 7_001)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    for first, sums in found.items():
        assert np.array_equal(sums, expected[first:])
