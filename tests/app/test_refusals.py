"""Every bad input gets a 4xx problem+json that names the field, and is never read back at length."""

import base64
import io
import json
import socket
import struct
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.answers import Problem
from tests.app.oracle import ARTICLE, VERTICAL_EDGE
from tests.app.serving import Served, serve

INPUT = {"values": ARTICLE.tolist()}
OPERATION = {"type": "conv2d", "kernel": VERTICAL_EDGE}


def operation(**fields: Any) -> dict[str, Any]:
    return {"input": INPUT, "operation": OPERATION | fields}


def source(**fields: Any) -> dict[str, Any]:
    return {"input": fields, "operation": OPERATION}


def npy(array: Any, **how: Any) -> str:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), **how)
    return base64.b64encode(stream.getvalue()).decode()


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n"


def npy_of_header(header: str, data: bytes = b"") -> str:
    text = header.encode("latin1")
    return base64.b64encode(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data).decode()


def assert_problem(answer: httpx.Response, status: int, field: str | None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = TypeAdapter(Problem).validate_json(answer.content)
    assert found.status == status
    assert found.request_id == answer.headers["x-request-id"]
    assert len(answer.content) < 4000
    if field is not None:
        assert [error.field for error in found.errors] == [field], answer.text
        assert found.errors[0].reason
        assert found.detail.startswith(field)


BODIES: dict[str, tuple[Any, str]] = {
    "stride 0": (operation(strides=[1, 0]), "operation.strides"),
    "stride -1": (operation(strides=[-1, 1]), "operation.strides"),
    "stride 1.5": (operation(strides=[1.5, 1]), "operation.strides"),
    "stride true": (operation(strides=[1, True]), "operation.strides"),
    "stride as text": (operation(strides=["1", 1]), "operation.strides"),
    "stride of 10^40": (operation(strides=[10**40, 1]), "operation.strides"),
    "stride over the limit": (operation(strides=[1, 9000]), "operation.strides"),
    "one stride": (operation(strides=[1]), "operation.strides"),
    "strides not a list": (operation(strides=2), "operation.strides"),
    "strides null": (operation(strides=None), "operation.strides"),
    "dilation 0": (operation(dilations=[0, 1]), "operation.dilations"),
    "dilation over the limit": (operation(dilations=[1, 1025], padding="FULL"), "operation.dilations"),
    "kernel larger than the input": (
        operation(kernel=[[1] * 3] * 5, padding="VALID"),
        "operation.kernel",
    ),
    "dilated kernel larger than the padded input": (
        operation(dilations=[1, 4], padding=[[1, 1], [1, 2]]),
        "operation.kernel",
    ),
    "unknown preset": (
        {"input": INPUT, "operation": {"type": "conv2d", "filter": "sobel_z"}},
        "operation.filter",
    ),
    "filter and kernel": (operation(filter="sobel_x"), "operation.kernel"),
    "neither filter nor kernel": ({"input": INPUT, "operation": {"type": "conv2d"}}, "operation.kernel"),
    "kernel for other channels": (operation(kernel=[[[[1], [2]]]]), "operation.kernel"),
    "kernel of rank 1": (operation(kernel=[1, 2, 3]), "operation.kernel"),
    "kernel of rank 3": (operation(kernel=[[[1, 2, 3]]]), "operation.kernel"),
    "kernel of rank 5": (operation(kernel=[[[[[1]]]]]), "operation.kernel"),
    "kernel ragged": (operation(kernel=[[1, 2], [3]]), "operation.kernel"),
    "kernel ragged in rank": (operation(kernel=[[1, 2], 3]), "operation.kernel"),
    "kernel empty": (operation(kernel=[]), "operation.kernel"),
    "kernel of empties": (operation(kernel=[[], []]), "operation.kernel"),
    "kernel with a boolean": (operation(kernel=[[1, True]]), "operation.kernel"),
    "kernel with text": (operation(kernel=[["1"]]), "operation.kernel"),
    "kernel with null": (operation(kernel=[[None]]), "operation.kernel"),
    "kernel a number": (operation(kernel=3), "operation.kernel"),
    "kernel an object": (operation(kernel={"values": [[1]]}), "operation.kernel"),
    "kernel beyond float32": (operation(kernel=[[1e39]]), "operation.kernel"),
    "kernel inexact": (operation(kernel=[[2**24 + 1]]), "operation.kernel"),
    "kernel too wide": (operation(kernel=[[1] * 256], padding="SAME"), "operation.kernel"),
    "kernel with too many taps": (operation(kernel=[[1] * 129] * 128, padding="SAME"), "operation.kernel"),
    "kernel npy of complex": (operation(kernel={"npy": npy([[1j]])}), "operation.kernel.npy"),
    "bias of another length": (operation(bias=[1, 2]), "operation.bias"),
    "bias a number": (operation(bias=1), "operation.bias"),
    "bias with a boolean": (operation(bias=[True]), "operation.bias"),
    "padding unknown": (operation(padding="same"), "operation.padding"),
    "padding negative": (operation(padding=[[0, -1], [0, 0]]), "operation.padding"),
    "padding of three": (operation(padding=[[1, 1, 1], [0, 0]]), "operation.padding"),
    "padding over the limit": (operation(padding=[[0, 8193], [0, 0]]), "operation.padding"),
    "padding that makes too much": (operation(padding=[[8000, 8000], [8000, 8000]]), "operation.padding"),
    "groups 2": (operation(groups=2), "operation.groups"),
    "groups true": (operation(groups=True), "operation.groups"),
    "padding mode": (operation(padding_mode="mirror"), "operation.padding_mode"),
    "padding mode null": (operation(padding_mode=None), "operation.padding_mode"),
    "flip 0": (operation(flip_kernel=0), "operation.flip_kernel"),
    "activation": (operation(activation="softmax"), "operation.activation"),
    "unknown operation field": (operation(stride=[1, 1]), "operation.stride"),
    "another operation": (operation(type="lstm"), "operation.type"),
    "type null": (operation(type=None), "operation.type"),
    "type a list": (operation(type=["conv2d"]), "operation.type"),
    "no type": ({"input": INPUT, "operation": {"kernel": [[1]]}}, "operation.type"),
    "kernel layout": (operation(kernel_layout="HWOI"), "operation.kernel_layout"),
    "no operation": ({"input": INPUT}, "operation"),
    "operation a list": ({"input": INPUT, "operation": []}, "operation"),
    "no input": ({"operation": OPERATION}, "input"),
    "empty input": (source(), "input"),
    "input a text": ({"input": "harbour", "operation": OPERATION}, "input"),
    "unknown body field": (operation() | {"speed": 1}, "speed"),
    "unknown input field": (source(values=[[1]], zoom=2), "input.zoom"),
    "two kinds of input": (source(values=[[1]], sample="harbour"), "input.values"),
    "unknown sample": (source(sample="nowhere"), "input.sample"),
    "sample a number": (source(sample=7), "input.sample"),
    "size 0": (source(sample="harbour", size=[0, 5]), "input.size.0"),
    "size true": (source(sample="harbour", size=[5, True]), "input.size.1"),
    "size too long a side": (source(sample="harbour", size=[5, 8193]), "input.size"),
    "size too many values": (source(sample="harbour", size=[8000, 8000]), "input.size"),
    "channels": (source(sample="harbour", channels="rgba"), "input.channels"),
    "scale": (source(sample="harbour", scale="0..2"), "input.scale"),
    "values empty": (source(values=[]), "input.values"),
    "values ragged": (source(values=[[1, 2, 3], [4, 5]]), "input.values"),
    "values ragged deeper": (source(values=[[[1], [2, 3]]]), "input.values"),
    "values with a boolean": (source(values=[[1, False]]), "input.values"),
    "values a text": (source(values="1 2 3"), "input.values"),
    "values a number": (source(values=1), "input.values"),
    "values of rank 1": (source(values=[1, 2]), "input.values"),
    "values beyond float32": (source(values=[[10**39]]), "input.values"),
    "values beyond float64": (source(values=[[10**400]]), "input.values"),
    "values inexact": (source(values=[[16777217]]), "input.values"),
    "values not uint8": (source(values=[[256]], dtype="uint8"), "input.values"),
    "values of a fraction as uint8": (source(values=[[1.5]], dtype="uint8"), "input.values"),
    "values of another dtype": (source(values=[[1]], dtype="int64"), "input.dtype"),
    "values of too long a side": (source(values=[[0] * 8193]), "input"),
    "layout for another rank": (source(values=[[1]], layout="NHWC"), "input.layout"),
    "layout unknown": (source(values=[[1]], layout="CHW"), "input.layout"),
    "npy not base64": (source(npy="?"), "input.npy"),
    "npy not npy": (source(npy=base64.b64encode(b"hello world").decode()), "input.npy"),
    "npy cut short": (source(npy=npy(np.ones((3, 4)))[:-8]), "input.npy"),
    "npy of objects": (source(npy=npy([[{}]], allow_pickle=True)), "input.npy"),
    "npy with nan": (source(npy=npy([[np.nan]])), "input.npy"),
    "npy of rank 5": (source(npy=npy(np.ones((1, 1, 1, 1, 1)))), "input.npy"),
    "npy inexact": (source(npy=npy([[2**60 + 1]])), "input.npy"),
    "npy empty": (source(npy=npy(np.ones((0, 3)))), "input.npy"),
    "npy of a huge shape": (
        source(npy=npy_of_header(HEADER % "(1000000, 1000000)")),
        "input.npy",
    ),
    "npy of a header that is code": (source(npy=npy_of_header("__import__('os').abort()\n")), "input.npy"),
    "npy of a negative shape": (
        source(npy=npy_of_header(HEADER % "(-1, -4)", data=bytes(16))),
        "input.npy",
    ),
}


@pytest.mark.parametrize("path", ["traces", "outputs"])
@pytest.mark.parametrize("case", BODIES)
def test_a_bad_body_is_refused_by_field(server: Served, case: str, path: str) -> None:
    body, field = BODIES[case]
    assert_problem(server.client.post(f"/api/v1/{path}", content=json.dumps(body), headers=JSON), 422, field)


JSON = {"content-type": "application/json"}

RAW: dict[str, tuple[bytes, int, str]] = {
    "NaN": (
        b'{"input": {"values": [[NaN]]}, "operation": {"type": "conv2d", "kernel": [[1]]}}',
        422,
        "input.values",
    ),
    "Infinity": (
        b'{"input": {"values": [[-Infinity]]}, "operation": {"type": "conv2d", "kernel": [[1]]}}',
        422,
        "input.values",
    ),
    "1e400 for a number": (
        b'{"input": {"values": [[1e400]]}, "operation": {"type": "conv2d", "kernel": [[1]]}}',
        422,
        "input.values",
    ),
    "NaN in the kernel": (
        b'{"input": {"values": [[1]]}, "operation": {"type": "conv2d", "kernel": [[NaN]]}}',
        422,
        "operation.kernel",
    ),
    "1e400 for a count": (
        (
            b'{"input": {"values": [[1]]},'
            b' "operation": {"type": "conv2d", "kernel": [[1]], "strides": [1e400, 1]}}'
        ),
        422,
        "operation.strides",
    ),
    "NaN for a count": (
        (
            b'{"input": {"values": [[1]]},'
            b' "operation": {"type": "conv2d", "kernel": [[1]], "strides": [NaN, 1]}}'
        ),
        422,
        "operation.strides",
    ),
    "NaN for a size": (
        (
            b'{"input": {"sample": "harbour", "size": [NaN, 1]},'
            b' "operation": {"type": "conv2d", "filter": "corner"}}'
        ),
        422,
        "input.size.0",
    ),
    "1e400 for a text": (
        b'{"input": {"sample": 1e400}, "operation": {"type": "conv2d", "filter": "corner"}}',
        422,
        "input.sample",
    ),
    "5000 digits": (
        b'{"input": {"values": [[' + b"9" * 5000 + b']]}, "operation": {"type": "conv2d", "kernel": [[1]]}}',
        400,
        "body",
    ),
    "a lone surrogate": (b'{"input": {"sample": "\\ud800"}, "operation": {}}', 400, "body"),
    "a thousand brackets": (b"[" * 1000 + b"]" * 1000, 400, "body"),
    "nothing": (b"", 422, "body"),
    "half": (b'{"input": ', 400, "body"),
    "not UTF-8": (b'{"input": "\xff"}', 400, "body"),
    "a list": (b"[]", 422, "body"),
    "null": (b"null", 422, "body"),
}


@pytest.mark.parametrize("case", RAW)
def test_bad_json_is_refused(server: Served, case: str) -> None:
    body, status, field = RAW[case]
    assert_problem(server.client.post("/api/v1/outputs", content=body, headers=JSON), status, field)


def test_a_body_that_is_not_called_json_is_refused(server: Served) -> None:
    text = json.dumps(operation())
    assert_problem(
        server.client.post("/api/v1/traces", content=text, headers={"content-type": "text/plain"}),
        415,
        "Content-Type",
    )


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        ([64], "input_shape"),
        ([1, 2, 3, 4, 5], "input_shape"),
        ([0, 4], "input_shape.0"),
        ([4, True], "input_shape.1"),
        ([4.0, 4], "input_shape.0"),
        ([9000, 4], "input_shape"),
        ([8000, 8000], "input_shape"),
        ("64", "input_shape"),
    ],
)
def test_a_bad_shape_is_refused(server: Served, shape: Any, field: str) -> None:
    answer = server.client.post("/api/v1/geometry", json={"input_shape": shape, "operation": OPERATION})
    assert_problem(answer, 422, field)


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/positions/16", 422, "position"),
        ("/positions/-1", 422, "position"),
        ("/positions/1.5", 422, "position"),
        ("/positions/" + "9" * 5000, 422, "position"),
        ("/positions/0?out_channel=1", 422, "out_channel"),
        ("/positions/0?batch=1", 422, "batch"),
        ("/positions/0?batch=-1", 422, "batch"),
        ("/positions?first=16", 422, "first"),
        ("/positions?first=-1", 422, "first"),
        ("/positions?first=one", 422, "first"),
        ("/positions?first=9&count=8", 422, "count"),
        ("/positions?count=0", 422, "count"),
        ("/positions?out_channel=1", 422, "out_channel"),
        ("/positions?columns=", 422, "columns"),
        ("/positions?columns=windows", 422, "columns"),
        ("/positions?columns=sum,sum", 422, "columns"),
        ("/positions?format=csv", 422, "format"),
        ("/scale?out_channel=-1", 422, "out_channel"),
        ("/scale?batch=3", 422, "batch"),
        ("/input?batch=1", 422, "batch"),
        ("/input?format=png", 422, "format"),
    ],
)
def test_a_bad_question_about_a_trace_is_refused(server: Served, path: str, status: int, field: str) -> None:
    url = server.trace(**operation())["url"]
    for accept in ("*/*", "application/vnd.apache.arrow.stream"):
        if path.startswith("/positions"):
            assert_problem(server.client.get(url + path, headers={"accept": accept}), status, field)
        else:
            assert_problem(server.client.get(url + path), status, field)


