"""A server in a process of its own, to be loaded, looked at from outside, and killed."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.app.test_cli import free_port
from tests.chaos.chaos import NotHere

MIB = 1024 * 1024
_PROC = Path("/proc")


@dataclass
class Server:
    """A running server. `log` is what it writes on standard error, `data` the folder of its store."""

    process: "subprocess.Popen[str]"
    port: int
    client: httpx.Client
    log: Path
    data: Path

    def family(self) -> list[int]:
        """The process and all below it."""
        parents: dict[int, list[int]] = {}
        for status in _PROC.glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
            except OSError:  # ended meanwhile
                continue
            parents.setdefault(parent, []).append(int(status.parent.name))
        found = [self.process.pid]
        for one in found:
            found += parents.get(one, [])
        return found

    def resident_bytes(self) -> int:
        """Memory of the process and all below it; what they share is counted for each."""
        return sum(_status(one, "VmRSS") * 1024 for one in self.family())

    def threads(self) -> int:
        """Threads of the process itself."""
        return _status(self.process.pid, "Threads")

    def descriptors(self) -> int:
        """Open files and sockets of the process itself."""
        return sum(1 for _ in (_PROC / str(self.process.pid) / "fd").iterdir())

    def errors(self) -> list[str]:
        """What it logged as errors, and what is no line of JSON."""
        found = []
        for text in self.log.read_text().splitlines():
            if "resource_tracker" in text:  # Python's own word on a parent that was killed
                continue
            try:
                line = json.loads(text)
            except ValueError:
                found.append(text)
            else:
                if line["level"] == "error":
                    last = line.get("exception", "").strip().rpartition("\n")[2]
                    found.append(f"{line['event']}: {last}")
        return found

    def stop(self) -> None:
        """SIGTERM, and wait until it has ended."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def kill(self) -> None:
        """SIGKILL to the process alone, as the system does when memory runs out."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)


def ended(processes: list[int], seconds: float) -> bool:
    """Whether these processes, whose parent may be gone, end in time."""
    deadline = time.monotonic() + seconds
    while running_yet := [one for one in processes if _status(one, "VmRSS")]:
        if time.monotonic() > deadline:
            for one in running_yet:
                os.kill(one, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def _status(pid: int, name: str) -> int:
    """A number of /proc/PID/status; 0 for a process that has ended."""
    try:
        found = re.search(rf"^{name}:\s+(\d+)", (_PROC / str(pid) / "status").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


@contextmanager
def running(
    folder: Path, *, port: int | None = None, within: Callable[[Path], list[str]] | None = None, **limits: Any
) -> Iterator[Server]:
    """A server with its store and its log in `folder`, once it answers; settings by their names.

    `within` gives the command that runs the server's own, for the folder of the store.
    """
    if sys.platform != "linux":
        raise NotHere("processes are looked at in /proc")
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    named = {f"CONVLOUPE_{name.upper()}": str(value) for name, value in limits.items()}
    data = folder / "data"
    named |= {"CONVLOUPE_DATA_DIR": str(data), "CONVLOUPE_PORT": str(port)}
    around = within(data) if within else []
    with (
        log.open("a") as errors,
        subprocess.Popen(
            [*around, sys.executable, "-m", "app"],
            env=os.environ | named,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert said.startswith("Convloupe is at "), (said, log.read_text())
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield Server(process, port, client, log, data)
        finally:
            process.kill()


class Peak:
    """The most memory that a server and its children had at once while this was entered."""

    def __init__(self, server: Server) -> None:
        self.resident_bytes = 0
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self.resident_bytes = max(self.resident_bytes, self._server.resident_bytes())
