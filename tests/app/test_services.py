"""What stands between the routes and the engine: the cache, the threads, the inputs."""

import asyncio
import gc
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import main
from app.errors import BusyError, NotFoundError
from app.held import Held
from app.images.pixels import write_png
from app.schemas import TraceRequest
from app.services import inputs
from app.services.cache import Cache
from app.services.compute import Compute
from engine import ops
from tests.app import oracle
from tests.app.serving import Served, serve


class TestCache:
    def test_the_least_recently_used_leave_first(self) -> None:
        cache = Cache[str](capacity=10, weigh=len)
        made: list[str] = []

        def get(key: str) -> str:
            return cache.get(key, lambda: made.append(key) or key)

        for key in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
            assert get(key) == key
        assert made == ["aaaa", "bbbb", "cccc", "bbbb"]

    def test_what_is_too_heavy_is_not_kept_and_drives_nothing_out(self) -> None:
        cache = Cache[str](capacity=5, weigh=len)
        cache.get("a", lambda: "light")
        for _ in range(2):
            assert cache.get("b", lambda: "too heavy") == "too heavy"
        assert cache.get("a", lambda: "lost") == "light"

    def test_a_failure_is_not_kept(self) -> None:
        cache = Cache[str](capacity=5, weigh=len)
        with pytest.raises(ZeroDivisionError):
            cache.get("a", lambda: str(1 // 0))
        assert cache.get("a", lambda: "fine") == "fine"


class TestCompute:
    def test_the_queue_is_bounded(self) -> None:
        async def run() -> None:
            compute = Compute(threads=1, queue=2, streams=1, held=Held(1))
            release = threading.Event()
            waiting = [asyncio.ensure_future(compute.run(release.wait, 10)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                await compute.run(str)
            admitted = asyncio.ensure_future(compute.run_admitted(lambda: "let in"))
            release.set()
            assert await asyncio.gather(*waiting) == [True, True]
            assert await admitted == "let in"
            assert await compute.run(lambda: "again") == "again"
            compute.close()

        asyncio.run(run())


def test_an_overload_is_answered_with_503(tmp_path: Path) -> None:
    with serve(tmp_path, queue=1, threads=1) as served:
        release, begun = threading.Event(), threading.Event()

        def hold(*_: Any) -> Any:
            begun.set()
            assert release.wait(20)
            raise NotFoundError("id", "was held")

        served.services.traces.describe = hold  # type: ignore[method-assign]
        first = threading.Thread(target=served.client.get, args=("/api/v1/traces/0",))
        first.start()
        assert begun.wait(20)
        refused = served.client.get("/api/v1/traces/0")
        health = served.client.get("/healthz")
        release.set()
        first.join()
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert health.status_code == 200


REQUEST = {
    "input": {"values": oracle.ARTICLE.tolist()},
    "operation": {"type": "conv2d", "filter": "vertical_edge"},
}


def test_an_input_is_decoded_once(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []
    original = inputs.read_png
    monkeypatch.setattr(inputs, "read_png", lambda *how: read.append(how) or original(*how))
    operation = {"type": "conv2d", "filter": "sobel_y"}
    trace = server.trace(input={"sample": "harbour", "size": [33, 31]}, operation=operation)
    for position in range(5):
        assert server.client.get(f"{trace['url']}/positions/{position}").status_code == 200
    server.output(input={"size": [33, 31], "sample": "harbour"}, operation=operation)
    assert len(read) == 1


def test_without_a_cache_every_answer_is_the_same(server: Served, tmp_path: Path) -> None:
    with serve(tmp_path, cache_bytes=0) as served:
        for path in ("", "/positions/7", "/positions", "/scale", "/input"):
            one, other = (
                each.client.get(each.trace(**REQUEST)["url"] + path).content for each in (served, server)
            )
            if path:
                assert one == other


def test_a_cached_input_cannot_be_changed(server: Served) -> None:
    trace = server.services.traces.create(TraceRequest.model_validate(REQUEST))
    array = server.services.traces.input(trace.id, 0)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0, 0] = 1


def test_an_evicted_image_takes_its_traces_along_and_says_so(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 500, 3), dtype=np.uint8)
    upload = {"file": ("a.png", write_png(noise))}
    with serve(tmp_path, store_bytes=1_100_000) as served:
        image = served.client.post("/api/v1/images", files=upload).json()
        body = {"input": {"image_id": image["id"]}, "operation": {"type": "conv2d", "filter": "sobel_x"}}
        trace = served.trace(**body)
        assert served.client.get(trace["url"] + "/positions/0").status_code == 200
        assert served.client.post("/api/v1/images", files=upload).status_code == 201
        assert served.client.get(image["url"]).status_code == 404
        gone = served.client.get(trace["url"] + "/positions/0")
        assert gone.status_code == 404
        assert gone.json()["errors"][0]["field"] == "input.image_id"
        assert "upload the image again" in gone.json()["detail"]
        assert served.client.post("/api/v1/traces", json=body).status_code == 404


def test_the_collector_passes_over_what_is_there_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a server is warm; or a request in a few thousand waits for a quarter of a second."""
    monkeypatch.setattr(ops, "is_warm", lambda: False)
    monkeypatch.setattr(ops, "warm", lambda: None)
    gc.unfreeze()
    main._warm()
    assert gc.get_freeze_count() > 10_000
