"""The real server in a process of its own, so that it can be stopped and started again on its port."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`python -m app serve` with its own store; usable as a context manager."""

    def __init__(self, data_dir: Path) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._data_dir = data_dir
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns once it answers; at once, if it runs."""
        if self._process is not None:
            return
        environment = {
            **os.environ,
            "CONVLOUPE_DATA_DIR": str(self._data_dir),
            "CONVLOUPE_SHUTDOWN_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        announced = self._process.stdout.readline()
        assert self.url in announced, f"the server did not start; it said {announced!r}"

    def stop(self) -> None:
        if self._process is None:
            return
        with self._process as process:  # closes its pipe
            process.terminate()
        self._process = None

    def forget(self) -> None:
        """Lose all that is kept, as a store that had to make room has; while it is stopped."""
        for file in self._data_dir.iterdir():
            file.unlink()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
