"""What HTTP asks of every resource: HEAD, OPTIONS, 405, negotiation, CORS, security headers."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.errors import NotAcceptableError
from app.routes.common import _ranges, negotiate
from tests.app.serving import Served, serve

API = "/api/v1"
BODY = {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
GETS = ["", "/positions", "/positions?format=arrow", "/positions/1", "/inputs/0/1", "/scale", "/input"]
ELSEWHERE = "https://lesson.example"
LEGEND = ("Palette", "Minimum", "Maximum", "Tiles")


def assert_method_problem(answer: httpx.Response, allow: str) -> None:
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == allow
    assert allow in answer.json()["detail"]


class TestMethods:
    @pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/healthz", f"{API}/catalog", *GETS])
    def test_head_is_get_without_its_body(self, server: Served, path: str) -> None:
        url = path if path.startswith("/") and path not in GETS else server.trace(**BODY)["url"] + path
        head, get = server.client.head(url), server.client.get(url)
        assert head.status_code == get.status_code == 200
        assert head.content == b""
        varying = {"date", "x-request-id", "transfer-encoding"}
        if "content-encoding" in get.headers:
            varying.add("content-length")  # only the compressed body would tell
        shown = {name: value for name, value in head.headers.items() if name not in varying}
        assert shown == {name: value for name, value in get.headers.items() if name not in varying}

    def test_head_of_what_is_not_there(self, server: Served) -> None:
        answer = server.client.head(f"{API}/traces/0")
        assert (answer.status_code, answer.content) == (404, b"")
        assert server.client.head(f"{API}/traces").status_code == 405

    @pytest.mark.parametrize(
        ("path", "allow"),
        [
            (f"{API}/traces", "OPTIONS, POST"),
            (f"{API}/images", "OPTIONS, POST"),
            (f"{API}/traces/0/positions", "GET, HEAD, OPTIONS"),
            (f"{API}/catalog", "GET, HEAD, OPTIONS"),
            ("/", "GET, HEAD, OPTIONS"),
            ("/healthz", "GET, HEAD, OPTIONS"),
            ("/openapi.json", "GET, HEAD, OPTIONS"),
            ("/static/samples/harbour.png", "GET, HEAD, OPTIONS"),
        ],
    )
    def test_options_and_405_say_what_is_allowed(self, server: Served, path: str, allow: str) -> None:
        options = server.client.options(path)
        assert (options.status_code, options.headers["allow"], options.content) == (204, allow, b"")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(allow.split(", ")):
            assert_method_problem(server.client.request(method, path), allow)

    def test_options_of_the_server_itself(self, server: Served) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = connection.recv(2000)
        assert answer.startswith(b"HTTP/1.1 204")
        assert b"\r\nallow: GET, HEAD, OPTIONS, POST\r\n" in answer

    @pytest.mark.parametrize("path", [f"{API}/outputs/", f"{API}/catalog/", "/docs/", "/healthz/"])
    def test_a_slash_at_the_end_is_another_path(self, server: Served, path: str) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            answer = server.client.request(method, path)
            assert answer.status_code == 404
            assert answer.json()["detail"] == "nothing is at this path; /docs lists what there is"

    def test_options_of_nothing_is_not_found(self, server: Served) -> None:
        answer = server.client.options(f"{API}/nothing")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


OFFERED = {"application/json": "json", "image/png": "png", "application/x-npy": "npy"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "json"),
        ("", "json"),
        ("image/png", "png"),
        ("IMAGE/PNG", "png"),
        ("image/*", "png"),
        ("application/*", "json"),
        ("application/x-npy, application/json", "npy"),
        ("application/json;q=0.5, image/png;q=0.6", "png"),
        ("image/png;q=0.5, */*;q=0.5", "png"),
        ("text/html, */*;q=0.1", "json"),
        # The most specific range says the quality, wherever it is.
        ("*/*, application/json;q=0", "png"),
        ("application/json;q=0.1, application/*, image/png;q=0.2", "npy"),
        ("*/*;q=0.9, application/json;q=0.2, image/png;q=0.2", "npy"),
        ("application/json;charset=utf-8", "json"),
        ('text/html;title="a, image/png;q=1", image/png;q=0.3', "png"),
        ("image/png ; q=0.7 , application/json ; q=0.8", "json"),
        ("image/png;q=1.000", "png"),
        (", ,image/png", "png"),
        (";;;,, ;q=1", "json"),
        ('image/png;title="without an end, text/html', "png"),
        ("text/html", None),
        ("image/png;q=0", None),
        ("*/*;q=0", None),
        ("image/png;q=nan", None),
        ("image/png;q=2", None),
        ("image/png;q=-1", None),
        ("*/png", None),
    ],
)
def test_negotiation(accept: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(NotAcceptableError, match="image/png"):
            negotiate(accept, None, OFFERED, {})
    else:
        assert negotiate(accept, None, OFFERED, {}) == expected


def test_a_quotation_without_an_end_is_looked_through_once() -> None:
    assert _ranges('"\\' * 100) == [('"\\' * 100, 1.0)]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("application/merge-patch+json", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=b", 415),
        ("application/jsonp", 415),
        ("json", 415),
        (";", 415),
    ],
)
def test_only_json_is_read_as_json(server: Served, kind: str, status: int) -> None:
    answer = server.client.post(
        f"{API}/traces",
        content=httpx.Request("POST", "http://x", json=BODY).content,
        headers={"content-type": kind},
    )
    assert answer.status_code == status
    if status == 415:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "Content-Type"
        assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["traces", "outputs", "images"])
def test_a_body_that_is_compressed_is_not_read(server: Served, path: str) -> None:
    kind = {"content-type": "multipart/form-data; boundary=b" if path == "images" else "application/json"}
    for coding in ("gzip", "zstd", "identity, br"):
        answer = server.client.post(
            f"{API}/{path}", content=b"\x1f\x8b", headers=kind | {"content-encoding": coding}
        )
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (415, "Content-Encoding")
    plain = server.client.post(f"{API}/traces", json=BODY, headers={"content-encoding": "Identity"})
    assert plain.status_code == 201


@pytest.mark.parametrize("charset", ["undefined", "idna", "utf-7", "latin-1", "none", "utf-8; charset=idna"])
def test_a_form_in_another_charset_is_refused(server: Served, charset: str) -> None:
    content = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = server.client.post(f"{API}/images", content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (415, "Content-Type")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("cors"), cors_origins=[ELSEWHERE]) as served:
        yield served


class TestCors:
    def test_it_is_off(self, server: Served) -> None:
        answer = server.client.get(f"{API}/catalog", headers={"origin": ELSEWHERE})
        assert not [name for name in answer.headers if name.startswith("access-control")]
        asked = {"origin": ELSEWHERE, "access-control-request-method": "POST"}
        answer = server.client.options(f"{API}/traces", headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control")]

    def test_a_named_origin_may_use_everything(self, shared: Served) -> None:
        asked = {
            "origin": ELSEWHERE,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        leave = shared.client.options(f"{API}/traces", headers=asked)
        assert leave.status_code == 200
        assert leave.headers["access-control-allow-origin"] == ELSEWHERE
        assert "POST" in leave.headers["access-control-allow-methods"]
        assert "content-type" in leave.headers["access-control-allow-headers"].lower()
        assert "x-request-id" in leave.headers
        for answer in (
            shared.client.post(f"{API}/traces", json=BODY, headers={"origin": ELSEWHERE}),
            shared.client.get(f"{API}/traces/0", headers={"origin": ELSEWHERE}),
        ):
            assert answer.headers["access-control-allow-origin"] == ELSEWHERE
            assert "access-control-allow-credentials" not in answer.headers
            exposed = answer.headers["access-control-expose-headers"].split(", ")
            wanted = {"Content-Length", "ETag", "Location", "Retry-After", "X-Request-ID"}
            assert set(exposed) == wanted | {f"X-Convloupe-{name}" for name in LEGEND}

    def test_a_failure_of_ours_can_be_read_there_too(
        self, shared: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shared.services.traces, "describe", None)
        answer = shared.client.get(f"{API}/traces/0", headers={"origin": ELSEWHERE})
        assert answer.status_code == 500
        assert answer.headers["access-control-allow-origin"] == ELSEWHERE

    def test_another_origin_may_not(self, shared: Served) -> None:
        other = {"origin": "https://other.example"}
        assert "access-control-allow-origin" not in shared.client.get(f"{API}/catalog", headers=other).headers
        asked = other | {"access-control-request-method": "POST"}
        answer = shared.client.options(f"{API}/traces", headers=asked)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "access-control-allow-origin" not in answer.headers
        assert answer.json()["request_id"] == answer.headers["x-request-id"]

    def test_everybody_is_without_cookies(self, tmp_path: Path) -> None:
        with serve(tmp_path, cors_origins=["*"]) as served:
            headers = {"origin": "https://any.example", "cookie": "a=b"}
            answer = served.client.get(f"{API}/catalog", headers=headers)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers


FORGED = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://x.example:1"},
    {"sec-fetch-site": "cross-site", "origin": "http://x.example"},
    {"sec-fetch-site": "Same-Origin"},
    {"origin": "http://other.example"},
    {"origin": "http://x.example.other"},
    {"origin": "http://x.example:8000"},
    {"origin": "null"},
    {"origin": ""},
]
OWN = [
    {},
    {"sec-fetch-site": "same-origin", "origin": "http://elsewhere.example"},
    {"sec-fetch-site": "none"},
    {"origin": "http://x.example"},
    {"origin": "https://X.example"},
    {"origin": "http://x.example:443"},
]


class TestOrigins:
    """The host is x.example, and Sec-Fetch-Site goes before Origin."""

    @pytest.mark.parametrize("headers", FORGED, ids=str)
    @pytest.mark.parametrize("path", ["traces", "outputs", "images", "code"])
    def test_another_sites_page_cannot_have_anything_sent(
        self, server: Served, headers: dict[str, str], path: str
    ) -> None:
        answer = server.client.post(f"{API}/{path}", json=BODY, headers=headers | {"host": "x.example"})
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "Origin"

    @pytest.mark.parametrize("headers", FORGED, ids=str)
    def test_it_can_be_linked_to(self, server: Served, headers: dict[str, str]) -> None:
        for path in ("/", f"{API}/catalog"):
            assert server.client.get(path, headers=headers | {"host": "x.example"}).status_code == 200

    @pytest.mark.parametrize("headers", OWN, ids=str)
    def test_our_own_page_and_what_is_no_browser_can(self, server: Served, headers: dict[str, str]) -> None:
        answer = server.client.post(f"{API}/traces", json=BODY, headers=headers | {"host": "x.example"})
        assert answer.status_code == 201

    def test_so_can_those_that_cors_lets_in(self, shared: Served, tmp_path: Path) -> None:
        headers = {"origin": ELSEWHERE, "sec-fetch-site": "cross-site"}
        assert shared.client.post(f"{API}/traces", json=BODY, headers=headers).status_code == 201
        other = {"origin": "https://other.example", "sec-fetch-site": "cross-site"}
        assert shared.client.post(f"{API}/traces", json=BODY, headers=other).status_code == 403
        with serve(tmp_path, cors_origins=["*"]) as served:
            assert served.client.post(f"{API}/traces", json=BODY, headers=other).status_code == 201
