"""What clients send slowly, or take slowly or not at all, holds only so much memory."""

import io
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.datastructures import UploadFile

from app.errors import BusyError
from app.held import SMALL, Held
from tests.app.serving import Served, serve

MIB = 1024 * 1024
SOBEL = {"type": "conv2d", "filter": "sobel_x"}
# 16 MB: more than the system keeps of a connection by itself.
LARGE = {
    "input": {"sample": "harbour", "size": [2000, 700]},
    "operation": {"type": "depthwise_conv2d", "filter": "identity"},
}


def assert_busy(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"


def assert_free(served: Served, method: str, url: str, **request: Any) -> httpx.Response:
    """What is answered once the server has noticed that there is room again."""
    for _ in range(2000):
        answer = served.client.request(method, url, **request)
        if answer.status_code != 503:
            return answer
    pytest.fail("no room has come free")


@contextmanager
def begun(served: Served, sent: bytes, *, answered: bool = True) -> Iterator[socket.socket]:
    """A client that has sent that, and takes no more than the beginning of an answer."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(sent)
        if answered:
            assert connection.recv(12) == b"HTTP/1.1 200"
        yield connection


def posted(path: str, body: Any) -> bytes:
    content = json.dumps(body).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    ).encode() + content


class TestAnswers:
    @pytest.mark.parametrize("kind", ["npy", "arrow"])
    def test_one_that_is_not_taken_leaves_no_room_for_another(self, tmp_path: Path, kind: str) -> None:
        path = f"/api/v1/outputs?format={kind}"
        with serve(tmp_path, held_bytes=20 * MIB) as served:
            with begun(served, posted(path, LARGE)):
                assert_busy(served.client.post(path, json=LARGE))
                small = LARGE | {"input": {"sample": "harbour", "size": [64, 64]}}
                assert served.client.post(path, json=small).status_code == 200
            assert assert_free(served, "POST", path, json=LARGE).status_code == 200

    def test_one_that_is_taken_is_whole(self, server: Served) -> None:
        answers = [
            server.client.post(f"/api/v1/outputs?format={name}", json=LARGE, headers=headers)
            for name in ("npy", "arrow")
            for headers in ({}, {"accept-encoding": "gzip, identity;q=0"})
        ]
        assert [answer.headers.get("content-encoding") for answer in answers] == [None, "gzip"] * 2
        plain, packed, *_ = (np.load(io.BytesIO(answer.content)) for answer in answers[:2])
        assert plain.shape == (2000, 700, 3)
        assert np.array_equal(plain, packed)
        assert answers[2].content == answers[3].content
        assert int(answers[0].headers["content-length"]) == len(answers[0].content)

    def test_head_of_one(self, server: Served) -> None:
        trace = server.trace(input={"sample": "harbour", "size": [700, 700]}, operation=SOBEL)
        head = server.client.head(f"{trace['url']}/input?format=npy")
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == 700 * 700 * 3 + 128


class TestStreams:
    def test_inputs_that_they_read_count_once(self, tmp_path: Path) -> None:
        with serve(tmp_path, held_bytes=5 * MIB) as served:
            urls = [
                served.trace(input={"sample": "harbour", "size": [1000, width]}, operation=SOBEL)["url"]
                for width in (1000, 1001)
            ]
            asked = f"GET {urls[0]}/positions HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            with begun(served, asked), begun(served, asked), begun(served, asked):
                for kind in ("jsonl", "arrow"):
                    assert_busy(served.client.get(f"{urls[1]}/positions?format={kind}"))
                few = served.client.get(f"{urls[1]}/positions?count=5")
                assert few.status_code == 200
            whole = f"{urls[1]}/positions?format=arrow&columns=sum"
            assert assert_free(served, "GET", whole).status_code == 200


class TestBodies:
    @pytest.mark.parametrize("path", ["traces", "outputs", "images"])
    def test_those_that_come_leave_no_room_for_others(self, tmp_path: Path, path: str) -> None:
        kind = "application/json" if path == "traces" else "multipart/form-data; boundary=b"
        headers = f"Host: x\r\nContent-Type: {kind}\r\nContent-Length: 3000000"
        head = f"POST /api/v1/{path} HTTP/1.1\r\n{headers}\r\n\r\n"
        part = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
        large = {"input": {"values": [[1.5] * 200_000]}, "operation": SOBEL}
        with serve(tmp_path, held_bytes=MIB) as served:
            with begun(served, head.encode() + part + b"1" * 900_000, answered=False):
                held = served.services.compute._held
                for _ in range(2000):  # each turn lets more of what was sent come
                    served.client.get("/healthz")
                    if held.bytes > 800_000:
                        break
                assert_busy(served.client.post("/api/v1/traces", json=large))
                assert served.trace(input={"values": [[1, 2]]}, operation=SOBEL)
            assert assert_free(served, "POST", "/api/v1/traces", json=large).status_code == 422

    def test_one_that_is_alone_may_be_larger_than_all_together(self, tmp_path: Path) -> None:
        body = {"input": {"values": [[1.5] * 1000] * 600}, "operation": SOBEL}
        with serve(tmp_path, held_bytes=MIB) as served:
            assert len(json.dumps(body)) > 2 * MIB
            assert served.client.post("/api/v1/traces", json=body).status_code == 201
            for kind in ("npy", "arrow"):
                answer = served.client.post(f"/api/v1/outputs?format={kind}", json=body)
                assert answer.status_code == 200

    @pytest.mark.parametrize("path", ["images", "outputs"])
    def test_of_files_in_a_form_no_more_is_in_memory_than_counts(
        self, tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        most = 0
        write = UploadFile.write

        async def watched(file: UploadFile, data: bytes) -> None:
            nonlocal most
            files.add(file)
            await write(file, data)
            in_memory = sum(one.size or 0 for one in files if one._in_memory)
            most = max(most, in_memory - served.services.compute._held.bytes)

        files: set[UploadFile] = set()
        monkeypatch.setattr(UploadFile, "write", watched)
        with serve(tmp_path) as served:
            sent = [("image", ("a", b"1" * 900_000)) for _ in range(16)]
            answer = served.client.post(f"/api/v1/{path}", files=sent)
            assert answer.status_code == 422
            assert len(files) == 16
            assert most <= 2 * 64 * 1024  # what counts as nothing, and what has just come
            answer = served.client.post(f"/api/v1/{path}", files=[*sent[:1], *[("x", ("a", b""))] * 16])
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "body")
            assert "16 parts" in answer.json()["detail"]

    def test_large_ones_wait_for_their_turn(self, tmp_path: Path) -> None:
        with serve(tmp_path) as served:
            turns = _Turns()
            served.services.compute.large = turns  # type: ignore[assignment]
            png = (Path(__file__).parents[2] / "static" / "samples" / "coins.png").read_bytes()
            for values, count in (([[1, 2], [3, 4]], 0), ([[1.25] * 8000] * 8, 1)):
                body = {"input": {"values": values}, "operation": SOBEL}
                assert served.client.post("/api/v1/outputs?format=png", json=body).status_code == 200
                operation = json.dumps(SOBEL) + " " * (40 * len(values[0]))
                form = {"files": {"image": png}, "data": {"operation": operation}}
                assert served.client.post("/api/v1/outputs?format=png", **form).status_code == 200  # type: ignore[arg-type]
                assert served.client.post("/api/v1/traces", json=body).status_code == 201
                assert turns.taken == 3 * count
            assert turns.open == 0


class _Turns:
    """Counts those who enter."""

    taken = open = 0

    async def __aenter__(self) -> None:
        self.taken, self.open = self.taken + 1, self.open + 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.open -= 1


class TestHeld:
    def test_what_is_alone_is_never_too_much(self) -> None:
        held = Held(10)
        held.take(50)
        with pytest.raises(BusyError):
            held.take(1)
        held.give_back(50)
        held.take(4)
        held.take(6)
        assert held.bytes == 10

    def test_an_array_counts_once_and_with_all_its_memory(self) -> None:
        array = np.zeros((2, SMALL), np.uint8)
        held = Held(3 * SMALL)
        with held.reading([array[0]]), held.reading([array[1], array]):
            assert held.bytes == array.nbytes
            with pytest.raises(BusyError), held.reading([array.copy()]):
                pass
        assert held.bytes == 0
        with held.reading([array[0], np.zeros(SMALL, np.uint8)]):
            assert held.bytes == array.nbytes
