"""A full disk is answered with 507 and loses nothing: what is kept is served, and the server goes on.

The server runs with its store and its temporary files on a file system of a few megabytes, which it fills
itself: up to what is to be left free, then, with nothing to be left free, to the last byte.
"""

import os
import shutil
import subprocess
from pathlib import Path

import httpx

from tests.chaos.chaos import Chaos, NotHere
from tests.chaos.files import npy
from tests.chaos.servers import MIB, Server, running

_DISK = 24 * MIB


def prove(chaos: Chaos) -> str:
    figures = []
    for free_bytes in (4 * MIB, 0):
        with running(
            chaos.folder / str(free_bytes),
            within=_small_disk,
            store_free_bytes=free_bytes,
            store_bytes=1024 * MIB,
            shutdown_seconds=1,
        ) as server:
            figures.append(_fill(chaos, server, free_bytes))
    return "; ".join(figures)


def _small_disk(folder: Path) -> list[str]:
    """A command that runs another one with a file system of its own, which nobody else sees, at `folder`."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise NotHere("only root can mount a small file system")
    folder.mkdir(parents=True)
    mount = f'mount -t tmpfs -o size={_DISK} none {folder} && export TMPDIR={folder} && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", mount, "sh"]
    if subprocess.run([*command, "true"], capture_output=True).returncode:
        raise NotHere("nothing may be mounted")
    return command


def _fill(chaos: Chaos, server: Server, free_bytes: int) -> str:
    disk = Path(f"/proc/{server.process.pid}/root{server.data}")
    kept: dict[str, bytes] = {}
    trace = server.client.post("/api/v1/traces", json=_request(0)).json()["url"]
    refused = 0
    while refused < 5:
        answer, content = _upload(chaos, server)
        if answer.status_code == 201:
            kept[answer.json()["url"]] = content
            refused = 0
        else:
            assert answer.status_code == 507, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            refused += 1
    assert kept
    free = shutil.disk_usage(disk).free
    # The log that SQLite writes ahead is emptied into the file only now and then.
    assert free >= free_bytes / 2 or not free_bytes, free
    ballast = disk / "ballast"
    _write_until_full(ballast)
    for number in range(20):
        answer = server.client.post("/api/v1/traces", json=_request(number))
        assert answer.status_code in (201, 507), answer.text
    _all_there(server, kept, trace)
    assert server.client.get("/readyz").json()["store"] == ("full" if free_bytes else "ok")
    ballast.unlink()
    if free_bytes:
        # Others took the room; now there is some again, as when somebody has cleaned up.
        server.client.post("/api/v1/images", files={"file": ("a.npy", _array(bytes(1000)))})
    _all_there(server, kept, trace)
    assert server.errors() == [], server.errors()
    said = f"{free_bytes // MIB} MB to be left free" if free_bytes else "to the last byte"
    return f"{said}: {len(kept)} uploads kept, then 507, 0 lost"


def _upload(chaos: Chaos, server: Server) -> tuple[httpx.Response, bytes]:
    cells = chaos.random.randbytes(chaos.random.randrange(10_000, 3 * MIB))
    return server.client.post("/api/v1/images", files={"file": ("a.npy", _array(cells))}), cells


def _array(cells: bytes) -> bytes:
    return npy(f"{{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, {len(cells)}), }}\n", cells)


def _request(number: int) -> dict[str, object]:
    return {
        "input": {"values": [[1, 2], [3, number]]},
        "operation": {"type": "conv2d", "kernel": [[number + 1]], "padding": "VALID"},
    }


def _write_until_full(file: Path) -> None:
    with file.open("wb", buffering=0) as writer:
        for size in (MIB, 4096, 1):
            try:
                while writer.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


def _all_there(server: Server, kept: dict[str, bytes], trace: str) -> None:
    for url, content in kept.items():
        answer = server.client.get(url)
        assert answer.status_code == 200, answer.text
        assert answer.content.endswith(content)
    assert server.client.get(f"{trace}/positions/3").json()["sum"] == 0