@pytest.mark.parametrize("path", ["", "/positions", "/positions/0", "/scale", "/input"])
@pytest.mark.parametrize("trace_id", ["0" * 32, "1", "x" * 3000, "%00"])
def test_an_unknown_trace_is_not_found(server: Served, trace_id: str, path: str) -> None:
    assert_problem(server.client.get(f"/api/v1/traces/{trace_id}{path}"), 404, "id")


def test_an_unknown_image_is_not_found(server: Served) -> None:
    assert_problem(server.client.get("/api/v1/images/" + "0" * 32), 404, "id")
    body = {"input": {"image_id": "0" * 32}, "operation": OPERATION}
    for path in ("traces", "outputs"):
        assert_problem(server.client.post(f"/api/v1/{path}", json=body), 404, "input.image_id")


def test_a_trace_id_is_no_image_id(server: Served) -> None:
    trace = server.trace(**operation())
    assert_problem(server.client.get(f"/api/v1/images/{trace['id']}"), 404, "id")


def test_unknown_paths_and_methods_have_the_same_shape(server: Served) -> None:
    assert_problem(server.client.get("/api/v1/nothing"), 404, None)
    assert_problem(server.client.get("/static/dist/nothing.js"), 404, None)
    assert_problem(server.client.get("/static/samples/../../pyproject.toml"), 404, None)
    answer = server.client.delete("/api/v1/traces")
    assert_problem(answer, 405, None)
    assert answer.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("path", ["/api/v1/outputs?format=gif", "/api/v1/outputs?format="])
