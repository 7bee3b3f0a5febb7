"""Traces over HTTP: created once, read from anywhere, explained."""

import io
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pyarrow as pa
import pytest
from PIL import Image

from app.answers import ExplanationOut, ScaleOut, TraceOut
from tests.app import oracle
from tests.app.serving import Served, serve

ARROW = {"accept": "application/vnd.apache.arrow.stream"}
LESSON = {
    "input": {"values": oracle.ARTICLE.tolist()},
    "operation": {"type": "conv2d", "filter": "vertical_edge"},
}


def test_the_articles_example(server: Served) -> None:
    trace = server.trace(**LESSON)
    TraceOut.model_validate_json(json.dumps(trace), strict=True)
    assert trace["url"] == f"/api/v1/traces/{trace['id']}"
    assert (trace["positions"], trace["taps"]) == (16, 9)
    assert (trace["in_channels"], trace["out_channels"], trace["batch"]) == (1, 1, 1)
    assert trace["input"] == {
        "height": 4,
        "width": 4,
        "channels": 1,
        "dtype": "float32",
        "url": trace["url"] + "/input",
    }
    assert server.client.get(trace["url"]).json() == trace
    table = pa.ipc.open_stream(server.client.get(trace["url"] + "/positions", headers=ARROW).content)
    assert table.read_all()["sum"].to_pylist() == np.ravel(oracle.SAME).tolist()


def test_the_same_request_has_the_same_id(server: Served) -> None:
    first = server.trace(**LESSON)
    spelled_out = {
        "operation": LESSON["operation"] | {"padding": "SAME", "strides": [1, 1], "groups": 1},
        "input": LESSON["input"] | {"dtype": "float32"},
    }
    assert server.trace(**spelled_out)["id"] == first["id"]
    other = server.trace(**LESSON | {"operation": LESSON["operation"] | {"padding": "VALID"}})
    assert other["id"] != first["id"]
    assert len(first["id"]) == 32
    int(first["id"], 16)


