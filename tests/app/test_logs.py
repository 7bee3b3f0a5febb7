"""The log: one JSON line an event, whatever a request holds."""

import json
import logging
import logging.config
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.logs import JsonFormatter, log_configuration, log_exchange
from app.middleware import Exchange
from app.settings import Settings
from tests.app.test_cli import free_port, running

HOSTILE = '/a\r\n{"level": "error"}\x1b[31m\u2028\ud800\x00' + "x" * 1000


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is written by a logger that is set up as the server's are."""
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonFormatter().format(record))

    handler, logger = Handler(), logging.getLogger("convloupe.access")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield written
    logger.setLevel(before)
    logger.removeHandler(handler)


def test_a_request_is_one_line_that_nothing_in_it_can_forge(lines: list[str]) -> None:
    exchange = Exchange(
        "GET", HOSTILE, "192.0.2.7", started=0, request_id="1f", status=404, seconds=0.0125, sent_bytes=17
    )
    log_exchange(exchange)
    (line,) = lines
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert found["path"].startswith(HOSTILE[:20])
    assert len(found["path"]) == 300
    del found["time"], found["path"]
    assert found == {
        "level": "info",
        "logger": "convloupe.access",
        "event": "request",
        "request_id": "1f",
        "method": "GET",
        "status": 404,
        "ms": 12.5,
        "bytes": 17,
        "complete": False,
        "client": "192.0.2.7",
    }


def test_a_stream_says_how_far_it_came(lines: list[str]) -> None:
    log_exchange(Exchange("GET", "/", "", started=0, status=200, positions=512, complete=True))
    assert json.loads(lines[0])["positions"] == 512


def test_a_traceback_is_in_its_line() -> None:
    try:
        raise ValueError("a\nb")
    except ValueError:
        record = logging.LogRecord("convloupe", logging.ERROR, "", 0, "it %s", ("failed",), sys.exc_info())
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found = json.loads(text)
    assert (found["level"], found["event"]) == ("error", "it failed")
    assert "ValueError: a\nb" in found["exception"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found["time"])


def test_the_access_log_is_off_unless_it_is_asked_for() -> None:
    for asked, level in ((False, "CRITICAL"), (True, "INFO")):
        configuration = log_configuration(Settings(access_log=asked, log_level="error"))
        assert configuration["loggers"]["convloupe.access"]["level"] == level
        assert configuration["root"]["level"] == "ERROR"


def npy_header(shape: str) -> bytes:
    """Of a .npy file of bytes."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text


def test_the_server_writes_it(tmp_path: Path) -> None:
    port = str(free_port())
    settings = {"CONVLOUPE_ACCESS_LOG": "true", "CONVLOUPE_LOG_LEVEL": "warning"}
    with running(tmp_path, "serve", "--port", port, **settings) as (process, url):
        answer = httpx.get(f"{url}/api/v1/traces/a%0d%0ab")
        for content in (npy_header("(2L, 2L)") + bytes(4), npy_header("(2, 2or 2)"), npy_header(r"'\d'")):
            httpx.post(f"{url}/api/v1/images", files={"file": content})
        with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as connection:
            connection.sendall(b"nothing that is HTTP\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        process.terminate()
        process.wait(20)
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr.read().splitlines()]
    (event,) = [event for event in events if event.get("request_id") == answer.headers["x-request-id"]]
    assert event["path"] == "/api/v1/traces/a\r\nb"
    assert (event["status"], event["bytes"]) == (404, len(answer.content))
    assert [event for event in events if event["logger"].startswith("uvicorn")], "and uvicorn's own events"
    assert not [event for event in events if event["logger"] == "py.warnings"], "odd headers are no events"
