"""POST /outputs as multipart/form-data: one request does the whole job, and nothing is kept."""

import errno
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from tests.app.serving import Served, serve
from tests.app.test_refusals import assert_problem

RANDOM = np.random.default_rng(5)
COLOUR = RANDOM.integers(0, 256, (6, 10, 3), dtype=np.uint8)
NUMBERS = RANDOM.integers(-9, 10, (2, 5, 4, 3)).astype(np.float32)
IDENTITY = {"type": "depthwise_conv2d", "filter": "identity"}
TEXT = json.dumps(IDENTITY)


def picture(values: np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, kind, **options)
    return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def posted(
    server: Served, image: bytes | None = None, how: str = "?format=npy", **parts: Any
) -> httpx.Response:
    """A form as curl -F sends it."""
    files: list[tuple[str, Any]] = [] if image is None else [("image", ("a.png", image))]
    files += [(name, part if isinstance(part, tuple) else (None, part)) for name, part in parts.items()]
    return server.client.post(f"/api/v1/outputs{how}", files=files)


def computed(answer: httpx.Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    array: np.ndarray = np.load(io.BytesIO(answer.content))
    return array


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
def test_a_picture_in_any_format(server: Served, kind: str, options: dict[str, Any]) -> None:
    found = computed(posted(server, picture(COLOUR, kind, **options), operation=TEXT))
    assert np.array_equal(found, COLOUR)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/json"),
        ("image/png", "image/png"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
    ],
)
def test_every_format_of_an_answer(server: Served, accept: str, content_type: str) -> None:
    files = {"image": ("a.png", picture(COLOUR)), "operation": (None, TEXT)}
    answer = server.client.post("/api/v1/outputs", files=files, headers={"accept": accept})
    assert answer.headers["content-type"] == content_type
    if accept == "application/json":
        assert answer.json()["output"]["values"] == COLOUR.tolist()


def test_a_form_answers_what_the_upload_and_the_json_answer(server: Served) -> None:
    png = picture(COLOUR)
    image_id = server.client.post("/api/v1/images", files={"file": ("a.png", png)}).json()["id"]
    reading = {"size": [3, 5], "channels": "gray", "scale": "0..1"}
    operation = {"type": "conv2d", "kernel": [[1, 0, -2]], "strides": [1, 2], "activation": "relu"}
    stored = server.client.post(
        "/api/v1/outputs?format=npy",
        json={"input": {"image_id": image_id} | reading, "operation": operation},
    )
    sent = posted(server, png, operation=json.dumps(operation), size="[3, 5]", channels="gray", scale="0..1")
    assert computed(sent).shape == (3, 3, 1)
    assert sent.content == stored.content


@pytest.mark.parametrize("axes", ["NHWC", "NCHW"])
def test_a_npy_file_keeps_its_layout(server: Served, axes: str) -> None:
    given = NUMBERS if axes == "NHWC" else np.ascontiguousarray(NUMBERS.transpose(0, 3, 1, 2))
    parts = {"layout": axes} if axes == "NCHW" else {}
    found = computed(posted(server, npy(given), operation=TEXT, **parts))
    assert np.array_equal(found, given)


def test_a_part_of_text_may_be_sent_as_a_file(server: Served) -> None:
    # As curl -F operation=@operation.json does, and FormData with a Blob.
    operation = ("operation.json", TEXT, "application/json")
    found = computed(posted(server, picture(COLOUR), operation=operation, channels=("c.txt", "gray")))
    assert found.shape == (6, 10, 1)


