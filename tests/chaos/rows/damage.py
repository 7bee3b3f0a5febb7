"""Whatever has become of its file, the server starts, sets aside what is broken, says so, and takes uploads.

The store's file is cut, overwritten in random places, or exchanged, while the server is away and, at length,
while it runs; bits of it flip. No request is answered with 500, and no image with other bytes than it had;
what cannot be read is gone or, until the next start, away.
"""

import io
import random
from collections import Counter
from pathlib import Path

import httpx
import numpy as np

from tests.chaos.chaos import Chaos
from tests.chaos.servers import Server, running

_ALLOWED = (200, 201, 404, 503)


def prove(chaos: Chaos) -> str:
    counted: Counter[str] = Counter()
    for number in range(chaos.size(1, 40)):
        folder = chaos.folder / str(number)
        file = folder / "data" / "convloupe.sqlite3"
        with running(folder) as server:
            kept = {url: server.client.get(url).content for url in _uploaded(chaos, server, 6)}
            if chaos.long and chaos.random.random() < 0.3:
                _damage(chaos.random, number, file)
                _use(chaos, server, kept)
                counted["hurt while it ran"] += 1
            server.stop()
        _damage(chaos.random, number, file)
        with running(folder) as server:
            _use(chaos, server, kept)
            found_late = server.client.get("/readyz").status_code == 503
        with running(folder) as server:
            # Damage that only a request could find has been found now, or does no harm.
            store = server.client.get("/readyz").json()["store"]
            assert store == "new" if found_late else store in ("ok", "new")
            _use(chaos, server, kept)
            if found_late:
                assert _upload(chaos, server).status_code == 201
        aside = file.with_name(f"{file.name}.broken").exists()
        counted["set aside" if aside else "served on"] += 1
    return (
        ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
        + ", 0 times 500 or other bytes"
    )


def _uploaded(chaos: Chaos, server: Server, count: int) -> list[str]:
    return [_upload(chaos, server).json()["url"] for _ in range(count)]


def _use(chaos: Chaos, server: Server, kept: dict[str, bytes]) -> None:
    read = {url: server.client.get(url) for url in kept}
    for answer in (*read.values(), *(_upload(chaos, server) for _ in range(3))):
        assert answer.status_code in _ALLOWED, (answer.request, answer.text)
    for url, answer in read.items():
        assert answer.status_code != 200 or answer.content == kept[url], url
    assert server.process.poll() is None


def _upload(chaos: Chaos, server: Server) -> httpx.Response:
    stream = io.BytesIO()
    np.save(stream, np.frombuffer(chaos.random.randbytes(40_000), np.uint8).reshape(200, 200))
    return server.client.post("/api/v1/images", files={"file": ("a.npy", stream.getvalue())})


def _damage(numbers: random.Random, kind: int, file: Path) -> None:
    content = bytearray(file.read_bytes())
    match kind % 6:
        case 0:
            for _ in range(numbers.choice([1, 10, 1000])):
                content[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
        case 1:
            for _ in range(numbers.choice([1, 4, 40])):
                at = numbers.randrange(len(content))
                content[at : at + 512] = numbers.randbytes(len(content[at : at + 512]))
        case 2:
            del content[numbers.randrange(1, len(content)) :]
        case 3:
            content = bytearray(numbers.randbytes(len(content)))
        case 4:
            content[: numbers.choice([16, 100, 4096])] = bytes(100)
        case _:
            content = bytearray(b"<html>not found</html>")
    with file.open("r+b") as writer:
        writer.write(content)
        writer.truncate(len(content))