def test_a_class_that_makes_the_same_trace_writes_it_once(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = LESSON | {"operation": LESSON["operation"] | {"padding": [[1, 2], [3, 0]]}}
    first = server.trace(**lesson)
    written = []
    add_trace = server.services.store.add_trace
    monkeypatch.setattr(
        server.services.store, "add_trace", lambda body: written.append(body) or add_trace(body)
    )
    assert server.trace(**lesson) == first
    assert written == []
    other = server.trace(**lesson | {"operation": lesson["operation"] | {"padding": [[1, 2], [3, 1]]}})
    assert len(written) == 1
    assert other["geometry"] != first["geometry"]


def test_ids_are_another_stores_secret(server: Served, tmp_path: Path) -> None:
    with serve(tmp_path) as elsewhere:
        assert elsewhere.trace(**LESSON)["id"] != server.trace(**LESSON)["id"]


def test_a_trace_outlives_the_process(tmp_path: Path) -> None:
    request = {
        "input": {"values": [[0.1, 2**100], [3, 4]]},
        "operation": {"type": "conv2d", "kernel": [[0.3]]},
    }
    with serve(tmp_path) as served:
        trace = served.trace(**request)
        explained = served.client.get(trace["url"] + "/positions/1").json()
    with serve(tmp_path) as served:
        assert served.client.get(trace["url"]).json() == trace
        assert served.client.get(trace["url"] + "/positions/1").json() == explained


def test_the_same_question_gets_a_later_expiry(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    first = server.trace(**LESSON)
    monkeypatch.setattr(server.services.store, "_clock", lambda: time.time() + 100)
    second = server.trace(**LESSON)
    assert second["expires_at"] > first["expires_at"]
    assert server.client.get(first["url"]).json()["expires_at"] == second["expires_at"]


def test_json_lines_are_the_answer_to_anything(server: Served) -> None:
    url = server.trace(**LESSON)["url"] + "/positions"
    answer = server.client.get(url + "?first=5&count=2")
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == [
        {
            "position": 5,
            "window": [1, 2, 3, 5, 6, 7, 9, 10, 11],
            "products": [1, 0, -3, 5, 0, -7, 9, 0, -11],
            "sum": -6,
        },
        {
            "position": 6,
            "window": [2, 3, 4, 6, 7, 8, 10, 11, 12],
            "products": [2, 0, -4, 6, 0, -8, 10, 0, -12],
            "sum": -6,
        },
        {"end": True, "next": 7},
    ]
    alias = server.client.get(url, headers={"accept": "application/jsonl"})
    assert alias.headers["content-type"] == "application/jsonl"


def test_arrow_says_what_it_is(server: Served) -> None:
    trace = server.trace(**LESSON)
    answer = server.client.get(
        trace["url"] + "/positions?first=3&count=9&columns=sum,channel_sums&format=arrow"
    )
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    reader = pa.ipc.open_stream(answer.content)
    assert reader.schema.names == ["channel_sums", "sum"]
    metadata = {key.decode(): value.decode() for key, value in reader.schema.metadata.items()}
    assert metadata["first_position"] == "3"
    assert metadata["count"] == "9"
    assert metadata["output_width"] == "4"
    assert json.loads(metadata["tap_order"]) == ["channel", "kernel_y", "kernel_x"]
    assert json.loads(metadata["operation"])["filter"] == "vertical_edge"
    geometry = json.loads(metadata["geometry"])
    assert geometry["pads"] == {"top": 1, "bottom": 1, "left": 1, "right": 1}
    assert reader.read_all().num_rows == 9


SHAPED = {
    "conv2d": {
        "type": "conv2d",
        "kernel": np.arange(2 * 4 * 3 * 5).reshape(2, 4, 3, 5).tolist(),
        "padding": "VALID",
    },
    "max_pool2d": {"type": "max_pool2d", "kernel_size": [2, 4], "padding": "VALID"},
    "avg_pool2d": {"type": "avg_pool2d", "kernel_size": [2, 4], "padding": "VALID"},
}


@pytest.mark.parametrize("kind", SHAPED)
def test_arrow_says_every_shape(server: Served, kind: str) -> None:
    values = np.arange(2 * 6 * 7 * 3).reshape(2, 6, 7, 3)
    trace = server.trace(input={"values": values.tolist()}, operation=SHAPED[kind])
    columns = ",".join(trace["columns"])
    url = f"{trace['url']}/positions?format=arrow&batch=1&out_channel=2&columns={columns}"
    schema = pa.ipc.open_stream(server.client.get(url).content).schema
    said = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert json.loads(said["operation"])["type"] == kind
    assert "kernel" not in json.loads(said["operation"])
    out_channels = 5 if kind == "conv2d" else 3
    assert json.loads(said["input_shape"]) == [2, 6, 7, 3]
    assert json.loads(said["kernel_size"]) == [2, 4]
    assert json.loads(said["output_shape"]) == [2, 5, 4, out_channels]
    assert (said["input_dtype"], said["batch"], said["out_channel"]) == ("float32", "1", "2")
    assert said["version"] == server.client.get("/healthz").json()["version"]
    if kind == "conv2d":
        assert json.loads(said["kernel_shape"]) == [2, 4, 3, 5]
        assert json.loads(said["kernel_axes"])[2:] == ["in_channels", "out_channels"]
    window = {key.decode(): json.loads(value) for key, value in schema.field("window").metadata.items()}
    assert window["axes"] == ["channel", "kernel_y", "kernel_x"]
    assert window["shape"] == [3 if kind == "conv2d" else 1, 2, 4]


@pytest.mark.parametrize("kind", SHAPED)
def test_columns_are_chosen_and_rows_go_on_from_anywhere(server: Served, kind: str) -> None:
    """Each column alone, read by polars too, is what it is beside the others; so is each rest."""
    values = np.arange(2 * 6 * 7 * 3).reshape(2, 6, 7, 3) % 11
    trace = server.trace(input={"values": values.tolist()}, operation=SHAPED[kind])
    url = f"{trace['url']}/positions?columns="
    whole = pa.ipc.open_stream(
        server.client.get(url + ",".join(trace["columns"]), headers=ARROW).content
    ).read_all()
    assert whole.column_names == trace["columns"]
    for first in 0, 7, trace["positions"] - 1:
        for name in trace["columns"]:
            content = server.client.get(f"{url}{name}&first={first}", headers=ARROW).content
            assert content.endswith(b"\xff\xff\xff\xff\x00\x00\x00\x00")
            expected = whole[name].to_pylist()[first:]
            assert pa.ipc.open_stream(content).read_all().to_pydict() == {name: expected}
            assert polars.read_ipc_stream(io.BytesIO(content))[name].to_list() == expected
            lines = server.client.get(f"{url}{name}&first={first}").text.splitlines()
            rows = [json.loads(line) for line in lines]
            assert rows.pop() == {"end": True, "next": trace["positions"]}
            assert [row[name] for row in rows] == expected
            assert [row["position"] for row in rows] == list(range(first, trace["positions"]))


@pytest.mark.parametrize("out_channel", [0, 4])
@pytest.mark.parametrize("batch", [0, 1])
def test_every_output_channel_and_batch_item(server: Served, out_channel: int, batch: int) -> None:
    random = np.random.default_rng(11)
    image = random.integers(-50, 50, (2, 6, 7, 3))
    kernel = random.normal(size=(3, 2, 3, 5)).astype(np.float32)
    bias = random.normal(size=5).astype(np.float32)
    trace = server.trace(
        input={"values": image.tolist()},
        operation={
            "type": "conv2d",
            "kernel": kernel.tolist(),
            "bias": bias.tolist(),
            "strides": [2, 1],
            "padding": [[1, 0], [0, 2]],
        },
    )
    assert trace["batch"] == 2
    assert trace["out_channels"] == 5
    window = oracle.windows(image[batch], 3, 2, (2, 1), (1, 1), ((1, 0), (0, 2)))
    products = window.astype(np.float32) * oracle.tap_weights(kernel)[:, out_channel].astype(np.float32)
    sums = (oracle.left_fold(products) + bias[out_channel]).astype(np.float32)
    choice = f"?out_channel={out_channel}&batch={batch}"
    table = pa.ipc.open_stream(
        server.client.get(trace["url"] + "/positions" + choice, headers=ARROW).content
    ).read_all()
    assert np.array_equal(table["sum"].to_numpy(), sums)
    assert np.array_equal(np.array(table["window"].to_pylist()), window)

    position = 9
    explained = server.client.get(trace["url"] + f"/positions/{position}" + choice).json()
    described = ExplanationOut.model_validate_json(json.dumps(explained), strict=True)
    assert described.model_dump(mode="json") == explained
    assert [tap["product"] for tap in explained["taps"]] == products[position].tolist()
    assert explained["sum"] == sums[position]
    assert explained["bias"] == bias[out_channel]
    assert explained["taps"][-1]["partial_sum"] == oracle.left_fold(products[position])
    per_channel = oracle.left_fold(products[position].reshape(3, -1)).astype(np.float32)
    assert explained["channel_sums"] == per_channel.tolist()

    scale = server.client.get(trace["url"] + "/scale" + choice).json()
    assert scale["minimum"] == pytest.approx(sums.min(), rel=1e-5)
    assert scale["maximum"] == pytest.approx(sums.max(), rel=1e-5)


def test_an_explanation_tap_by_tap(server: Served) -> None:
    trace = server.trace(
        input={"values": (np.arange(30).reshape(5, 6) + 1).tolist()},
        operation={
            "type": "conv2d",
            "kernel": [[1, 2], [3, 4], [5, 6]],
            "bias": [100],
            "strides": [2, 3],
            "dilations": [1, 2],
            "padding": [[1, 0], [2, 1]],
        },
    )
    explained = server.client.get(trace["url"] + "/positions/1").json()
    assert (explained["position"], explained["y"], explained["x"]) == (1, 0, 1)
    assert explained["window"] == {"top": -1, "left": 1, "bottom": 1, "right": 3}
    assert explained["taps"][:3] == [
        {
            "channel": 0,
            "kernel_y": 0,
            "kernel_x": 0,
            "input_y": -1,
            "input_x": 1,
            "padding": True,
            "value": 0,
            "weight": 1,
            "product": 0,
            "partial_sum": 0,
            "channel_partial_sum": 0,
            "stuffed": False,
            "source_y": None,
            "source_x": None,
        },
        {
            "channel": 0,
            "kernel_y": 0,
            "kernel_x": 1,
            "input_y": -1,
            "input_x": 3,
            "padding": True,
            "value": 0,
            "weight": 2,
            "product": 0,
            "partial_sum": 0,
            "channel_partial_sum": 0,
            "stuffed": False,
            "source_y": None,
            "source_x": None,
        },
        {
            "channel": 0,
            "kernel_y": 1,
            "kernel_x": 0,
            "input_y": 0,
            "input_x": 1,
            "padding": False,
            "value": 2,
            "weight": 3,
            "product": 6,
            "partial_sum": 6,
            "channel_partial_sum": 6,
            "stuffed": False,
            "source_y": 0,
            "source_x": 1,
        },
    ]
    assert explained["channel_sums"] == [6 + 16 + 40 + 60]
    assert explained["bias"] == 100
    assert explained["sum"] == 222


class TestInput:
    def test_numbers_come_back_as_npy(self, server: Served) -> None:
        values = np.arange(24).reshape(2, 3, 2, 2)
        trace = server.trace(
            input={"values": values.tolist(), "layout": "NCHW"},
            operation={"type": "conv2d", "kernel": [[1]]},
        )
        answer = server.client.get(trace["input"]["url"] + "?batch=1")
        assert answer.headers["content-type"] == "application/x-npy"
        array = np.load(io.BytesIO(answer.content))
        assert array.dtype == np.float32
        assert np.array_equal(array, values[1].transpose(1, 2, 0))

    def test_a_picture_too_comes_as_png(self, server: Served) -> None:
        operation = {"type": "conv2d", "filter": "sobel_x"}
        for extra, channels in ({}, 3), ({"channels": "gray"}, 1):
            trace = server.trace(input={"sample": "harbour", "size": [20, 30]} | extra, operation=operation)
            assert trace["input"]["dtype"] == "uint8"
            assert trace["input"]["channels"] == channels
            array = np.load(io.BytesIO(server.client.get(trace["input"]["url"]).content))
            assert array.shape == (20, 30, channels)
            assert array.dtype == np.uint8
            png = server.client.get(trace["input"]["url"], headers={"accept": "image/png"})
            picture = np.asarray(Image.open(io.BytesIO(png.content))).reshape(array.shape)
            assert np.array_equal(picture, array)

    def test_the_unit_scale_is_a_255th(self, server: Served) -> None:
        operation = {"type": "conv2d", "filter": "identity"}
        whole, unit = (
            server.trace(input={"sample": "harbour", "size": [9, 8], "scale": scale}, operation=operation)
            for scale in ("0..255", "0..1")
        )
        assert unit["input"]["dtype"] == "float32"
        pixels, fractions = (
            np.load(io.BytesIO(server.client.get(trace["input"]["url"]).content)) for trace in (whole, unit)
        )
        assert np.array_equal(fractions, pixels.astype(np.float32) / np.float32(255))


class TestScale:
    def scale(self, server: Served, values: Any, **operation: Any) -> dict[str, float]:
        trace = server.trace(
            input={"values": np.asarray(values).tolist()}, operation={"type": "conv2d"} | operation
        )
        answer = server.client.get(trace["url"] + "/scale")
        ScaleOut.model_validate_json(answer.content, strict=True)
        found: dict[str, float] = answer.json()
        return found

    def test_few_positions_have_their_exact_maximum(self, server: Served) -> None:
        found = self.scale(server, oracle.ARTICLE, filter="vertical_edge")
        assert found == {"signed_scale": 33, "minimum": -30, "maximum": 33}

    def test_zeros_have_the_scale_one(self, server: Served) -> None:
        for size in ((3, 4), (9, 10)):
            assert self.scale(server, np.zeros(size), filter="sobel_x")["signed_scale"] == 1

    def test_rare_sums_still_have_a_scale(self, server: Served) -> None:
        values = np.zeros((20, 20))
        values[7, 9] = 3
        assert self.scale(server, values, filter="identity")["signed_scale"] == 3

    @pytest.mark.parametrize("factor", [1, 0.01, 1000])
    def test_many_positions_have_a_round_number_that_nearly_all_stay_within(
        self, server: Served, factor: float
    ) -> None:
        values = np.random.default_rng(5).normal(size=(30, 31)) * factor
        kernel = np.random.default_rng(6).normal(size=(3, 5))
        found = self.scale(server, values, kernel=kernel.tolist())
        padded = oracle.windows(values[..., np.newaxis], 3, 5, (1, 1), (1, 1), ((0, 0), (0, 0)))
        inner = np.abs(padded @ kernel.ravel())
        percentile = np.percentile(inner, 98.5)
        unit = 10 ** math.floor(math.log10(percentile) - 1)
        assert found["signed_scale"] == pytest.approx(math.ceil(percentile / unit / 5) * 5 * unit)
        assert percentile <= found["signed_scale"] < percentile * 1.6

    def test_sums_over_the_padding_do_not_count(self, server: Served) -> None:
        # Bright everywhere: inside, the edge filter gives 0 or 1; over the padding it gives hundreds.
        values = np.full((40, 41), 200.0)
        values[:, 20:] = 201
        assert self.scale(server, values, filter="vertical_edge", strides=[1, 1])["signed_scale"] == 3

    def test_all_count_when_every_window_touches_the_padding(self, server: Served) -> None:
        found = self.scale(server, np.full((9, 9), 2.0), kernel=np.ones((11, 11)).tolist())
        assert found == {"signed_scale": 200, "minimum": 2 * 6 * 6, "maximum": 2 * 9 * 9}
