"""A line that breaks: between a program and the server, it ends long streams of positions in their middle."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Line:
    """A listening port, and how often an answer was broken off."""

    port: int
    breaks: int = 0
    threads: list[threading.Thread] = field(default_factory=list)


@contextmanager
def breaking_line(server_port: int, most: int) -> Iterator[Line]:
    """Passes everything on, but only `most` bytes of each answer about positions."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line = Line(listening.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):  # closed below
                while True:
                    program, _ = listening.accept()
                    server = socket.create_connection(("127.0.0.1", server_port))
                    call = threading.Thread(target=_Call(line, program, server, most).run)
                    call.start()
                    line.threads.append(call)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield line
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in line.threads:
                thread.join()


class _Call:
    """One connection and its other half."""

    def __init__(self, line: Line, program: socket.socket, server: socket.socket, most: int) -> None:
        self._line, self._program, self._server, self._most = line, program, server, most
        self._left: int | None = None

    def run(self) -> None:
        with self._program, self._server:
            asking = threading.Thread(target=self._ask)
            asking.start()
            self._answer()
            asking.join()

    def _ask(self) -> None:
        with suppress(OSError):
            while data := self._program.recv(65536):
                self._left = self._most if b"/positions?" in data else None
                self._server.sendall(data)
        self._hang_up()

    def _answer(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(65536):
                if self._left is not None:
                    if len(data) > self._left:
                        self._program.sendall(data[: self._left])
                        self._line.breaks += 1
                        break
                    self._left -= len(data)
                self._program.sendall(data)
        self._hang_up()

    def _hang_up(self) -> None:
        for end in (self._program, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