def test_an_unknown_format_is_refused(server: Served, path: str) -> None:
    assert_problem(server.client.post(path, json=operation()), 422, "format")


def test_what_cannot_be_answered_in_an_accepted_format_is_406(server: Served) -> None:
    answer = server.client.post("/api/v1/outputs", json=operation(), headers={"accept": "text/html"})
    assert_problem(answer, 406, "Accept")


def test_long_input_is_never_read_back(server: Served) -> None:
    long = "<script>" + "x" * 1_000_000
    for body in (
        operation(type=long),
        operation(filter=long, kernel=None),
        operation(strides=[long, 1]),
        operation(padding=long),
        operation(**{long: 1}),
        source(sample=long),
        source(values=[[1]], **{long: 1}),
        {"input": {"values": [[True] * 100_000]}, "operation": OPERATION},
    ):
        answer = server.client.post("/api/v1/traces", json=body)
        assert_problem(answer, 422, None)
        assert "x" * 500 not in answer.text


class TestFiles:
    def test_no_file(self, server: Served) -> None:
        assert_problem(server.client.post("/api/v1/images"), 422, "file")
        assert_problem(server.client.post("/api/v1/images", data={"file": "text"}), 415, "Content-Type")
        answer = server.client.post("/api/v1/images", files={"file": (None, "text")})
        assert_problem(answer, 422, "file")
        answer = server.client.post("/api/v1/images", files={"picture": ("a.png", b"x")})
        assert_problem(answer, 422, "file")

    def test_an_empty_file(self, server: Served) -> None:
        assert_problem(server.client.post("/api/v1/images", files={"file": ("a.png", b"")}), 422, "file")

    @pytest.mark.parametrize(
        "content",
        [
            b"hello",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            b"II*\x00\x08\x00\x00\x00",
            b"%PDF-1.7",
        ],
    )
    def test_a_file_that_is_no_image(self, server: Served, content: bytes) -> None:
        assert_problem(server.client.post("/api/v1/images", files={"file": ("a.png", content)}), 415, "file")

    @pytest.mark.parametrize(
        ("array", "reason"),
        [
            (None, "is not a .npy file"),
            (np.zeros((2, 3, 4, 5), np.float32), "has a batch of 2; one item is kept"),
            (np.zeros(6, np.float32), "has 1 dimensions"),
            (np.array([[np.nan]]), "has NaN or Infinity"),
            (np.zeros((2, 0)), "there must be 1 to"),
            (np.array([["text"]]), "send real numbers"),
        ],
    )
    def test_an_array_that_is_no_input(self, server: Served, array: Any, reason: str) -> None:
        stream = io.BytesIO()
        if array is None:
            stream.write(b"\x93NUMPY\x01\x00")
        else:
            np.save(stream, array)
        answer = server.client.post("/api/v1/images", files={"file": ("a.npy", stream.getvalue())})
        assert_problem(answer, 422, "file")
        assert reason in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("shape", "reason"),
        [
            ("(" + "1," * 65 + ")", "has 65 dimensions; there may be at most 4"),
            ("(1, 0x" + "f" * 4000 + ")", "has shape beyond all bounds; there must be 1 to"),
            ("(-0x" + "f" * 4000 + ",)", "has shape beyond all bounds; there must be 1 to"),
            ("(True, True)", "is not a .npy file"),
        ],
    )
    def test_a_shape_that_no_array_has(self, server: Served, shape: str, reason: str) -> None:
        header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}".encode()
        array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\x07"
        answer = server.client.post("/api/v1/images", files={"file": ("a.npy", array)})
        assert_problem(answer, 422, "file")
        assert reason in answer.json()["detail"]
        body = {
            "input": {"npy": base64.b64encode(array).decode()},
            "operation": {"type": "max_pool2d", "kernel_size": [1, 1]},
        }
        assert_problem(server.client.post("/api/v1/outputs", json=body), 422, "input.npy")

    def test_an_array_takes_nothing_that_pictures_take(self, server: Served) -> None:
        stream = io.BytesIO()
        np.save(stream, np.zeros((3, 4, 5), np.uint8))
        kept = server.client.post("/api/v1/images", files={"file": ("a.npy", stream.getvalue())}).json()
        for part, value in (("size", [2, 2]), ("channels", "gray"), ("scale", "0..1")):
            body = {
                "input": {"image_id": kept["id"], part: value},
                "operation": {"type": "max_pool2d", "kernel_size": [2, 2]},
            }
            assert_problem(server.client.post("/api/v1/traces", json=body), 422, f"input.{part}")

    def test_broken_multipart(self, server: Served) -> None:
        headers = {"content-type": "multipart/form-data"}
        answer = server.client.post("/api/v1/images", content=b"--x\r\n", headers=headers)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


