"""Our server under load: its streams beside constant bytes, its steps beside other libraries' apps.

The server is a process of its own, and so is the client. What is compared takes turns, so that a slow minute
is slow for all; what the server answers is checked first.
"""

import io
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from app.settings import Settings
from tests.bench.remote import ROOT, peers_python

SIDE = 1024
STEP = "/positions?format=arrow&first=1000&count=512"
CONNECTIONS = (30, 300)
PEERS = ("gradio", "dash")
# A peer takes so much longer for an answer that in a second of ours some connections would have none: each
# gets several.
_PEER_SECONDS = 0.2
# Gradio's say how long they took.
_PEER_SLACK = 64
KERNEL = np.random.default_rng(7).normal(size=(3, 3, 3, 1)).astype(np.float32)
JSON_ROWS = 20_000

Document = dict[str, Any]


class Server:
    """Ours, warm."""

    def __init__(self, port: int) -> None:
        self.port = port
        while self.ask("/healthz")["engine"] != "compiled":
            time.sleep(0.1)

    def ask(self, path: str, body: object = None) -> Any:
        return json.loads(self.fetch(path, body))

    def fetch(self, path: str, body: object = None) -> bytes:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked) as answer:
            content: bytes = answer.read()
        return content

    def trace(self, scale: str, side: int) -> Document:
        """Of a photograph and a 3x3 kernel over its three channels."""
        request = {
            "input": {"sample": "harbour", "size": [side, side], "scale": scale},
            "operation": {"type": "conv2d", "kernel": KERNEL.tolist()},
        }
        created: Document = self.ask("/api/v1/traces", request)
        return created

    def usage(self) -> Document:
        used: Document = self.ask("/bench/usage")
        return used


@contextmanager
def served(data_dir: Path) -> Iterator[Server]:
    with started([sys.executable, "-m", "tests.bench.serving_app", str(data_dir)]) as said:
        yield Server(int(said))


