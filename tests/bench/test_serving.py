"""The benchmark of the server: what it checks, what it counts, what it says. Nothing here is timed."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.bench import serving
from tests.bench.serving_load import BadAnswerError, quantile, rate, stream

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that gives one answer after the other, and after the last one that again."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    left = list(answers)
                    while connection.recv(1000):
                        connection.sendall(left[0] if len(left) == 1 else left.pop(0))
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def answer(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def test_a_stream_is_read_to_its_end() -> None:
    with answering(answer(b"x" * 300_000)) as port:
        found = stream(port, REQUEST, 1000)
    assert found["body_bytes"] == 300_000
    assert 0 < found["first_ms"] / 1e3 <= found["seconds"]
    with answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") as port:
        assert stream(port, REQUEST, 1)["body_bytes"] == len(b"3\r\nabc\r\n0\r\n\r\n")


def test_answers_are_counted() -> None:
    with answering(answer(b"x" * 5000)) as port:
        found = rate(port, REQUEST, 1, 0.05)
    assert found["rate"] > 0
    assert found["body_bytes"] == 5000
    assert 0 < found["p50_ms"] <= found["p99_ms"]


@pytest.mark.parametrize(
    "answers",
    [
        [answer(b"busy", b"503 Service Unavailable")],
        [answer(b"x" * 5000), answer(b"x" * 4999)],
    ],
    ids=["a refusal", "another length"],
)
def test_another_answer_ends_the_count(answers: list[bytes]) -> None:
    with answering(*answers) as port, pytest.raises(BadAnswerError):
        rate(port, REQUEST, 1, 0.2)


def test_a_length_may_vary_within_the_slack() -> None:
    answers = [answer(b"x" * 5000), answer(b"x" * 4999), answer(b"x" * 5001)]
    with answering(*answers) as port:
        assert rate(port, REQUEST, 1, 0.05, slack=2)["rate"] > 0
    with answering(*answers) as port, pytest.raises(BadAnswerError):
        rate(port, REQUEST, 1, 0.2, slack=1)


def test_quantiles() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 3
    assert quantile([1, 2, 3, 4], 0.99) == 4


def test_the_whole_of_it_in_small(tmp_path: Path) -> None:
    with serving.served(tmp_path) as server:
        document = serving.measure(server, rounds=1, seconds=0.1, side=48)
        wrong = server.trace("0..255", 40)
        original = serving.KERNEL
        try:
            serving.KERNEL = np.flip(original)
            with pytest.raises(AssertionError):
                serving.check(server, wrong)
        finally:
            serving.KERNEL = original
    assert [row["dtype"] for row in document["streams"]] == ["uint8", "float32"]
    assert [row["connections"] for row in document["steps"]] == [30, 300]
    document["peers"] = [{"library": "dash", "version": "4", "rates": {30: 10.0, 300: 8.0}}]
    shown = serving.show(document)
    for said in "uint8", "300 connections", "dash 4", "JSON Lines":
        assert said in shown
    assert json.loads(json.dumps(document))["json"]["ratio"] > 0
