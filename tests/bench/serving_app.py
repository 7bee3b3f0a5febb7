"""`python -m tests.bench.serving_app DATA_DIR`: our server as it is, and routes to compare it with.

It prints its port. The routes answer constant bytes, or rows as FastAPI writes JSON of its own accord,
through the same middlewares; another says what the process has used so far.
"""

import os
import resource
import socket
import sys
from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, StreamingResponse

from app.connections import protocol
from app.main import create_app
from app.settings import Settings


@lru_cache
def constant(size: int) -> bytes:
    return os.urandom(size)


def add_constants(app: FastAPI) -> None:
    @app.get("/bench/body")
    async def body(size: int) -> Response:
        return Response(constant(size), media_type="application/octet-stream")

    @app.get("/bench/stream")
    async def stream(size: int, chunk: int) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(size // chunk):
                yield constant(chunk)
            if size % chunk:
                yield constant(size % chunk)

        return StreamingResponse(
            chunks(), media_type="application/octet-stream", headers={"Content-Length": str(size)}
        )


def add_rows(app: FastAPI) -> None:
    @app.get("/bench/rows")
    async def rows(trace_id: str, count: int) -> Response:
        """What FastAPI's users write: a list of dictionaries."""
        chunk = next(
            app.state.services.traces.open(trace_id).trace.chunks(
                0, count, ["window", "products", "sum"], chunk_positions=count
            )
        )
        listed = [
            {"position": position, "window": window, "products": products, "sum": total}
            for position, (window, products, total) in enumerate(
                zip(chunk.window.tolist(), chunk.products.tolist(), chunk.sum.tolist(), strict=True)
            )
        ]
        return JSONResponse(jsonable_encoder(listed))


def add_usage(app: FastAPI) -> None:
    @app.get("/bench/usage")
    def usage() -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
        return {
            "cpu_seconds": used.ru_utime + used.ru_stime,
            "resident_bytes": int(pages) * resource.getpagesize(),
        }


def main() -> None:
    app = create_app(Settings(data_dir=Path(sys.argv[1])))
    add_constants(app)
    add_rows(app)
    add_usage(app)
    # As app.cli runs it.
    config = uvicorn.Config(
        app,
        http=protocol(),
        proxy_headers=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
    )
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        print(listening.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
