"""A real server in a thread of the test's process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from app.connections import protocol
from app.main import create_app
from app.services import Services
from app.settings import Settings


@dataclass
class Served:
    """A running server: `client` talks to it over TCP, `services` is its inside."""

    client: httpx.Client
    port: int
    services: Services

    def trace(self, **request: Any) -> dict[str, Any]:
        """POST /traces, which has to work."""
        answer = self.client.post("/api/v1/traces", json=request)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def output(self, **request: Any) -> dict[str, Any]:
        """POST /outputs as JSON, which has to work."""
        answer = self.client.post("/api/v1/outputs", json=request)
        assert answer.status_code == 200, answer.text
        computed: dict[str, Any] = answer.json()["output"]
        return computed


@contextmanager
def serve(data_dir: Path, http: type[asyncio.Protocol] | None = None, **limits: Any) -> Iterator[Served]:
    """A server with its own store and, where given, its own limits, or another protocol than the usual."""
    settings = Settings(**{"data_dir": data_dir, "shutdown_seconds": 1} | limits)
    app = create_app(settings)
    started = threading.Event()
    config = uvicorn.Config(
        app,
        http=http or protocol(),
        forwarded_allow_ips=list(settings.proxies),
        log_level="warning",
        ws="none",
        timeout_graceful_shutdown=settings.shutdown_seconds,
        server_header=False,
    )
    server = uvicorn.Server(config)
    announce = server.startup

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await announce(sockets)
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert started.wait(20)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield Served(client, port, app.state.services)
        finally:
            server.should_exit = True
            thread.join()