def test_nothing_is_kept(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        before = (tmp_path / "convloupe.sqlite3").stat().st_size
        for _ in range(5):
            noise = RANDOM.integers(0, 256, (90, 80, 3), dtype=np.uint8)
            assert posted(served, picture(noise), operation=TEXT).status_code == 200
        assert sorted(path.name for path in tmp_path.iterdir() if "sqlite3" not in path.name) == []
        written = sum(path.stat().st_size for path in tmp_path.iterdir())
        assert (tmp_path / "convloupe.sqlite3").stat().st_size == before
        assert written < 90 * 80 * 3 * 5 + before


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no image": ({"operation": TEXT}, 422, "image"),
    "no operation": ({"image": picture(COLOUR)}, 422, "operation"),
    "unknown part": ({"image": picture(COLOUR), "operation": TEXT, "zoom": "2"}, 422, "zoom"),
    "the input of a JSON body": ({"image": picture(COLOUR), "operation": TEXT, "input": "{}"}, 422, "input"),
    "an empty file": ({"image": b"", "operation": TEXT}, 422, "image"),
    "no picture": ({"image": b"hello", "operation": TEXT}, 415, "image"),
    "a damaged picture": ({"image": picture(COLOUR)[:60], "operation": TEXT}, 422, "image"),
    "half a npy": ({"image": npy(NUMBERS)[:-4], "operation": TEXT}, 422, "image"),
    "npy of rank 1": ({"image": npy(np.ones(4)), "operation": TEXT}, 422, "image"),
    "npy of objects": ({"image": npy(np.array([[{}]])), "operation": TEXT}, 422, "image"),
    "npy of too long a side": ({"image": npy(np.ones((8193, 1))), "operation": TEXT}, 422, "image"),
    "size of a npy": ({"image": npy(NUMBERS), "operation": TEXT, "size": "[3, 3]"}, 422, "size"),
    "scale of a npy": ({"image": npy(NUMBERS), "operation": TEXT, "scale": "0..1"}, 422, "scale"),
    "layout of a picture": ({"image": picture(COLOUR), "operation": TEXT, "layout": "HWC"}, 422, "layout"),
    "layout for another rank": ({"image": npy(NUMBERS), "operation": TEXT, "layout": "HWC"}, 422, "layout"),
    "operation that is no JSON": ({"image": picture(COLOUR), "operation": "{'type'"}, 400, "operation"),
    "operation of NaN": (
        {"image": picture(COLOUR), "operation": '{"type": "conv2d", "kernel": [[NaN]]}'},
        422,
        "operation.kernel",
    ),
    "operation with a lone surrogate": (
        {"image": picture(COLOUR), "operation": '{"type": "\\ud800"}'},
        400,
        "operation",
    ),
    "operation with a name twice": (
        {"image": picture(COLOUR), "operation": '{"type": "conv2d", "type": "conv2d"}'},
        400,
        "operation",
    ),
    "operation a list": ({"image": picture(COLOUR), "operation": "[]"}, 422, "operation"),
    "operation unknown": ({"image": picture(COLOUR), "operation": '{"type": "lstm"}'}, 422, "operation.type"),
    "operation with an unknown field": (
        {"image": picture(COLOUR), "operation": '{"type": "max_pool2d", "kernel_size": [1, 1], "stride": 2}'},
        422,
        "operation.stride",
    ),
    "stride 0": (
        {"image": picture(COLOUR), "operation": json.dumps(IDENTITY | {"strides": [0, 1]})},
        422,
        "operation.strides",
    ),
    "kernel larger than the picture": (
        {
            "image": picture(COLOUR),
            "operation": '{"type": "max_pool2d", "kernel_size": [7, 1], "padding": "VALID"}',
        },
        422,
        "operation.kernel_size",
    ),
    "size that is no JSON": ({"image": picture(COLOUR), "operation": TEXT, "size": "3x3"}, 400, "size"),
    "size of one": ({"image": picture(COLOUR), "operation": TEXT, "size": "[3]"}, 422, "size"),
    "size 0": ({"image": picture(COLOUR), "operation": TEXT, "size": "[0, 3]"}, 422, "size.0"),
    "size over the limit": ({"image": picture(COLOUR), "operation": TEXT, "size": "[9, 8193]"}, 422, "size"),
    "channels": ({"image": picture(COLOUR), "operation": TEXT, "channels": "rgba"}, 422, "channels"),
    "scale": ({"image": picture(COLOUR), "operation": TEXT, "scale": "0..2"}, 422, "scale"),
    "scale that is no text": (
        {"image": picture(COLOUR), "operation": TEXT, "scale": ("s.txt", b"\xff\xfe")},
        422,
        "scale",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_part_is_refused_by_name(server: Served, case: str) -> None:
    parts, status, field = REFUSED[case]
    parts = dict(parts)
    assert_problem(posted(server, parts.pop("image", None), **parts), status, field)


def test_an_image_must_be_a_file(server: Served) -> None:
    files = {"image": (None, "harbour"), "operation": (None, TEXT)}
    answer = server.client.post("/api/v1/outputs", files=files)
    assert_problem(answer, 422, "image")
    assert "filename" in answer.json()["detail"]


@pytest.mark.parametrize("twice", ["image", "operation", "size", "zoom"])
def test_a_part_sent_twice(server: Served, twice: str) -> None:
    parts = {
        "image": ("a.png", picture(COLOUR)),
        "operation": (None, TEXT),
        "size": (None, "[3, 3]"),
        "zoom": (None, "2"),
    }
    files = [(name, part) for name, part in parts.items() if name != "zoom" or twice == "zoom"]
    answer = server.client.post("/api/v1/outputs", files=[*files, (twice, parts[twice])])
    assert_problem(answer, 422, twice)
    assert "2 times" in answer.json()["detail"]


RAW: dict[str, tuple[str, bytes, int, str]] = {
    "no boundary": ("multipart/form-data", b"--x\r\n", 400, "body"),
    "another boundary": ("multipart/form-data; boundary=y", b"--x\r\n\r\n--x--\r\n", 400, "body"),
    "nothing": ("multipart/form-data; boundary=x", b"", 422, "image"),
    "an end only": ("multipart/form-data; boundary=x", b"--x--\r\n", 422, "image"),
    "cut short": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="operation"\r\n\r\n{"type"',
        422,
        "image",
    ),
    "a part without a name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--\r\n",
        400,
        "body",
    ),
    "a charset of Python that is none for text": (
        "multipart/form-data; boundary=x; charset=undefined",
        b'--x\r\nContent-Disposition: form-data; name="operation"\r\n\r\n{}\r\n--x--\r\n',
        415,
        "Content-Type",
    ),
    "a name of 5000 letters": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="' + b"n" * 5000 + b'"\r\n\r\n1\r\n--x--\r\n',
        400,
        "body",
    ),
    "17 parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="size"\r\n\r\n1\r\n' * 17 + b"--x--\r\n",
        400,
        "body",
    ),
    "17 parts, files and texts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="size"\r\n\r\n1\r\n' * 9
        + b'--x\r\nContent-Disposition: form-data; name="scale"; filename="s"\r\n\r\n1\r\n' * 8
        + b"--x--\r\n",
        400,
        "body",
    ),
    "no kind of form": ("text/plain", TEXT.encode(), 415, "Content-Type"),
    "another kind of form": ("application/x-www-form-urlencoded", b"operation=1", 415, "Content-Type"),
}


