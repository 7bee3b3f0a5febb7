"""Content codings: who gets which, that it is the same answer, that a stream still arrives as it is made."""

import gzip
import io
import zlib
from collections.abc import Callable

import httpx
import polars
import pyarrow as pa
import pytest
import zstandard

from app.compression import chosen
from app.wire import ArrowEncoder
from tests.app.serving import Served

# The server believes a proxy on its own machine about where the client is.
FAR = {"x-forwarded-for": "203.0.113.7"}
PHOTO = {
    "input": {"sample": "harbour", "size": [90, 110]},
    "operation": {"type": "conv2d", "filter": "sobel_x"},
}
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read(),
}


def fetch(server: Served, url: str, accepted: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer with its body as it was sent."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with server.client.stream(method, url, headers=FAR | {"accept-encoding": accepted} | named) as answer:
        answer._content = b"".join(answer.iter_raw())
    return answer


def plain(server: Served, url: str) -> bytes:
    content: bytes = fetch(server, url, "identity").content
    return content


@pytest.mark.parametrize(
    ("accepted", "coding", "needed"),
    [
        ("", None, False),
        ("identity", None, False),
        ("gzip", "gzip", False),
        ("gzip, deflate", "gzip", False),
        ("gzip, deflate, br, zstd", "zstd", False),
        ("ZSTD;q=0.3,GZip;Q=0.8", "gzip", False),
        ("zstd;q=0, gzip;q=0.001", "gzip", False),
        ("*", "zstd", False),
        ("*;q=0.5, zstd;q=0", "gzip", False),
        ("gzip;q=0.5, identity", None, False),
        ("gzip;q=0.5, identity;q=0.5", "gzip", False),
        ("identity;q=0", None, True),
        ("*;q=0", None, True),
        ("gzip, identity;q=0", "gzip", True),
        ("gzip, *;q=0", "gzip", True),
        ("*;q=0, identity;q=0.1", None, False),
        ("x-gzip", "gzip", False),
        ("br", None, False),
        ("gzip;q=nonsense", None, False),
        (" , ;;,gzip ; q=1.000 ,", "gzip", False),
    ],
)
def test_the_coding_that_is_liked_best(accepted: str, coding: str | None, needed: bool) -> None:
    assert chosen(accepted) == (coding, needed)


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("path", ["/positions?format=arrow", "/positions", "/input", "/positions/12"])
def test_it_is_the_same_answer(server: Served, path: str, coding: str) -> None:
    url = server.trace(**PHOTO)["url"] + path
    answer = fetch(server, url, coding)
    assert answer.headers["content-encoding"] == coding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert DECODERS[coding](answer.content) == plain(server, url)
    assert len(answer.content) < len(plain(server, url))


def test_what_is_read_through_it_is_an_arrow_stream(server: Served) -> None:
    url = server.trace(**PHOTO)["url"] + "/positions?format=arrow&columns=window,sum"
    for coding in DECODERS:
        answer = server.client.get(url, headers=FAR | {"accept-encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert pa.ipc.open_stream(answer.content).read_all().num_rows == 9900
        assert polars.read_ipc_stream(io.BytesIO(answer.content)).shape == (9900, 2)


def test_a_whole_body_has_its_length(server: Served) -> None:
    answer = fetch(server, "/api/v1/catalog", "gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_the_page_and_its_files_too(server: Served) -> None:
    for path in "/api/v1/catalog", "/static/dist/page.css":
        answer = fetch(server, path, "zstd, gzip")
        assert answer.headers["content-encoding"] == "zstd"
        assert DECODERS["zstd"](answer.content) == plain(server, path)
        assert len(answer.content) < len(plain(server, path)) / 1.5


@pytest.mark.parametrize("coding", DECODERS)
def test_the_page_is_compressed_well(server: Served, coding: str) -> None:
    quick = zlib.compress(plain(server, "/"), 1)
    assert len(fetch(server, "/", coding).content) < 0.93 * len(quick)


def test_what_gains_nothing_is_sent_as_it_is(server: Served) -> None:
    trace = server.trace(**PHOTO)
    for path in trace["input"]["url"] + "?format=png", "/healthz", trace["url"] + "/scale":
        answer = fetch(server, path, "zstd, gzip")
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_client_on_this_machine_gets_numbers_as_they_are(server: Served) -> None:
    for address in "127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1":
        headers = {"x-forwarded-for": address, "accept-encoding": "gzip"}
        answer = server.client.get("/api/v1/catalog", headers=headers)
        assert "content-encoding" not in answer.headers, address
        assert answer.headers["vary"] == "Accept-Encoding"
        page = server.client.get("/static/dist/page.css", headers=headers)
        assert page.headers["content-encoding"] == "gzip", address
    answer = server.client.get("/api/v1/catalog", headers={"accept-encoding": "gzip, identity;q=0"})
    assert answer.headers["content-encoding"] == "gzip"


def test_who_refuses_identity_gets_even_little_and_pictures_in_a_coding(server: Served) -> None:
    trace = server.trace(**PHOTO)
    for path in "/healthz", trace["input"]["url"] + "?format=png":
        answer = fetch(server, path, "gzip, identity;q=0")
        assert answer.headers["content-encoding"] == "gzip"
        assert DECODERS["gzip"](answer.content) == plain(server, path)


def test_who_refuses_everything_is_refused(server: Served) -> None:
    answer = fetch(server, "/healthz", "identity;q=0, br")
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"Accept-Encoding" in answer.content


def test_head_says_what_get_would(server: Served) -> None:
    url = server.trace(**PHOTO)["url"] + "/positions"
    head, get = fetch(server, url, "gzip", "HEAD"), fetch(server, url, "gzip")
    assert head.content == b""
    assert head.headers["content-encoding"] == "gzip"
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("path", ["/positions?count=50", "/positions/3", "/static/dist/page.css"])
def test_each_coding_has_a_tag_of_its_own_and_each_is_known_again(server: Served, path: str) -> None:
    url = path if path.startswith("/static") else server.trace(**PHOTO)["url"] + path
    tags = {coding: fetch(server, url, coding).headers["etag"] for coding in ("identity", "gzip", "zstd")}
    assert len(set(tags.values())) == 3
    for coding, tag in tags.items():
        for known in (f'"other", {tag}', f"W/{tag}"):  # a proxy that compresses calls the tag weak
            again = fetch(server, url, coding, if_none_match=known)
            assert again.status_code == 304
            assert again.headers["etag"] == tag
            assert "accept-encoding" in again.headers["vary"].lower()
            assert "content-encoding" not in again.headers
    # Who has it in another coding than the one now asked for does not have the answer.
    assert fetch(server, url, "identity", if_none_match=tags["gzip"]).status_code == 200
    assert fetch(server, url, "zstd", if_none_match=tags["gzip"]).status_code == 200
    # As it is it will do for everybody.
    assert fetch(server, url, "gzip", if_none_match=tags["identity"]).headers["etag"] == tags["identity"]


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_the_first_rows_arrive_before_the_last_are_computed(
    server: Served, monkeypatch: pytest.MonkeyPatch, coding: str
) -> None:
    encode, computed = ArrowEncoder.encode, 0

    def counted(encoder: ArrowEncoder, first: int, count: int) -> bytes:
        nonlocal computed
        computed += 1
        return encode(encoder, first, count)

    monkeypatch.setattr(ArrowEncoder, "encode", counted)
    large = PHOTO | {"input": {"sample": "harbour", "size": [1500, 1500]}}
    url = server.trace(**large)["url"] + "/positions?format=arrow"
    decoder = zlib.decompressobj(31) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    received = b""
    with server.client.stream("GET", url, headers=FAR | {"accept-encoding": coding}) as answer:
        for part in answer.iter_raw():
            received += decoder.decompress(part)
            if len(received) > 130_000:
                break
        # Of 2500 chunks; what is on the way has been computed too.
        assert 1 <= computed < 500
    reader = pa.ipc.open_stream(received)
    assert reader.read_next_batch().num_rows > 500