@contextmanager
def started(command: Sequence[str | Path]) -> Iterator[str]:
    """A process that says where it is in its first line; the line is empty when it cannot be started."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.communicate()


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"


def load(port: int, kind: str, request: str, **question: Any) -> Document:
    """What tests.bench.serving_load finds."""
    asked = json.dumps({"port": port, "kind": kind, "request": request, **question})
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving_load", asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(run.stderr.splitlines()[-1])
    found: Document = json.loads(run.stdout)
    return found


def check(server: Server, trace: Document) -> None:
    """Every sum against float64 NumPy, the same rows in each format, and a step as a part of the whole."""
    cells = np.load(io.BytesIO(server.fetch(trace["input"]["url"]))).astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(cells, ((1, 1), (1, 1), (0, 0))), (3, 3), (0, 1)
    )
    weights = KERNEL[..., 0].transpose(2, 0, 1).astype(np.float64)
    exact = np.einsum("yxchw,chw->yx", windows, weights).ravel()
    sums = rows_of(server.fetch(trace["url"] + "/positions?format=arrow"))["sum"].to_numpy()
    assert np.allclose(sums, exact, rtol=1e-5, atol=1e-5 * abs(exact).max())
    count = min(512, len(sums) - 1000)
    step = server.fetch(trace["url"] + STEP.replace("512", str(count)))
    assert np.array_equal(rows_of(step)["sum"].to_numpy(), sums[1000 : 1000 + count])
    lines = server.fetch(f"{trace['url']}/positions?count=100").splitlines()
    theirs = server.ask(f"/bench/rows?trace_id={trace['id']}&count=100")
    assert [json.loads(line) for line in lines[:-1]] == theirs


def rows_of(stream: bytes) -> Any:
    return pa.ipc.open_stream(stream).read_all()


def measure(server: Server, rounds: int, seconds: float, side: int = SIDE) -> Document:
    photo, unit = server.trace("0..255", side), server.trace("0..1", side)
    for trace in photo, unit:
        check(server, trace)
    return {
        "streams": [measure_stream(server, trace, rounds) for trace in (photo, unit)],
        "steps": [measure_steps(server, photo, count, rounds, seconds) for count in CONNECTIONS],
        "json": measure_json(server, unit, rounds),
    }


def measure_stream(server: Server, trace: Document, rounds: int) -> Document:
    """A whole trace, and as many constant bytes in chunks as large."""
    request = get(trace["url"] + "/positions?format=arrow")
    watch = get("/bench/usage")
    before = server.usage()["resident_bytes"]
    watched = load(server.port, "stream", request, first_bytes=8192, watch=watch)
    chunk = Settings().chunk_bytes
    constant = get(f"/bench/stream?size={watched['body_bytes']}&chunk={chunk}")
    taken: dict[str, list[Document]] = {"rows": [], "constant": []}
    for _ in range(rounds):
        for name, asked in ("rows", request), ("constant", constant):
            cpu = server.usage()["cpu_seconds"]
            found = load(server.port, "stream", asked, first_bytes=8192)
            taken[name].append(found | {"cpu_seconds": server.usage()["cpu_seconds"] - cpu})
    ratios = [b["seconds"] / a["seconds"] for a, b in zip(taken["rows"], taken["constant"], strict=True)]
    return {
        "dtype": trace["window_dtype"],
        "bytes": watched["body_bytes"],
        "gb_per_s": watched["body_bytes"] / median(taken["rows"], "seconds") / 1e9,
        "constant_gb_per_s": watched["body_bytes"] / median(taken["constant"], "seconds") / 1e9,
        "of_constant": statistics.median(ratios),
        "cpu_s_per_million": median(taken["rows"], "cpu_seconds") / trace["positions"] * 1e6,
        "constant_cpu_s_per_million": median(taken["constant"], "cpu_seconds") / trace["positions"] * 1e6,
        "first_ms": median(taken["rows"], "first_ms"),
        "growth_mib": (max(watched["resident_bytes"]) - before) / 2**20,
    }


def measure_steps(server: Server, trace: Document, connections: int, rounds: int, seconds: float) -> Document:
    """512 positions at a time, and constant bodies as large."""
    request, size = get(trace["url"] + STEP), len(server.fetch(trace["url"] + STEP))
    constant = get(f"/bench/body?size={size}")
    taken: dict[str, list[Document]] = {"rows": [], "constant": []}
    for _ in range(rounds):
        for name, asked in ("rows", request), ("constant", constant):
            found = load(server.port, "rate", asked, connections=connections, seconds=seconds)
            taken[name].append(found)
    ratios = [a["rate"] / b["rate"] for a, b in zip(taken["rows"], taken["constant"], strict=True)]
    return {
        "connections": connections,
        "bytes": size,
        "rate": median(taken["rows"], "rate"),
        "constant_rate": median(taken["constant"], "rate"),
        "of_constant": statistics.median(ratios),
        "p99_ms": median(taken["rows"], "p99_ms"),
        "constant_p99_ms": median(taken["constant"], "p99_ms"),
    }


def measure_json(server: Server, trace: Document, rounds: int) -> Document:
    """JSON Lines, and a list of the same rows as FastAPI writes it."""
    count = min(JSON_ROWS, trace["positions"])
    ours = get(f"{trace['url']}/positions?count={count}")
    theirs = get(f"/bench/rows?trace_id={trace['id']}&count={count}")
    pairs = [
        [load(server.port, "stream", asked, first_bytes=100)["seconds"] for asked in (ours, theirs)]
        for _ in range(rounds)
    ]
    return {
        "rows_per_s": count / statistics.median(pair[0] for pair in pairs),
        "fastapi_rows_per_s": count / statistics.median(pair[1] for pair in pairs),
        "ratio": statistics.median(pair[1] / pair[0] for pair in pairs),
    }


def measure_peer(library: str, seconds: float) -> Document | None:
    """The same step by an app of another library; None where that is not installed."""
    with started([peers_python(), "-m", "tests.bench.serving_peers", library]) as said:
        if not said.startswith("{"):
            return None
        peer = json.loads(said)
        rates = {}
        for connections in CONNECTIONS:
            for attempt in range(50):  # it says where it is before it listens
                try:
                    found = load(
                        peer["port"],
                        "rate",
                        peer["request"],
                        connections=connections,
                        seconds=seconds * connections * _PEER_SECONDS,
                        slack=_PEER_SLACK,
                    )
                    rates[connections] = found["rate"]
                    break
                except RuntimeError:
                    if attempt == 49:
                        raise
                    time.sleep(0.2)
    return {"library": library, "version": peer["version"], "rates": rates}


def median(found: Sequence[Document], name: str) -> float:
    return statistics.median(one[name] for one in found)


def show(document: Document) -> str:
    lines = ["", "streams of a whole trace        GB/s  constant   ratio  CPU s/M  first ms  grows by"]
    lines += [
        f"{row['dtype']:28s}{row['gb_per_s']:8.2f}{row['constant_gb_per_s']:10.2f}{row['of_constant']:8.2f}"
        f"{row['cpu_s_per_million']:9.3f}{row['first_ms']:10.1f}{row['growth_mib']:6.1f} MiB"
        for row in document["streams"]
    ]
    lines += ["", "512 positions at a time       rate/s  constant   ratio  p99 ms"]
    lines += [
        f"{row['connections']:3d} connections{row['rate']:21.0f}{row['constant_rate']:10.0f}"
        f"{row['of_constant']:8.2f}{row['p99_ms']:8.0f}"
        for row in document["steps"]
    ]
    for peer in document["peers"]:
        for row in document["steps"]:
            rate = peer["rates"][row["connections"]]
            lines.append(
                f"{peer['library']} {peer['version']}, {row['connections']} connections: {rate:.0f}/s, "
                f"ours {row['rate'] / rate:.0f} times as many"
            )
    rows = document["json"]
    lines.append(
        f"\nJSON Lines: {rows['rows_per_s']:.0f} rows/s, {rows['ratio']:.0f} times FastAPI's own JSON"
    )
    return "\n".join(lines)


def figures(data_dir: Path, rounds: int, seconds: float = 1.0) -> Document:
    with served(data_dir) as server:
        document = measure(server, rounds, seconds)
    peers = [measure_peer(library, seconds) for library in PEERS]
    return document | {"peers": [peer for peer in peers if peer is not None]}
