"""Outputs as an Arrow stream, opened by pyarrow and polars as it is."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars
import pyarrow
import pyarrow.ipc
import pytest

from app import __version__
from tests.app.serving import Served, serve

RANDOM = np.random.default_rng(13)
IMAGE = RANDOM.integers(-9, 10, (2, 7, 5, 3))  # NHWC, every side different
ARROW = "application/vnd.apache.arrow.stream"
CONVOLUTIONS: dict[str, dict[str, Any]] = {
    "conv2d": {
        "type": "conv2d",
        "kernel": RANDOM.integers(-3, 4, (2, 4, 3, 6)).tolist(),
        "bias": [1, 2, 3, 4, 5, 6],
        "strides": [1, 2],
    },
    "depthwise_conv2d": {"type": "depthwise_conv2d", "filter": "sobel_x", "dilations": [2, 1]},
    "conv2d_transpose": {"type": "conv2d_transpose", "kernel": [[1, 2], [3, -4], [5, 6]], "strides": [3, 2]},
    "avg_pool2d": {"type": "avg_pool2d", "kernel_size": [3, 2], "padding": "SAME"},
}
MAX_POOL = {"type": "max_pool2d", "kernel_size": [3, 2], "strides": [2, 1], "padding": "SAME"}


def ask(
    server: Served, operation: dict[str, Any], image: Any = IMAGE, layout: str = "NHWC"
) -> httpx.Response:
    body = {"input": {"values": np.asarray(image).tolist(), "layout": layout}, "operation": operation}
    answer = server.client.post("/api/v1/outputs", json=body, headers={"accept": ARROW})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == ARROW
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer


def table(answer: httpx.Response) -> pyarrow.Table:
    with pyarrow.ipc.open_stream(answer.content) as reader:
        found = reader.read_all()
    found.validate(full=True)
    return found


def numbers(column: Any) -> np.ndarray:
    """[rows, width]"""
    flat = column.combine_chunks().flatten()
    return np.asarray(flat).reshape(len(column), -1)


def rebuilt(found: pyarrow.Table, shape: list[int], name: str = "output") -> np.ndarray:
    """NHWC and what more there is, each row put where its own columns say."""
    values = numbers(found[name])
    array = np.full((*shape[:3], values.shape[1]), np.nan)
    array[tuple(np.asarray(found[axis]) for axis in ("batch", "y", "x"))] = values
    return array


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_every_operation_has_the_numbers_of_its_json(server: Served, name: str) -> None:
    found = table(ask(server, CONVOLUTIONS[name]))
    output = server.output(input={"values": IMAGE.tolist()}, operation=CONVOLUTIONS[name])
    shape = output["shape"]
    assert found.num_rows == shape[0] * shape[1] * shape[2]
    assert np.array_equal(rebuilt(found, shape), output["values"])


def test_the_schema(server: Served) -> None:
    operation = CONVOLUTIONS["conv2d"]
    schema = table(ask(server, operation)).schema
    item = pyarrow.field("item", pyarrow.float32(), nullable=False)
    assert [(field.name, field.type, field.nullable) for field in schema] == [
        ("batch", pyarrow.int32(), False),
        ("y", pyarrow.int32(), False),
        ("x", pyarrow.int32(), False),
        ("output", pyarrow.list_(item, 6), False),
    ]
    metadata = {name.decode(): json.loads(text) for name, text in schema.metadata.items()}
    described = metadata.pop("operation")
    assert described.items() >= {"type": "conv2d", "strides": [1, 2], "dilations": [1, 1]}.items()
    assert not {"kernel", "bias"} & set(described)
    assert metadata == {
        "input_shape": [2, 7, 5, 3],
        "output_shape": [2, 7, 3, 6],
        "row_order": ["batch", "y", "x"],
        "version": __version__,
    }


def test_rows_are_batch_major_then_row_major_in_any_chunks(tmp_path: Path) -> None:
    with serve(tmp_path, chunk_bytes=1024) as served:
        answer = ask(served, CONVOLUTIONS["conv2d"])
        batches = list(pyarrow.ipc.open_stream(answer.content))
    # 36 bytes a row: 28 of them are the most within 1024 bytes.
    assert [batch.num_rows for batch in batches] == [28, 14]
    found = pyarrow.Table.from_batches(batches)
    rows = np.column_stack([np.asarray(found[name]) for name in ("batch", "y", "x")])
    assert rows.tolist() == [[n, y, x] for n in range(2) for y in range(7) for x in range(3)]


def test_a_max_pool_says_where_each_value_was(server: Served) -> None:
    answer = server.client.post(
        "/api/v1/outputs", json={"input": {"values": IMAGE.tolist()}, "operation": MAX_POOL}
    ).json()
    found = table(ask(server, MAX_POOL))
    shape = answer["output"]["shape"]
    argmax = rebuilt(found, shape, "argmax").reshape(*shape, 2)
    assert np.array_equal(argmax, answer["argmax"])
    y, x = np.moveaxis(argmax.astype(int), 4, 0)
    read = IMAGE[np.arange(2)[:, None, None, None], y, x, np.arange(3)]
    assert np.array_equal(read, rebuilt(found, shape))
    assert json.loads(found.schema.metadata[b"argmax_order"]) == ["out_channel", ["y", "x"]]


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_the_layout_of_the_input_changes_nothing(server: Served, layout: str) -> None:
    given = IMAGE if layout == "NHWC" else IMAGE.transpose(0, 3, 1, 2)
    assert ask(server, MAX_POOL, given, layout).content == ask(server, MAX_POOL).content


def test_polars_reads_it_as_it_is(server: Served) -> None:
    frame = polars.read_ipc_stream(ask(server, MAX_POOL).content)
    assert frame.schema == {
        "batch": polars.Int32,
        "y": polars.Int32,
        "x": polars.Int32,
        "output": polars.Array(polars.Float32, 3),
        "argmax": polars.Array(polars.Int32, 6),
    }
    assert frame.height == 2 * 4 * 5
    assert frame["output"].to_list()[-1] == IMAGE[1, -2:, -1].max(axis=0).tolist()


def test_by_name(server: Served) -> None:
    body = {"input": {"values": [[1, 2]]}, "operation": {"type": "conv2d", "filter": "identity"}}
    found = table(server.client.post("/api/v1/outputs?format=arrow", json=body))
    assert found.to_pylist() == [
        {"batch": 0, "y": 0, "x": 0, "output": [1.0]},
        {"batch": 0, "y": 0, "x": 1, "output": [2.0]},
    ]


def test_one_row_may_be_larger_than_a_chunk(tmp_path: Path) -> None:
    image = RANDOM.integers(0, 9, (2, 1, 3, 400))
    with serve(tmp_path, chunk_bytes=1024) as served:
        answer = ask(served, {"type": "depthwise_conv2d", "filter": "identity"}, image)
    assert [batch.num_rows for batch in pyarrow.ipc.open_stream(answer.content)] == [1] * 6
    assert np.array_equal(rebuilt(table(answer), [2, 1, 3]), image)


def test_an_output_of_many_chunks(tmp_path: Path) -> None:
    image = RANDOM.normal(0, 1, (1, 310, 290, 2)).astype(np.float32)
    stream = io.BytesIO()
    np.save(stream, image)
    source = {"npy": base64.b64encode(stream.getvalue()).decode()}
    operation = {"type": "depthwise_conv2d", "filter": "identity"}
    with serve(tmp_path, chunk_bytes=128 * 1024) as served:
        answer = served.client.post(
            "/api/v1/outputs?format=arrow", json={"input": source, "operation": operation}
        )
    found = table(answer)
    assert len(found["output"].chunks) > 10
    assert np.array_equal(rebuilt(found, [1, 310, 290]), image)


def test_a_max_pool_that_would_be_searched_too_long(tmp_path: Path) -> None:
    # 20 rows of 20 windows of 4 cells.
    body = {
        "input": {"values": np.ones((20, 20)).tolist()},
        "operation": {"type": "max_pool2d", "kernel_size": [2, 2], "strides": [1, 1], "padding": "SAME"},
    }
    for limit, status in ((1600 * 32, 200), (1600 * 32 - 1, 422)):
        with serve(tmp_path, work=limit) as served:
            answer = served.client.post("/api/v1/outputs?format=arrow", json=body)
            assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "format"
    assert "arrow would need a search for its argmax through 1600 cells" in answer.json()["detail"]


def test_too_many_streams(tmp_path: Path) -> None:
    with serve(tmp_path, streams=1) as served:
        body = {"input": {"values": [[1, 2]]}, "operation": {"type": "conv2d", "filter": "identity"}}
        with served.services.compute.stream([]):
            answer = served.client.post("/api/v1/outputs?format=arrow", json=body)
            assert answer.status_code == 503
        assert served.client.post("/api/v1/outputs?format=arrow", json=body).status_code == 200
