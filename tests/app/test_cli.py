"""The command, as a process: it says where it is, refuses clearly, and ends in time."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.settings import Settings


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def running(
    data_dir: Path, *arguments: str, **environment: str
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server of its own process, once it has said where it is."""
    with subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        env=os.environ | {"CONVLOUPE_DATA_DIR": str(data_dir)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = re.fullmatch(r"Convloupe is at (http://localhost:\d+)\n", said)
            assert found, (said, process.poll())
            yield process, found[1]
        finally:
            process.terminate()  # killed, it would leave its workers behind
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.mark.parametrize("arguments", [["serve", "--port"], ["--port"]])
def test_it_says_where_it_is_and_serves(tmp_path: Path, arguments: list[str]) -> None:
    port = free_port()
    if arguments[0] != "serve":
        command, environment = [], {"CONVLOUPE_PORT": str(port)}
    else:
        command, environment = [*arguments, str(port)], {}
    with running(tmp_path, *command, **environment) as (process, url):
        assert url.endswith(f":{port}")
        assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert (tmp_path / "convloupe.sqlite3").exists()


def test_it_opens_the_browser_once_it_answers(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    port = str(free_port())
    with running(tmp_path, "serve", "--open", "--port", port, BROWSER=str(browser)) as (_, url):
        while not opened.exists():
            assert httpx.get(f"{url}/healthz").status_code == 200
        assert opened.read_text().strip() == url


def test_several_workers_are_one_server(tmp_path: Path) -> None:
    port = str(free_port())
    body = {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
    with running(tmp_path, "serve", "--workers", "2", "--port", port) as (process, url):
        ids = set()
        for _ in range(20):  # a connection each, so that both workers answer
            trace = httpx.post(f"{url}/api/v1/traces", json=body).json()
            ids.add(trace["id"])
            assert httpx.get(f"{url}{trace['url']}/positions/3").json()["sum"] == 4
        assert len(ids) == 1
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("serve", "--port", port)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert re.fullmatch(
        rf"convloupe: cannot listen on 127.0.0.1 port {port}: .*in use\. Choose another .*\n", ended.stderr
    )


def test_an_impossible_setting_is_said_by_name() -> None:
    assert run("serve", "--port", "70000").stderr.startswith("convloupe: CONVLOUPE_PORT: ")
    ended = run("serve", CONVLOUPE_QUEUE="none")
    assert ended.returncode == 2
    assert ended.stderr.startswith("convloupe: CONVLOUPE_QUEUE: ")
    assert "Traceback" not in ended.stderr


def test_a_data_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("serve", "--port", str(free_port()), CONVLOUPE_DATA_DIR=str(tmp_path / "file" / "data"))
    assert ended.returncode == 1
    assert ended.stderr.startswith("convloupe: cannot keep anything in ")
    assert "Traceback" not in ended.stderr


def test_help_names_every_option() -> None:
    text = run("serve", "--help").stdout
    for option in ("--host", "--port", "--workers", "--open", "CONVLOUPE_PORT"):
        assert option in text
    assert str(Settings.model_fields["port"].default) in text


def test_sigterm_ends_the_server_though_a_stream_is_open(tmp_path: Path) -> None:
    port = free_port()
    body = {
        "input": {"sample": "harbour", "size": [1000, 1000]},
        "operation": {"type": "conv2d", "filter": "sobel_x"},
    }
    with running(tmp_path, "serve", "--port", str(port), CONVLOUPE_SHUTDOWN_SECONDS="1") as (process, url):
        trace = httpx.post(f"{url}/api/v1/traces", json=body).json()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as reader:
            reader.sendall(f"GET {trace['url']}/positions HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(1000)
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            assert time.monotonic() - asked < 15
