"""The page, its files, the documentation, and what every answer carries."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from engine.ops import OPERATIONS
from tests.app.serving import Served, serve

SECURITY = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
}
TEMPLATE = """
<h1>{{ version }}</h1><img src="{{ asset('main.js') }}"><b>{{ catalog.samples[0].title }}</b>
<i>{{ first.explanation.sum }} {{ first.trace.positions }} {{ asset('missing.js') }}</i>
{% for chunk in preloads %}<link href="{{ chunk }}">{% endfor %}
<script type="application/json" id="catalog">{{ catalog_json | safe }}</script>
<script type="application/json" id="first">{{ first_json | safe }}</script>
"""


class Scripts(HTMLParser):
    """The text of each <script>, by id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = (dict(attrs).get("id") or "") if tag == "script" else ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._inside] = self.found.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the name is HTMLParser's
        self._inside = ""


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """(templates, static) of the test's own: the page's markup is its owner's business."""
    templates, static = tmp_path / "templates", tmp_path / "static"
    (static / "dist" / "chunks").mkdir(parents=True)
    templates.mkdir()
    shutil.copytree(Settings().static_dir / "samples", static / "samples")
    (templates / "page.html").write_text(TEMPLATE)
    (static / "dist" / "main.js").write_text("let a = 1;")
    return templates, static


def test_the_page_knows_the_first_visit(tmp_path: Path, own: tuple[Path, Path]) -> None:
    templates, static = own
    listing = static / "samples" / "samples.json"
    entries = json.loads(listing.read_text())
    entries[0]["title"] = hostile = "</script><script>alert('&')</script>"
    listing.write_text(json.dumps(entries))
    with serve(tmp_path / "data", templates_dir=templates, static_dir=static) as served:
        page = served.client.get("/")
        catalog = served.client.get("/api/v1/catalog").json()
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.text.count("<script") == 2
        assert "<b>&lt;/script&gt;" in page.text
        scripts = Scripts()
        scripts.feed(page.text)
        given = json.loads(scripts.found["catalog"])
        assert given == {name: catalog[name] for name in ("filters", "samples", "lessons")}
        assert catalog["samples"][0]["title"] == hostile
        first = json.loads(scripts.found["first"])
        assert first["input"] == {"sample": "harbour", "size": [64, 64]}
        assert first["operation"]["filter"] == "sobel_x"
        assert [call["framework"] for call in first["calls"]] == [
            one["framework"] for one in catalog["frameworks"]
        ]
        created = served.trace(input=first["input"], operation=first["operation"])
        assert created | {"expires_at": 0} == first["trace"] | {"expires_at": 0}
        explained = served.client.get(created["url"] + "/positions/0").json()
        assert explained == first["explanation"]
        assert f"<i>{explained['sum']} 4096 /static/dist/missing.js</i>" in page.text


def test_an_assets_url_changes_with_its_content(tmp_path: Path, own: tuple[Path, Path]) -> None:
    templates, static = own
    with serve(tmp_path / "data", templates_dir=templates, static_dir=static) as served:

        def asset() -> str:
            found = re.search(r'src="(/static/dist/main.js\?v=[0-9a-f]{16})"', served.client.get("/").text)
            assert found
            return found[1]

        first = asset()
        kept = served.client.get(first)
        assert kept.text == "let a = 1;"
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        checked = served.client.get("/static/dist/main.js")
        assert checked.headers["cache-control"] == "no-cache"
        again = served.client.get("/static/dist/main.js", headers={"if-none-match": checked.headers["etag"]})
        assert again.status_code == 304
        (static / "dist" / "main.js").write_text("let a = 2 + 2;")
        assert asset() != first
        assert "cache-control" not in served.client.get("/static/dist/none.js?v=1").headers


def test_chunks_are_kept_for_good_and_the_first_ones_named(tmp_path: Path, own: tuple[Path, Path]) -> None:
    templates, static = own
    (static / "dist" / "chunks" / "ABC.js").write_text("let b = 3;")
    with serve(tmp_path / "data", templates_dir=templates, static_dir=static) as served:
        assert "<link" not in served.client.get("/").text
        (static / "dist" / "preload.json").write_text('["chunks/ABC.js"]')
        assert '<link href="/static/dist/chunks/ABC.js">' in served.client.get("/").text
        kept = served.client.get("/static/dist/chunks/ABC.js").headers["cache-control"]
        assert kept == "public, max-age=31536000, immutable"
        assert "cache-control" not in served.client.get("/static/dist/chunks/none.js").headers


def test_the_projects_own_page_renders(server: Served) -> None:
    page = server.client.get("/")
    assert page.status_code == 200
    assert "Convloupe" in page.text


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/docs", "/api/v1/catalog", "/api/v1/traces/0", "/static/samples/harbour.png", "/no"],
)
def test_every_answer_is_guarded(server: Served, path: str) -> None:
    answer = server.client.get(path)
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    assert "server" not in answer.headers


