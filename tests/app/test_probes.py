"""Requests that nobody sends by accident, over a socket, since no client library would: each gets its 4xx.

What is no HTTP at all never reaches the application, and is refused in the same shape.
"""

import http.client
import json
import socket
from typing import Any

import pytest

from app.errors import MalformedError
from app.routes.common import strict_json
from tests.app.serving import Served

GOOD = json.dumps(
    {"input": {"values": [[1, 2], [3, 4]]}, "operation": {"type": "conv2d", "filter": "identity"}}
).encode()
JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=b\r\n"
FILE = b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n'
PROBLEM = b"application/problem+json"


def request(
    headers: bytes, body: bytes = b"", path: bytes = b"/api/v1/traces", method: bytes = b"POST"
) -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + body


def sized(headers: bytes, body: bytes, path: bytes = b"/api/v1/traces") -> bytes:
    return request(headers + b"Content-Length: %d\r\n" % len(body), body, path)


def send(server: Served, sent: bytes) -> tuple[int, bytes, bytes]:
    """Status, media type and body of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers.get("content-type", "").encode(), answer.read()


def chunked(*chunks: bytes) -> bytes:
    return request(JSON + b"Transfer-Encoding: chunked\r\n", b"".join(chunks))


NO_HTTP = {
    "a length that is too short": sized(JSON, GOOD).replace(b"Length: %d" % len(GOOD), b"Length: 20"),
    "a negative length": request(JSON + b"Content-Length: -1\r\n", GOOD),
    "a length with a sign": request(JSON + b"Content-Length: +5\r\n", GOOD),
    "a length in hexadecimal": request(JSON + b"Content-Length: 0x10\r\n", GOOD),
    "a list of lengths": request(JSON + b"Content-Length: 5, 5\r\n", GOOD),
    "a length of 26 digits": request(JSON + b"Content-Length: " + b"9" * 26 + b"\r\n", GOOD),
    "two lengths": request(JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n", b"{}"),
    "a length and chunks": request(
        JSON + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"
    ),
    "an unknown transfer encoding": request(JSON + b"Transfer-Encoding: gzip\r\n", GOOD),
    "a chunk without a size": chunked(b"zz\r\n", GOOD, b"\r\n0\r\n\r\n"),
    "a chunk of negative size": chunked(b"-5\r\nhello\r\n0\r\n\r\n"),
    "a chunk of more than it says": chunked(b"5\r\n", GOOD, b"\r\n0\r\n\r\n"),
    "a chunk beyond all sizes": chunked(b"f" * 18 + b"\r\n", GOOD, b"\r\n0\r\n\r\n"),
    "a zero byte in a header": request(JSON + b"X: a\0b\r\nContent-Length: 2\r\n", b"{}"),
    "bytes in the path": request(b"", path=b"/api/v1/traces/\xff\xfe", method=b"GET"),
    "a method of no kind": request(b"", path=b"/", method=b"BREW"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("case", NO_HTTP)
def test_what_is_no_http_is_400(server: Served, case: str) -> None:
    status, media, body = send(server, NO_HTTP[case])
    assert (status, media) == (400, PROBLEM)
    assert len(json.loads(body)["request_id"]) == 32
    assert len(body) < 600


@pytest.mark.parametrize("sent", [GOOD, b"%x\r\n%b\r\n" % (len(GOOD), GOOD)])
def test_a_body_that_never_ends_is_let_go_with_its_client(server: Served, sent: bytes) -> None:
    encoding = b"Content-Length: 2000\r\n" if sent == GOOD else b"Transfer-Encoding: chunked\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request(JSON + encoding, sent))
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert server.client.get("/healthz").status_code == 200


def deep(depth: int) -> bytes:
    return b'{"input": {"values": ' + b"[" * depth + b"1" + b"]" * depth + b"}}"


NO_JSON: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "spaces": b"   ",
    "one more letter": GOOD + b"x",
    "two values": GOOD + GOOD,
    "a comment": b"/* */" + GOOD,
    "single quotes": GOOD.replace(b'"', b"'"),
    "a zero byte": GOOD + b"\0",
    "a line break in a text": b'{"input": {"sample": "a\nb"}}',
    "a number with a zero before it": GOOD.replace(b"1", b"01"),
    "a number in hexadecimal": GOOD.replace(b"1", b"0x1"),
    "100 000 digits": GOOD.replace(b"1", b"9" * 100_000),
    "100 000 brackets": deep(100_000),
    "1 000 objects": b'{"a":' * 1000 + b"1" + b"}" * 1000,
    "a lone surrogate in a text": b'{"input": {"sample": "\\ud800"}}',
    "a lone surrogate in a name": b'{"\\udfff": 1}',
    "an overlong code": b'{"input": "\xc0\xaf"}',
    "the same name twice": GOOD[:-1] + b', "input": {"sample": "harbour"}}',
    "the same name twice within": GOOD.replace(b'"type"', b'"filter": "corner", "type"'),
    "the same name, escaped": GOOD[:-1] + b', "\\u0069nput": {"sample": "harbour"}}',
    "100 000 names": json.dumps({f"name{number}": 1 for number in range(100_000)}).encode(),
    "gzip": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize(
    "path", ["geometry", "outputs", "traces", "code", "compare", "equivalences", "calls"]
)
@pytest.mark.parametrize("case", NO_JSON)
def test_what_is_no_json_is_400(server: Served, case: str, path: str) -> None:
    status, media, body = send(server, sized(JSON, NO_JSON[case], b"/api/v1/" + path.encode()))
    assert (status, media) == (400, PROBLEM)
    found = json.loads(body)
    assert [error["field"] for error in found["errors"]] == ["body"]
    assert found["detail"].startswith("body: ")
    assert len(body) < 600


@pytest.mark.parametrize("path", ["geometry", "outputs", "traces", "code", "compare", "equivalences"])
@pytest.mark.parametrize(
    "value", ["NaN", "-Infinity", "1e400", '"' + "x" * 1_000_000 + '"', "[[[[[[]]]]]]", "{}"]
)
@pytest.mark.parametrize("field", ["strides", "kernel", "bias", "padding", "groups", "activation", "type"])
def test_a_value_of_no_use_is_422_by_its_field(server: Served, field: str, value: str, path: str) -> None:
    asked: dict[str, Any] = {"type": "conv2d", "kernel": [[1]]}
    asked[field] = "PLACE"
    whole: dict[str, Any] = {"input_shape": [4, 5]} if path == "geometry" else {"input": {"values": [[1, 2]]}}
    if path == "compare":
        whole["conventions"] = ["tensorflow_same", "call"]
    sent = json.dumps(whole | {"operation": asked}).replace('"PLACE"', value).encode()
    status, media, body = send(server, sized(JSON, sent, b"/api/v1/" + path.encode()))
    assert (status, media) == (422, PROBLEM)
    assert json.loads(body)["errors"][0]["field"].startswith(f"operation.{field}")
    assert len(body) < 4000


def parts(*texts: bytes) -> bytes:
    return b"".join(b"--b\r\n" + text + b"\r\n" for text in texts) + b"--b--\r\n"


FIELD = b'Content-Disposition: form-data; name="x"\r\n\r\n'
FORMS: dict[str, tuple[bytes, bytes, int]] = {
    "no boundary": (b"Content-Type: multipart/form-data\r\n", b"--b--", 400),
    "an empty boundary": (b"Content-Type: multipart/form-data; boundary=\r\n", b"----", 422),
    "nothing": (FORM, b"", 422),
    "no end": (FORM, b"--b\r\n" + FIELD + b"x", 422),
    "another boundary": (FORM, b"--c\r\n" + FILE + b"\r\nx\r\n--c--\r\n", 400),
    "a part without a name": (FORM, parts(b"Content-Disposition: form-data\r\n\r\nx"), 400),
    "a part without headers": (FORM, parts(b"\r\nx"), 400),
    "2 000 fields": (FORM, parts(*[FIELD + b"x"] * 2000), 400),
    "2 000 files": (FORM, parts(*[FILE + b"\r\nx"] * 2000), 400),
    "a header of 60 KB": (FORM, parts(b"X: " + b"a" * 60_000 + b"\r\n" + FILE + b"\r\nx"), 400),
    "a field of 2 MB": (FORM, parts(FIELD + b"x" * 2_000_000), 413),
    "a name that is a path": (FORM, parts(FILE.replace(b"a.png", b"../../\x1b[31m\xff.png") + b"\r\nx"), 415),
    "JSON": (JSON, b"{}", 415),
    "a text": (b"Content-Type: text/plain\r\n", b"x", 415),
}


@pytest.mark.parametrize("case", FORMS)
def test_a_bad_form_is_refused(server: Served, case: str) -> None:
    headers, body, expected = FORMS[case]
    status, media, _ = send(server, sized(headers, body, b"/api/v1/images"))
    assert (status, media) == (expected, PROBLEM)


@pytest.mark.parametrize(
    "path",
    [
        b"/api/v1/traces/a%00b",
        b"/api/v1/traces/a%0d%0aSet-Cookie:%20a=b",
        b"/api/v1/images/%2e%2e%2fx",
        b"/%ff",
    ],
)
def test_a_path_to_nothing_is_404(server: Served, path: bytes) -> None:
    status, media, _ = send(server, request(b"", path=path, method=b"GET"))
    assert (status, media) == (404, PROBLEM)


def test_a_part_of_a_file_is_the_whole_file(server: Served) -> None:
    for asked in (b"bytes=5-1", b"bytes=0-0", b"bytes=" + b"0-1," * 2000 + b"0-1", b"lines=1-2"):
        status, media, _ = send(
            server, request(b"Range: " + asked + b"\r\n", path=b"/static/samples/harbour.png", method=b"GET")
        )
        assert (status, media) == (200, b"image/png")


class TestStrictJson:
    @pytest.mark.parametrize(
        "text", ['{"a": {"x": 1}, "b": {"x": 2}}', '["a", ":", "a", ":"]', '{"a": "b\\": ", "c\\"": "a"}']
    )
    def test_what_only_looks_like_a_name_sent_twice_is_read(self, text: str) -> None:
        assert strict_json(text.encode(), "body") == json.loads(text)

    @pytest.mark.parametrize("text", [b'{"a": 1, "a": 2}', b'[[{"a": 1, "\\u0061": 1}]]', b'{"": 1, "": 2}'])
    def test_a_name_sent_twice_is_named(self, text: bytes) -> None:
        with pytest.raises(MalformedError, match=r"field: has the name '.?' twice"):
            strict_json(text, "field")
