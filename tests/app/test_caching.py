"""What never changes says so, whoever has it is told so without computing it, and what is gone is gone."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.routes import stepping
from app.services.traces import Traces
from app.wire import ArrowEncoder
from tests.app.serving import Served, serve

DAY = "max-age=86400, immutable"
SAMPLE = {"input": {"sample": "harbour", "size": [12, 17]}}
FILTER = {"operation": {"type": "conv2d", "filter": "sobel_y"}}
NUMBERS = {"input": {"values": [[1, 2, 3], [4, 5, 6]]}}
KERNEL = {"operation": {"type": "conv2d", "kernel": [[1, 2]]}}
POOL = {"operation": {"type": "max_pool2d", "kernel_size": [2, 2]}}
PATHS = [
    "/positions",
    "/positions?first=2&count=3&columns=sum&format=arrow",
    "/positions/3",
    "/inputs/1/2",
    "/scale",
    "/input",
]


def uploaded(served: Served) -> str:
    file = io.BytesIO()
    Image.new("RGB", (7, 5), (10, 20, 30)).save(file, "PNG")
    url: str = served.client.post("/api/v1/images", files={"file": file.getvalue()}).json()["url"]
    return url


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path, store_bytes=1 << 20) as served:
        yield served


@pytest.mark.parametrize("path", PATHS)
def test_who_has_it_is_told_so_without_computing_it(
    server: Served, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.trace(**SAMPLE, **FILTER)["url"] + path
    first = server.client.get(url)
    assert first.headers["cache-control"] == f"public, {DAY}"
    assert first.headers["etag"].startswith('"')

    def compute(*_: Any, **__: Any) -> Any:
        raise AssertionError("it was computed")

    for owner, name in (
        (Traces, "explain"),
        (Traces, "input_cell"),
        (Traces, "scale"),
        (Traces, "input"),
        (ArrowEncoder, "encode"),
        (stepping, "TraceResponse"),
    ):
        monkeypatch.setattr(owner, name, compute)
    tag = first.headers["etag"]
    for known in tag, f'"a", W/{tag} ,"b"', "*":
        again = server.client.get(url, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        for name in "etag", "cache-control", "vary":
            assert again.headers.get(name) == first.headers.get(name)


def test_another_answer_has_another_tag(server: Served) -> None:
    one = server.trace(**SAMPLE, **FILTER)["url"]
    other = server.trace(**SAMPLE, **POOL)["url"]
    asked = [
        (one + "/positions", "application/x-ndjson"),
        (one + "/positions", "application/vnd.apache.arrow.stream"),
        (one + "/positions?first=1", "application/x-ndjson"),
        (one + "/positions?columns=sum", "application/x-ndjson"),
        (one + "/input", "application/x-npy"),
        (one + "/input", "image/png"),
        (one + "/positions/1", "*/*"),
        (one + "/positions/11", "*/*"),
        (other + "/positions", "application/x-ndjson"),
    ]
    tags = [server.client.get(url, headers={"accept": accept}).headers["etag"] for url, accept in asked]
    assert len(set(tags)) == len(asked)
    answer = server.client.get(one + "/positions", headers={"if-none-match": tags[1]})
    assert answer.status_code == 200


def test_another_version_has_another_tag(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.trace(**SAMPLE, **FILTER)["url"] + "/positions/1"
    tag = server.client.get(url).headers["etag"]
    monkeypatch.setattr("app.caching.__version__", "999")
    assert server.client.get(url, headers={"if-none-match": tag}).status_code == 200


def test_what_has_formats_varies_by_accept(server: Served) -> None:
    url = server.trace(**SAMPLE, **FILTER)["url"]
    for path in "/positions", "/input":
        assert "Accept" in server.client.get(url + path).headers["vary"].replace(",", "").split()
    assert server.client.get(url + "/positions/1").headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("request_", "kept_by"),
    [
        (SAMPLE | FILTER, "public"),
        (SAMPLE | POOL, "public"),
        (SAMPLE | KERNEL, "private"),
        (SAMPLE | {"operation": FILTER["operation"] | {"bias": [1]}}, "private"),
        (NUMBERS | FILTER, "private"),
        (NUMBERS | POOL, "private"),
    ],
)
def test_own_numbers_are_private(server: Served, request_: dict[str, Any], kept_by: str) -> None:
    url = server.trace(**request_)["url"]
    for path in "/positions", "/positions/1", "/inputs/1/1", "/scale", "/input":
        assert server.client.get(url + path).headers["cache-control"] == f"{kept_by}, {DAY}"


def test_uploads_are_private(server: Served) -> None:
    image = uploaded(server)
    url = server.trace(input={"image_id": image.rpartition("/")[2]}, **FILTER)["url"]
    for path in (image, *(url + path for path in PATHS)):
        answer = server.client.get(path)
        kept = "no-store" if path == image else DAY
        assert answer.headers["cache-control"] == f"private, {kept}"
        again = server.client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


def test_what_changes_is_not_kept(server: Served) -> None:
    trace = server.trace(**SAMPLE, **FILTER)
    assert server.client.get(trace["url"]).headers["cache-control"] == "private, no-store"
    refused = server.client.get(trace["url"] + "/positions/99999")
    assert refused.status_code == 422
    assert refused.headers["cache-control"] == "private, no-store"
    assert "etag" not in refused.headers


def test_the_catalog_is_asked_for_again_soon(server: Served) -> None:
    first = server.client.get("/api/v1/catalog")
    assert first.headers["cache-control"] == "public, max-age=60"
    again = server.client.get("/api/v1/catalog", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_gone_is_gone_for_who_has_it_too(own: Served) -> None:
    image = uploaded(own)
    url = own.trace(input={"image_id": image.rpartition("/")[2]}, **FILTER)["url"]
    known = {path: own.client.get(path).headers["etag"] for path in (image, *(url + path for path in PATHS))}
    for brightness in range(40):  # each trace takes some 50 KB of the store's one MB
        values = [[brightness + x / 7 for x in range(110)] for _ in range(60)]
        own.trace(input={"values": values}, **FILTER)
    for path, tag in known.items():
        assert own.client.get(path, headers={"if-none-match": tag}).status_code == 404, path


def test_an_evicted_image_ends_its_traces_at_once(own: Served) -> None:
    """Those at hand too, which are answered without asking a thread."""
    image_id = uploaded(own).rpartition("/")[2]
    url = own.trace(input={"image_id": image_id}, **FILTER)["url"] + "/positions"
    assert own.client.get(url).status_code == own.client.get(url).status_code == 200
    with own.services.store._transaction() as connection:  # type: ignore[attr-defined]
        connection.execute("DELETE FROM entry WHERE id = ?", (image_id,))
    assert own.client.get(url).status_code == 404


def test_a_trace_that_another_process_let_go_is_gone_here_too(own: Served) -> None:
    """Also from what is at hand, where nothing of anybody's own would notice."""
    trace = own.trace(**SAMPLE, **FILTER)
    paths = [f"{trace['url']}/positions?count=1", f"{trace['url']}/positions/3"]
    assert [own.client.get(path).status_code for path in paths * 2] == [200] * 4
    with own.services.store._transaction() as connection:  # type: ignore[attr-defined]
        connection.execute("DELETE FROM entry WHERE id = ?", (trace["id"],))
    assert [own.client.get(path).status_code for path in paths] == [404, 404]
