"""What is wrong with an operation is said with its field and the numbers, before anything is computed."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.answers import Problem
from tests.app.serving import Served, serve

# 4 x 6, six channels.
INPUT = {"values": [[[0] * 6] * 6] * 4}
GROUPED: dict[str, Any] = {"type": "conv2d", "kernel": [[[[1] * 4] * 3] * 2], "groups": 2}
DEPTHWISE: dict[str, Any] = {"type": "depthwise_conv2d", "kernel": [[1, 2]]}
TRANSPOSED: dict[str, Any] = {"type": "conv2d_transpose", "kernel": [[1, 2, 3]], "padding": "VALID"}
MAX_POOL: dict[str, Any] = {"type": "max_pool2d", "kernel_size": [2, 3]}
AVG_POOL: dict[str, Any] = {"type": "avg_pool2d", "kernel_size": [2, 3]}
GLOBAL: dict[str, Any] = {"type": "max_pool2d", "kernel_size": "global"}

# The operation, the field, and what the reason has to say.
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "groups that do not divide out_channels": (GROUPED | {"groups": 3}, "groups", "the 4 out_channels"),
    "groups of other channels": (GROUPED | {"groups": 1}, "kernel", "is for 3 input channels"),
    "a flat kernel in groups": (
        {"type": "conv2d", "kernel": [[1]], "groups": 4},
        "groups",
        "must divide the 6 channels of the input; got 4",
    ),
    "a transposed flat kernel in groups": (TRANSPOSED | {"groups": 4}, "groups", "must divide the 6"),
    "groups 0": (GROUPED | {"groups": 0}, "groups", "at least 1; got 0"),
    "groups 1.0": (GROUPED | {"groups": 1.0}, "groups", "whole number; got 1.0"),
    "too many taps of a flat kernel": (
        {"type": "conv2d", "kernel": [[1] * 130] * 130, "groups": 6, "padding": "FULL"},
        "kernel",
        "130 x 130 x 1 = 16900 taps; the limit is 16384",
    ),
    "groups of a depthwise": (DEPTHWISE | {"groups": 2}, "groups", "is not a field of depthwise_conv2d"),
    "a depthwise kernel for other channels": (
        DEPTHWISE | {"kernel": [[[[1], [2]]]]},
        "kernel",
        "is for 2 input channels, and the input has 6",
    ),
    "a bias for the multiplier alone": (DEPTHWISE | {"bias": [1]}, "bias", "[6]"),
    "the layout of another kernel": (DEPTHWISE | {"kernel_layout": "HWIO"}, "kernel_layout", "'HWIM'"),
    "the layout of a transposed kernel": (
        TRANSPOSED | {"kernel_layout": "OIHW"},
        "kernel_layout",
        "'HWOI' or 'IOHW'",
    ),
    "a padding mode of a transposed convolution": (
        TRANSPOSED | {"padding_mode": "reflect"},
        "padding_mode",
        "is not a field of conv2d_transpose",
    ),
    "full of a transposed convolution": (
        TRANSPOSED | {"padding": "FULL"},
        "padding",
        "SAME, SAME_LOWER, VALID",
    ),
    "everything cropped": (
        TRANSPOSED | {"padding": [[2, 2], [0, 0]]},
        "padding",
        "crops 2 + 2 rows of the 4",
    ),
    "too much output_padding": (
        TRANSPOSED | {"strides": [2, 3], "output_padding": [1, 3]},
        "output_padding",
        "less than the larger of stride 3 and dilation 1; got 3",
    ),
    "output_padding with SAME": (
        TRANSPOSED | {"padding": "SAME", "strides": [2, 2], "output_padding": [1, 0]},
        "output_padding",
        "means nothing with SAME",
    ),
    "output_padding and output_shape": (
        TRANSPOSED | {"strides": [2, 2], "output_padding": [1, 1], "output_shape": [8, 14]},
        "output_padding",
        "cannot be given together",
    ),
    "an impossible output_shape": (
        TRANSPOSED | {"strides": [2, 2], "padding": "SAME", "output_shape": [6, 12]},
        "output_shape",
        "7 to 8 rows; 6 were asked for",
    ),
    "output_shape of three": (TRANSPOSED | {"output_shape": [8, 8, 1]}, "output_shape", "two whole numbers"),
    "output_shape of a convolution": (
        GROUPED | {"output_shape": [4, 6]},
        "output_shape",
        "is not a field of conv2d",
    ),
    "output_padding of a convolution": (
        GROUPED | {"output_padding": [0, 1]},
        "output_padding",
        "is not a field of conv2d",
    ),
    "output_padding that is no number": (
        GROUPED | {"output_padding": [False, 0]},
        "output_padding",
        "is not a field of conv2d",
    ),
    "ceil_mode of a convolution": (GROUPED | {"ceil_mode": True}, "ceil_mode", "is not a field of conv2d"),
    "ceil_mode 0 of a convolution": (GROUPED | {"ceil_mode": 0}, "ceil_mode", "is not a field of conv2d"),
    "count_include_pad of a max pool": (
        MAX_POOL | {"count_include_pad": True},
        "count_include_pad",
        "is not a field of max_pool2d",
    ),
    "a pool with a kernel": (MAX_POOL | {"kernel": [[1]]}, "kernel", "is not a field of max_pool2d"),
    "a pool with a filter": (AVG_POOL | {"filter": "sobel_x"}, "filter", "is not a field of avg_pool2d"),
    "a pool with an activation": (
        AVG_POOL | {"activation": "relu"},
        "activation",
        "is not a field of avg_pool2d",
    ),
    "a pool without a size": ({"type": "avg_pool2d"}, "kernel_size", "is required"),
    "a pool of no size": ({"type": "avg_pool2d", "kernel_size": None}, "kernel_size", "two whole numbers"),
    "a size of 0": (MAX_POOL | {"kernel_size": [0, 2]}, "kernel_size", "at least 1; got 0"),
    "a size of 1.5": (MAX_POOL | {"kernel_size": [2, 1.5]}, "kernel_size", "whole number; got 1.5"),
    "a size that is true": (MAX_POOL | {"kernel_size": [2, True]}, "kernel_size", "got True"),
    "a size in words": (MAX_POOL | {"kernel_size": "all"}, "kernel_size", "global"),
    "a size over the limit": (MAX_POOL | {"kernel_size": [256, 1]}, "kernel_size", "longest side may be 255"),
    "a size of too many taps": (
        MAX_POOL | {"kernel_size": [128, 129]},
        "kernel_size",
        "128 x 129 x 1 = 16512 taps; the limit is 16384",
    ),
    "a size of 10^40": (MAX_POOL | {"kernel_size": [10**40, 1]}, "kernel_size", "must be"),
    "a pool that does not fit": (
        MAX_POOL | {"kernel_size": [5, 3], "padding": "VALID"},
        "kernel_size",
        "5",
    ),
    "a window on padding alone": (
        MAX_POOL | {"padding": [[2, 0], [0, 0]]},
        "padding",
        "window 0 of the rows lies on padding alone",
    ),
    "ceil_mode 1": (AVG_POOL | {"ceil_mode": 1}, "ceil_mode", "true or false; got 1"),
    "count_include_pad in words": (
        AVG_POOL | {"count_include_pad": "no"},
        "count_include_pad",
        "true or false",
    ),
    "strides of a global pool": (GLOBAL | {"strides": [2, 1]}, "strides", "means nothing to a global pool"),
    "too much to reflect": (
        GROUPED | {"padding": [[4, 0], [0, 0]], "padding_mode": "reflect"},
        "padding",
        "reflect can fill at most 3 rows of padding from an input of 4; 4 are needed",
    ),
    "too much to go round": (
        DEPTHWISE | {"padding": [[0, 0], [0, 7]], "padding_mode": "circular"},
        "padding",
        "circular can fill at most 6 columns",
    ),
    "strides over the limit": (TRANSPOSED | {"strides": [1, 8193]}, "strides", "is 8193; the limit is 8192"),
    "an output too high": (
        TRANSPOSED | {"strides": [8192, 1]},
        "strides",
        "a side of 24577 cells; the limit is 24576",
    ),
    "an output too large": (
        TRANSPOSED | {"strides": [4000, 2000]},
        "strides",
        "would need 120046003 values in the output before it is cropped; the limit is 32000000",
    ),
}


def assert_refused(answer: httpx.Response, field: str, reason: str) -> None:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = Problem.model_validate_json(answer.content)
    assert found.errors[0].field == f"operation.{field}", answer.text
    assert reason in found.errors[0].reason
    assert len(found.errors) == 1


@pytest.mark.parametrize("path", ["traces", "outputs", "geometry"])
@pytest.mark.parametrize("case", CASES)
def test_a_bad_operation_is_refused(server: Served, case: str, path: str) -> None:
    operation, field, reason = CASES[case]
    where = {"input_shape": [4, 6, 6]} if path == "geometry" else {"input": INPUT}
    body = json.dumps(where | {"operation": operation})
    answer = server.client.post(f"/api/v1/{path}", content=body, headers={"content-type": "application/json"})
    assert_refused(answer, field, reason)


def test_the_window_of_a_trace_is_limited_and_that_of_an_output_is_not(server: Served) -> None:
    body = {"input": {"sample": "harbour", "size": [129, 128]}, "operation": GLOBAL}
    assert server.client.post("/api/v1/outputs", json=body).status_code == 200
    refused = server.client.post("/api/v1/traces", json=body)
    assert_refused(refused, "kernel_size", "has 129 x 128 x 1 = 16512 taps; the limit is 16384")


def test_resolved_padding_is_limited_where_it_is_looked_up(server: Served) -> None:
    operation = DEPTHWISE | {"kernel": [[1] * 12], "dilations": [1, 1000], "padding": "FULL"}
    body = {"input_shape": [1, 3, 1], "operation": operation}
    assert server.client.post("/api/v1/geometry", json=body).status_code == 200
    body["operation"] = operation | {"padding_mode": "replicate"}
    refused = server.client.post("/api/v1/geometry", json=body)
    assert_refused(refused, "padding", "comes to 11000 on one side; the limit is 8192")


def test_a_flat_kernel_is_not_repeated_beyond_the_limit(tmp_path: Path) -> None:
    with serve(tmp_path, input_values=500) as served:
        operation = {"type": "conv2d", "kernel": [[1] * 9] * 8, "groups": 7}
        answer = served.client.post(
            "/api/v1/geometry", json={"input_shape": [3, 4, 7], "operation": operation}
        )
        assert_refused(answer, "kernel", "8 x 9 x 1 x 7 = 504 values; the limit is 500")


@pytest.mark.parametrize("operation", [MAX_POOL, TRANSPOSED | {"kernel": [[1, 2], [3, 4]]}, DEPTHWISE])
def test_work_and_answers_are_bounded(tmp_path: Path, operation: dict[str, Any]) -> None:
    body = {"input": INPUT, "operation": operation}
    with serve(tmp_path, work=100) as served:
        answer = served.client.post("/api/v1/outputs", json=body)
        assert "multiply-adds; the limit is 100" in answer.json()["errors"][0]["reason"]
    with serve(tmp_path, json_values=30) as served:
        answer = served.client.post("/api/v1/outputs", json=body)
        assert answer.json()["errors"][0]["field"] == "format"
        assert served.client.post("/api/v1/outputs?format=npy", json=body).status_code == 200


def test_work_is_counted_for_the_whole_batch(tmp_path: Path) -> None:
    with serve(tmp_path, work=400) as served:  # two taps at 4 x 6 x 6 outputs are 288
        body = {"input_shape": [1, 4, 6, 6], "operation": DEPTHWISE}
        assert served.client.post("/api/v1/geometry", json=body).status_code == 200
        body["input_shape"] = [2, 4, 6, 6]
        refused = served.client.post("/api/v1/geometry", json=body).json()["errors"][0]
        assert refused["reason"] == "would need 576 multiply-adds; the limit is 400"


def test_the_argmax_counts_as_values(tmp_path: Path) -> None:
    with serve(tmp_path, json_values=300) as served:
        body = {"input": INPUT, "operation": MAX_POOL}
        refused = served.client.post("/api/v1/outputs", json=body).json()["errors"][0]
        assert refused["reason"].startswith("json would hold 432 values; the limit is 300")
        body["operation"] = AVG_POOL
        assert served.client.post("/api/v1/outputs", json=body).status_code == 200


def test_a_search_for_the_argmax_is_bounded(tmp_path: Path) -> None:
    with serve(tmp_path, work=32 * 863) as served:  # a pool of 2 x 3 over 4 x 6 x 6 looks at 864 cells
        body = {"input": INPUT, "operation": MAX_POOL}
        refused = served.client.post("/api/v1/outputs", json=body).json()["errors"][0]
        assert refused["field"] == "format"
        assert refused["reason"].startswith("json would need a search for its argmax through 864 cells; ")
        assert served.client.post("/api/v1/outputs?format=npy", json=body).status_code == 200
        body["operation"] = AVG_POOL
        assert served.client.post("/api/v1/outputs", json=body).status_code == 200


QUESTIONS = [
    ("/inputs/4/0", "y"),
    ("/inputs/0/6", "x"),
    ("/inputs/-1/0", "y"),
    ("/inputs/a/0", "y"),
    ("/inputs/0/1.5", "x"),
    ("/inputs/0/0?out_channel=6", "out_channel"),
    ("/inputs/0/0?batch=1", "batch"),
    ("/positions?columns=products", "columns"),
    ("/positions?columns=window,divisor", "columns"),
    ("/positions/0?out_channel=6", "out_channel"),
    ("/scale?out_channel=6", "out_channel"),
]


@pytest.mark.parametrize(("path", "field"), QUESTIONS)
def test_a_bad_question_about_a_pool_is_refused(server: Served, path: str, field: str) -> None:
    url = server.trace(input=INPUT, operation=MAX_POOL)["url"]
    answer = server.client.get(url + path)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_columns_there_are_are_named(server: Served) -> None:
    for operation, columns in (
        (MAX_POOL, "window,output,argmax"),
        (AVG_POOL, "window,sum,output,divisor"),
        (TRANSPOSED, "window,products,channel_sums,sum,output"),
    ):
        url = server.trace(input=INPUT, operation=operation)["url"]
        refused = server.client.get(url + "/positions?columns=everything").json()["errors"][0]
        assert refused["reason"] == f"must be one or more of {columns}, each at most once"


def test_an_input_cell_that_is_read_too_often_is_refused(tmp_path: Path) -> None:
    operation = {
        "type": "conv2d",
        "kernel": [[1] * 5] * 5,
        "padding": [[30, 30], [30, 30]],
        "padding_mode": "replicate",
    }
    with serve(tmp_path, json_values=1000) as served:
        url = served.trace(input={"values": [[1, 2, 3], [4, 5, 6]]}, operation=operation)["url"]
        assert served.client.get(url + "/inputs/0/1").status_code == 422
        refused = served.client.get(url + "/inputs/1/2").json()["errors"][0]
        # Rows 1 and 30 of padding below: 31 coordinates, nearly all of them under five taps each.
        assert refused["field"] == "position"
        assert refused["reason"] == "[1, 2] is read 21025 times, which makes 147175 values; the limit is 1000"
        zeros = served.trace(
            input={"values": [[1, 2, 3], [4, 5, 6]]}, operation=operation | {"padding_mode": "zeros"}
        )
        assert len(served.client.get(zeros["url"] + "/inputs/1/2").json()["reads"]) == 25
    with serve(tmp_path, output_values=200) as served:
        url = served.trace(input=INPUT, operation=MAX_POOL)["url"]
        assert served.client.get(url + "/inputs/1/2").status_code == 200
