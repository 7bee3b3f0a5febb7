"""Killed at any moment, the server has every upload it acknowledged when it is back, whole, and none torn.

While several clients upload, the process is killed with SIGKILL at a random moment, and started again on the
same folder. In the end everything acknowledged is fetched and compared, and whatever else the store holds is
read.
"""

import io
import random
import sqlite3
import threading
import time
from contextlib import closing

import httpx
import numpy as np
from PIL import Image

from tests.app.test_cli import free_port
from tests.chaos.chaos import Chaos
from tests.chaos.servers import ended, running

_CLIENTS = 3


def prove(chaos: Chaos) -> str:
    port = free_port()
    kills = chaos.size(2, 100)
    acknowledged: dict[str, bytes] = {}
    for _ in range(kills):
        with running(chaos.folder, port=port) as server:
            threads = [
                threading.Thread(target=_upload, args=(port, chaos.random.random(), acknowledged))
                for _ in range(_CLIENTS)
            ]
            enough = len(acknowledged) + chaos.random.randint(1, 40)
            for thread in threads:
                thread.start()
            while len(acknowledged) < enough and any(thread.is_alive() for thread in threads):
                time.sleep(0.001)
            time.sleep(chaos.random.uniform(0, 0.02))
            children = server.family()[1:]
            server.kill()
            for thread in threads:
                thread.join()
            assert ended(children, 10), "decoding processes outlive the server"
    with running(chaos.folder, port=port) as server:
        for url, expected in acknowledged.items():
            answer = server.client.get(url)
            assert answer.status_code == 200, (url, answer.text)
            assert _content(answer.content) == expected, url
        assert server.errors() == [], server.errors()
    kept = _read_everything(chaos)
    assert kept >= len(acknowledged)
    return f"{kills} kills, {len(acknowledged)} uploads acknowledged, {kept} kept, 0 lost, 0 torn"


def _upload(port: int, seed: float, acknowledged: dict[str, bytes]) -> None:
    """Upload pictures and arrays of random sizes until the server is gone."""
    numbers = random.Random(seed)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        while True:
            height, width = numbers.randint(1, 300), numbers.randint(1, 300)
            values = np.frombuffer(numbers.randbytes(3 * height * width), np.uint8)
            values = values.reshape(height, width, 3)
            stream = io.BytesIO()
            if numbers.random() < 0.5:
                Image.fromarray(values).save(stream, "PNG", compress_level=1)
            else:
                np.save(stream, values)
            try:
                answer = client.post("/api/v1/images", files={"file": ("a", stream.getvalue())})
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            acknowledged[answer.json()["url"]] = values.tobytes()


def _content(body: bytes) -> bytes:
    """The numbers of a stored picture or array."""
    if body.startswith(b"\x93NUMPY"):
        return np.load(io.BytesIO(body)).tobytes()
    with Image.open(io.BytesIO(body)) as image:
        return image.tobytes()


def _read_everything(chaos: Chaos) -> int:
    """How many entries the store has; each of them can be read, and the totals are right."""
    with closing(sqlite3.connect(chaos.folder / "data" / "convloupe.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        bodies = [body for (body,) in connection.execute("SELECT body FROM checked")]
        entries = connection.execute("SELECT count(*), sum(bytes) FROM entry").fetchone()
        assert entries == (len(bodies), *connection.execute("SELECT bytes FROM total").fetchone())
    for body in bodies:
        _content(body)
    return len(bodies)
