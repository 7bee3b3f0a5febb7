"""The OpenAPI document: complete, true, and every example of it works when it is pasted."""

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from engine.layouts import KERNEL_LAYOUTS
from engine.ops import OPERATIONS
from tests.app.serving import Served, serve

DOCUMENT = create_app(Settings()).openapi()
API = "/api/v1"
ROUTES = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]
BODY: dict[str, Any] = {
    "input": {"values": [[1, 2], [3, 4]]},
    "operation": {"type": "conv2d", "filter": "identity"},
}
STATUSES = ("400", "404", "406", "413", "415", "422", "503", "507")


def test_it_is_openapi_3_1_of_this_version() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["info"]["version"]
    assert all(path.startswith(API) for _, path in ROUTES if path not in {"/healthz", "/readyz", "/metrics"})


def test_operations_have_names_and_tags_are_described() -> None:
    operations = [DOCUMENT["paths"][path][method] for method, path in ROUTES]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z_]{4,30}", name) for name in names)
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"].endswith((".", "?"))}
    assert {tag for operation in operations for tag in operation["tags"]} == described


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_operation_is_described(method: str, path: str) -> None:
    operation = DOCUMENT["paths"][path][method]
    assert operation["summary"]
    assert operation["description"]
    (success,) = (status for status in operation["responses"] if status.startswith("2"))
    assert operation["responses"][success]["content"], "no media type"
    for status, answer in operation["responses"].items():
        assert answer["description"]
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("small"), json_bytes=2000, upload_bytes=3000) as served:
        yield served


GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002024401003b")


def working(served: Served, method: str, path: str, **names: str) -> tuple[str, dict[str, Any]]:
    """The address of a route and what to send there so that it answers with success."""
    image = served.client.post(f"{API}/images", files={"file": ("a.gif", GIF)}).json()
    known = {"trace_id": served.trace(**BODY)["id"], "image_id": image["id"]}
    known |= {"position": "3", "y": "1", "x": "0"}
    request: dict[str, Any] = {}
    if path == f"{API}/images":
        request["files"] = {"file": ("a.gif", GIF)}
    elif path == f"{API}/geometry":
        request["json"] = {"input_shape": [4, 5], "operation": BODY["operation"]}
    elif path == f"{API}/compare":
        request["json"] = BODY | {"conventions": ["call", "opencv"]}
    elif path == f"{API}/calls":
        request["json"] = {"text": "F.conv2d(x, w)"}
    elif method == "post":
        request["json"] = BODY
    return path.format(**known | names), request


def provoke(served: Served, method: str, path: str, status: str) -> httpx.Response:  # noqa: C901  a table
    """What a route answers when it is asked for this refusal."""
    url, request = working(served, method, path)
    kind = "multipart/form-data; boundary=b" if "files" in request else "application/json"
    headers = {"content-type": kind}
    match status:
        case "400":
            request = {"content": b"{", "headers": headers}
        case "404":
            url, _ = working(served, method, path, trace_id="0" * 32, image_id="0" * 32)
            if "json" in request:
                request["json"] = request["json"] | {"input": {"image_id": "0" * 32}}
        case "406":
            request["headers"] = {"accept": "text/csv"}
        case "413":
            request = {"content": b"{" + b" " * 200_000, "headers": headers}
        case "415" if "files" in request:
            request["files"] = {"file": ("a.gif", b"%PDF-1.7")}
        case "415":
            request = {"content": b"a,b", "headers": {"content-type": "text/csv"}}
        case "422" if "files" in request:
            request["files"] = {"picture": ("a.gif", GIF)}
        case "422" if method == "post":
            request = {"json": {}}
        case "422":
            url, _ = working(served, method, path, position="-1", y="-1")
            request = {"params": {"batch": "-1"}}
        case "503":
            served.services.compute.waiting += 10_000
        case "507":
            served.services.store._free_bytes = 1 << 60  # type: ignore[attr-defined]
            if path == f"{API}/traces":  # one that is not kept yet: what is kept can still be used
                request = {"json": BODY | {"input": {"values": [[5, 0, 7]]}}}
    try:
        return served.client.request(method, url, **request)
    finally:
        served.services.compute.waiting %= 10_000
        served.services.store._free_bytes = 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_refusal_is_documented_where_it_can_happen_and_nowhere_else(
    small: Served, method: str, path: str, status: str
) -> None:
    documented = status in DOCUMENT["paths"][path][method]["responses"]
    answer = provoke(small, method, path, status)
    assert (answer.status_code == int(status)) == documented, answer.text
    assert str(answer.status_code) in DOCUMENT["paths"][path][method]["responses"]
    if documented:
        assert answer.headers["content-type"] == "application/problem+json"


def bodies(media: str) -> list[tuple[str, Any]]:
    """(path, body) of each example of a request in this media type."""
    return [
        (path, example["value"])
        for method, path in ROUTES
        for name, content in DOCUMENT["paths"][path][method].get("requestBody", {}).get("content", {}).items()
        if name == media
        for example in content.get("examples", {}).values()
    ]


@pytest.mark.parametrize(("path", "body"), bodies("application/json"))
def test_an_example_works_when_it_is_pasted(server: Served, path: str, body: Any) -> None:
    answer = server.client.post(path, json=body)
    assert answer.is_success, answer.text
    if path == f"{API}/traces":
        rows = server.client.get(f"{answer.json()['url']}/positions?count=1").text
        assert '"sum":' in rows or '"output":' in rows


def test_there_are_examples_for_every_operation() -> None:
    posted: dict[str, set[str]] = {}
    for path, body in bodies("application/json"):
        if "operation" in body:
            posted.setdefault(path, set()).add(body["operation"]["type"])
    routes = ("geometry", "outputs", "traces", "code", "compare", "equivalences")
    assert posted == {f"{API}/{name}": set(OPERATIONS) for name in routes}


def test_every_reference_leads_somewhere(server: Served) -> None:
    text = server.client.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert wanted <= set(schemas)
    assert "#/$defs" not in text
    assert "Problem" in wanted


def test_every_type_of_operation_has_a_schema_of_its_own(server: Served) -> None:
    schemas = server.client.get("/openapi.json").json()["components"]["schemas"]
    operation = schemas["TraceRequest"]["properties"]["operation"]
    assert operation["discriminator"] == {"propertyName": "type"}
    names = [one["$ref"].rpartition("/")[2] for one in operation["oneOf"]]
    assert [schemas[name]["properties"]["type"]["const"] for name in names] == list(OPERATIONS)
    takes = {
        kind: {field.name for field in dataclasses.fields(entry.spec)} | {"type"}
        for kind, entry in OPERATIONS.items()
    }
    for name, (kind, fields) in zip(names, takes.items(), strict=True):
        extra = {"filter", "kernel_layout"} if "kernel" in fields else set()
        assert set(schemas[name]["properties"]) == fields | extra
        layouts = schemas[name]["properties"].get("kernel_layout", {})
        offered = layouts.get("enum", [layouts.get("const")]) if layouts else []
        assert offered == list(KERNEL_LAYOUTS.get(kind, ()))