class TestBodyLimit:
    def test_an_announced_length_over_the_limit(self, tmp_path: Path) -> None:
        with serve(tmp_path, json_bytes=2000, upload_bytes=3000) as served:
            long = json.dumps(operation(padding="x" * 2000))
            assert_problem(served.client.post("/api/v1/traces", content=long, headers=JSON), 413, "body")
            files = {"file": ("a.png", b"x" * 70_000)}
            assert_problem(served.client.post("/api/v1/images", files=files), 413, "file")

    @pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\x93NUMPY"])
    def test_a_file_is_over_the_limit_by_one_byte(self, tmp_path: Path, start: bytes) -> None:
        with serve(tmp_path, upload_bytes=3000) as served:
            for size, status in ((3000, 422), (3001, 413)):
                files = {"file": ("a", start.ljust(size, b"x"))}
                assert_problem(served.client.post("/api/v1/images", files=files), status, "file")

    def test_an_announced_length_is_refused_before_the_body_arrives(self, server: Served) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(
                b"POST /api/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 5000000\r\n\r\n"
            )
            assert connection.recv(100).startswith(b"HTTP/1.1 413")

    def test_a_chunked_body_is_counted_while_it_arrives(self, tmp_path: Path) -> None:
        with serve(tmp_path, json_bytes=2000) as served:
            answer = served.client.post(
                "/api/v1/traces", content=(b" " * 500 for _ in range(8)), headers=JSON
            )
            assert_problem(answer, 413, "body")

    def test_an_endless_upload_is_stopped(self, tmp_path: Path) -> None:
        with (
            serve(tmp_path, upload_bytes=1000) as served,
            socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection,
        ):
            connection.sendall(
                b"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
            )
            part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 70_000
            connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
            assert connection.recv(100).startswith(b"HTTP/1.1 413")

    def test_a_length_that_is_no_number(self, server: Served) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"POST /api/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["kernel", "bias", "strides", "dilations", "padding", "groups", "filter", "activation", "type"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(FIELDS), value=JSON_VALUES)
def test_whatever_a_field_holds_the_server_answers_for_it(server: Served, field: str, value: Any) -> None:
    body = {"input_shape": [5, 7], "operation": OPERATION | {field: value}}
    answer = server.client.post("/api/v1/geometry", content=json.dumps(body), headers=JSON)
    if answer.status_code != 200:
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"
