"""/metrics: what has happened is counted, by labels that a client cannot add to."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.wire import JsonLinesEncoder
from tests.app.serving import Served, serve
from tests.app.test_cli import free_port, running

API = "/api/v1"
BODY = {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Values, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path) as served:
        yield served


def metrics(served: Served) -> Values:
    answer = served.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return read(answer.text)


def test_so_are_those_that_never_reach_a_route(fresh: Served) -> None:
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", fresh.port), timeout=20) as connection:
            connection.sendall(b"nothing that is HTTP\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    found = metrics(fresh)
    labels = {"route": "unknown", "method": "other", "status": "400"}
    assert value(found, "convloupe_requests_total", **labels) == 2


def test_requests_are_counted_by_route(fresh: Served) -> None:
    url = fresh.trace(**BODY)["url"]
    sent = [fresh.client.get(f"{url}/positions/{position}") for position in (0, 1, 99)]
    fresh.client.head(f"{url}/positions/0")
    found = metrics(fresh)
    route = f"{API}/traces/{{trace_id}}/positions/{{position}}"
    requests = {
        (method, status): value(found, "convloupe_requests_total", route=route, method=method, status=status)
        for method, status in (("GET", "200"), ("GET", "422"), ("HEAD", "200"))
    }
    assert requests == {("GET", "200"): 2, ("GET", "422"): 1, ("HEAD", "200"): 1}
    labels = {"route": route, "method": "GET"}
    assert value(found, "convloupe_request_seconds_count", **labels) == 3
    assert value(found, "convloupe_request_seconds_bucket", **labels, le="+Inf") == 3
    assert value(found, "convloupe_sent_bytes_total", **labels) == sum(len(answer.content) for answer in sent)
    assert value(found, "convloupe_broken_off_total", **labels) == 0


def test_streams_pictures_the_store_and_the_process_are_counted(fresh: Served) -> None:
    before = metrics(fresh)
    assert value(before, "convloupe_store_entries") == 0
    url = fresh.trace(**BODY)["url"]
    fresh.client.get(f"{url}/positions?first=1")
    fresh.client.get(f"{url}/positions?count=2&format=arrow")
    fresh.client.post(f"{API}/outputs?format=arrow", json=BODY)  # rows, but of no trace
    sample = fresh.client.get("/static/samples/harbour.png").content
    for content in (sample, sample, b"%PDF-1.7"):
        fresh.client.post(f"{API}/images", files={"file": ("a.png", content)})
    found = metrics(fresh)
    assert value(found, "convloupe_positions_total") == 5
    assert value(found, "convloupe_images_total", result="decoded") == 2
    assert value(found, "convloupe_images_total", result="refused") == 1
    assert value(found, "convloupe_store_entries") == 3
    assert value(found, "convloupe_store_bytes") == fresh.services.store.usage()[1] > 0
    for name in ("convloupe_open_streams", "convloupe_waiting_requests", "convloupe_engine_compiled"):
        assert (name, frozenset()) in found
    assert value(found, "convloupe_tasks") >= 1
    assert value(found, "process_resident_memory_bytes") > 0


def test_a_client_cannot_add_labels(fresh: Served) -> None:
    for number in range(30):
        fresh.client.get(f"/nothing/{number}")
        fresh.client.get(f"{API}/traces/{number}")
        fresh.client.get(f"/static/samples/{number}.png")
        fresh.client.request("PROPFIND", f"/{number}")
        fresh.client.request("REPORT", f"{API}/traces")
    found = metrics(fresh)
    routes = {labels["route"] for _, pairs in found if "route" in (labels := dict(pairs))}
    assert routes == {"unknown", f"{API}/traces/{{trace_id}}", "/static/samples/{file}", f"{API}/traces"}
    methods = {labels["method"] for _, pairs in found if "method" in (labels := dict(pairs))}
    assert methods == {"GET", "other"}
    labels = {"route": "unknown", "method": "GET", "status": "404"}
    assert value(found, "convloupe_requests_total", **labels) == 30


def test_an_answer_that_was_broken_off_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = JsonLinesEncoder.encode

    def fail_later(encoder: JsonLinesEncoder, first: int, count: int) -> object:
        if first > 0:
            raise RuntimeError
        return encode(encoder, first, count)

    monkeypatch.setattr(JsonLinesEncoder, "encode", fail_later)
    with serve(tmp_path, chunk_bytes=1024) as served:
        url = served.trace(input={"sample": "harbour", "size": [40, 50]}, operation=BODY["operation"])["url"]
        with pytest.raises(httpx.RemoteProtocolError):
            served.client.get(f"{url}/positions")
        labels = {"route": f"{API}/traces/{{trace_id}}/positions", "method": "GET"}
        found = metrics(served)
    assert value(found, "convloupe_broken_off_total", **labels) == 1
    assert 0 < value(found, "convloupe_positions_total") < 2000


def test_they_can_be_kept_to_oneself(tmp_path: Path) -> None:
    with serve(tmp_path, metrics=False) as served:
        assert served.client.get("/metrics").status_code == 404
        assert "/metrics" not in served.client.get("/openapi.json").json()["paths"]


def test_any_worker_answers_for_all(tmp_path: Path) -> None:
    port = str(free_port())
    with running(tmp_path, "serve", "--workers", "2", "--port", port) as (_, url):
        for _ in range(30):  # a connection each, so that both workers answer
            assert httpx.get(f"{url}/api/v1/catalog").is_success
        for _ in range(6):
            found = read(httpx.get(f"{url}/metrics").text)
            labels = {"route": f"{API}/catalog", "method": "GET", "status": "200"}
            assert value(found, "convloupe_requests_total", **labels) == 30
            assert not [name for name, _ in found if re.match("process_", name)]