@pytest.mark.parametrize("case", RAW)
def test_a_form_that_cannot_be_read(server: Served, case: str) -> None:
    content_type, body, status, field = RAW[case]
    answer = server.client.post("/api/v1/outputs", content=body, headers={"content-type": content_type})
    assert_problem(answer, status, field)
    if "kind" in case:
        assert "application/json or multipart/form-data" in answer.json()["detail"]


def test_the_name_of_the_type_is_read_in_any_case(server: Served) -> None:
    request = server.client.build_request(
        "POST", "/api/v1/outputs", files={"image": ("a.png", picture(COLOUR)), "operation": (None, TEXT)}
    )
    kind = request.headers["content-type"]
    request.headers["content-type"] = kind.replace("multipart/form-data", "Multipart/Form-DATA")
    assert server.client.send(request).status_code == 200


@pytest.mark.parametrize("path", ["images", "outputs"])
def test_a_form_for_which_the_disk_has_no_room(
    server: Served, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(UploadFile, "write", full)
    files = {name: ("a.png", picture(COLOUR)) for name in ("image", "file")}
    answer = server.client.post(f"/api/v1/{path}", files=files, data={"operation": TEXT})
    assert_problem(answer, 507, "server")


class TestLimits:
    def test_bytes(self, tmp_path: Path) -> None:
        noise = RANDOM.integers(0, 256, (40, 50, 3), dtype=np.uint8)  # 6000 bytes, however it is packed
        with serve(tmp_path, upload_bytes=7000, json_bytes=2000) as served:
            assert posted(served, picture(noise), operation=TEXT).status_code == 200
            long = json.dumps({"type": "conv2d", "kernel": [[1] * 900]})
            assert_problem(posted(served, picture(noise), operation=long), 413, "body")
            assert_problem(posted(served, picture(noise), operation=("o.json", long)), 413, "operation")
            half, file = " " * 1200, ("o.json", f"{TEXT:1200}")
            assert_problem(posted(served, picture(noise), operation=TEXT + half, scale=half), 413, "body")
            assert_problem(posted(served, picture(noise), operation=file, scale=half), 413, "body")
            assert posted(served, picture(noise), operation=file).status_code == 200
            assert_problem(posted(served, b"x" * 7001, operation=TEXT), 413, "image")
            assert_problem(posted(served, npy(np.ones((60, 30), np.float32)), operation=TEXT), 413, "image")
            assert_problem(posted(served, b"x" * 200_000, operation=TEXT), 413, "image")

    def test_pixels_and_values(self, tmp_path: Path) -> None:
        with serve(tmp_path, image_pixels=59, input_values=59) as served:
            answer = posted(served, picture(COLOUR), operation=TEXT)
            assert_problem(answer, 422, "image")
            assert "10 = 60 pixels" in answer.json()["detail"] or "6 = 60 pixels" in answer.json()["detail"]
            assert_problem(posted(served, npy(NUMBERS), operation=TEXT), 422, "image")

    def test_a_picture_with_too_many_values(self, tmp_path: Path) -> None:
        with serve(tmp_path, input_values=179) as served:
            assert_problem(posted(served, picture(COLOUR), operation=TEXT), 422, "image")
            assert posted(served, picture(COLOUR), operation=TEXT, channels="gray").status_code == 200

    def test_a_size_counts_the_channels_there_are(self, tmp_path: Path) -> None:
        coins = {"sample": "coins", "size": [15, 12]}
        with serve(tmp_path, input_values=180) as served:
            for source, status in (
                (coins, 200),
                (coins | {"channels": "rgb"}, 422),
                (coins | {"size": [15, 13]}, 422),
                (coins | {"sample": "harbour"}, 422),
                (coins | {"sample": "harbour", "channels": "gray"}, 200),
            ):
                body = {"input": source, "operation": json.loads(TEXT)}
                assert served.client.post("/api/v1/outputs", json=body).status_code == status, source


def test_openapi_has_both_kinds_of_body(server: Served) -> None:
    document = server.client.get("/openapi.json").json()
    content = document["paths"]["/api/v1/outputs"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/TraceRequest"}
    form = content["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {"image", "operation", "size", "channels", "scale", "layout"}
    assert form["required"] == ["image", "operation"]
    assert "null" not in json.dumps(form)  # a part can only be left out
    names = set(document["components"]["schemas"])
    text = json.dumps(form)
    referred = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred
    assert referred <= names