def test_one_page_may_be_framed(server: Served, tmp_path: Path) -> None:
    answer = server.client.get("/embed?filter=sobel_y")
    assert '<html lang="en" data-embedded>' in answer.text
    own = SECURITY["content-security-policy"]
    assert answer.headers["content-security-policy"] == own.replace("ancestors 'none'", "ancestors *")
    assert answer.headers["permissions-policy"].startswith("camera=()")
    assert answer.headers["x-content-type-options"] == "nosniff"
    for named, policy in (
        ("https://a.example,http://b.example", "https://a.example http://b.example"),
        ("", "'none'"),
    ):
        with serve(tmp_path, embed_origins=named) as served:
            found = served.client.get("/embed").headers["content-security-policy"]
            assert f"frame-ancestors {policy};" in found
            assert served.client.get("/").headers["content-security-policy"] == own
            assert served.client.get("/embed/").headers["content-security-policy"] == own


def test_only_built_files_and_samples_are_served(server: Served) -> None:
    assert server.client.get("/static/samples/harbour.png").status_code == 200
    for path in ("/static/src/main.ts", "/static/package.json", "/static/", "/static/samples/"):
        assert server.client.get(path).status_code == 404


def test_a_failure_of_ours_is_a_500_that_tells_nothing(
    server: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(server.services.traces, "describe", fail)
    answer = server.client.get("/api/v1/traces/0%0aforged")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == SECURITY["content-security-policy"]
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-request-id"] in caplog.text
    assert "a secret" in caplog.text
    assert "\nforged" not in caplog.text


class TestDocumentation:
    def test_it_needs_nothing_from_elsewhere(self, server: Served) -> None:
        page = server.client.get("/docs").text
        assert "//" not in re.sub(r"<!doctype.*?>", "", page)
        links = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert "/docs/init.js" in links
        assert all(link.startswith(("/static/dist/swagger-ui/", "/docs/", "data:")) for link in links)
        assert not re.search(r"<script>|<style|style=", page)
        init = server.client.get("/docs/init.js")
        assert init.headers["content-type"].startswith("text/javascript")
        assert "/openapi.json" in init.text


class TestCatalog:
    def test_everything_in_it_works(self, server: Served) -> None:
        catalog = server.client.get("/api/v1/catalog").json()
        assert set(catalog) == {
            "operations",
            "paddings",
            "padding_modes",
            "activations",
            "filters",
            "samples",
            "lessons",
            "limits",
            "frameworks",
            "version",
        }
        assert [one["type"] for one in catalog["operations"]] == list(OPERATIONS)
        for one in catalog["operations"]:
            assert one["sentence"].endswith(".")
            asked = {name: {"kernel_size": [2, 3]}[name] for name in one["required"]}
            weights = {"filter": "sobel_x"} if "filter" in one["defaults"] else {}
            body = {"input": {"values": [[1, 2, 3], [4, 5, 6]]}}
            operation = {"type": one["type"]} | asked | weights
            brief = server.trace(**body, operation=operation)
            whole = server.trace(**body, operation=one["defaults"] | operation)
            assert brief["id"] == whole["id"]
            for layout in one["kernel_layouts"]:
                server.trace(**body, operation=operation | {"kernel_layout": layout})
            modes = catalog["padding_modes"] if "padding_mode" in one["defaults"] else []
            for mode in modes:
                server.trace(**body, operation=operation | {"padding_mode": mode})
            for activation in catalog["activations"] if weights else []:
                server.trace(**body, operation=operation | {"activation": activation})
        for one in catalog["filters"]:
            assert one["title"]
            assert one["sentence"].endswith(".")
            by_name, by_kernel = (
                server.output(
                    input={"sample": "harbour", "size": [8, 9]}, operation={"type": "conv2d"} | weights
                )
                for weights in ({"filter": one["name"]}, {"kernel": one["kernel"]})
            )
            assert by_name == by_kernel
        for one in catalog["samples"]:
            trace = server.trace(
                input={"sample": one["name"]}, operation={"type": "conv2d", "filter": "identity"}
            )
            described = trace["input"]
            assert (described["height"], described["width"]) == (one["height"], one["width"])
            assert described["channels"] == one["channels"]
            assert server.client.get(one["url"]).headers["content-type"] == "image/png"
            assert one["origin"]
        for one in catalog["lessons"]:
            server.trace(input=one["input"], operation=one["operation"])

    def test_limits_are_the_settings(self, tmp_path: Path) -> None:
        with serve(tmp_path, upload_bytes=4321) as served:
            assert served.client.get("/api/v1/catalog").json()["limits"]["upload_bytes"] == 4321


def test_health_answers_while_the_reference_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import main
    from engine import backend

    monkeypatch.setattr(main.ops, "warm", lambda: None)
    monkeypatch.setattr(backend, "_compiled", {})
    with serve(tmp_path) as served:
        assert served.client.get("/healthz").json()["engine"] == "reference"
        body = {"input": {"values": [[1, 2]]}, "operation": {"type": "conv2d", "kernel": [[5]]}}
        assert served.output(**body)["values"] == [[[5], [10]]]
    monkeypatch.undo()
    from engine import ops

    ops.warm()
    with serve(tmp_path) as served:
        assert served.client.get("/healthz").json()["engine"] == "compiled"
        assert served.output(**body)["values"] == [[[5], [10]]]
