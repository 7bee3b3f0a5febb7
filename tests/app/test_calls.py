"""POST /calls: what is read of a pasted call."""

import pytest

from tests.app.serving import Served

URL = "/api/v1/calls"


def test_a_layer_is_an_operation(server: Served) -> None:
    answer = server.client.post(URL, json={"text": "nn.Conv2d(3, 16, (4, 1), stride=2, padding=(2, 0))"})
    assert answer.status_code == 200
    assert answer.json() == {
        "framework": "pytorch",
        "call": "nn.Conv2d",
        "operation": {
            "type": "conv2d",
            "strides": [2, 2],
            "dilations": [1, 1],
            "padding": [[2, 2], [0, 0]],
        },
        "kernel_size": [4, 1],
        "in_channels": 3,
        "out_channels": 16,
        "depth_multiplier": None,
        "bias": None,
        "input": None,
        "notes": ["The layer's bias is learned, and not in the call.", "The weights are not in the call."],
    }


def test_what_is_read_of_a_pool_is_taken_as_it_is(server: Served) -> None:
    read = server.client.post(URL, json={"text": "F.max_pool2d(x, 2, ceil_mode=True)"}).json()
    body = {"input": {"values": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}, "operation": read["operation"]}
    output = server.client.post("/api/v1/outputs", json=body).json()["output"]["values"]
    assert output == [[[5], [6]], [[8], [9]]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "F.conv2d(x, w, stride=s)",
            "The argument stride is s; only what is written out as numbers or texts can be read.",
        ),
        ("F.conv2d(x, w, strides=2)", "The argument strides is no argument of this call that can be read."),
        ("hello world", "is no call: it cannot be read as Python, nor as a node of ONNX."),
        ("F.conv2d(x, w, padding='\\x00')", "has a backslash, which no call needs."),
        ("F.conv2d(x, w, stride=0x" + "f" * 3900 + ")", "has a number with too many digits."),
        ("(" * 3000, "is no call: it cannot be read as Python, nor as a node of ONNX."),
    ],
    ids=range(6),
)
def test_the_argument_that_cannot_be_read_is_named(server: Served, text: str, reason: str) -> None:
    answer = server.client.post(URL, json={"text": text})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "text", "reason": reason}]


def test_a_text_has_an_end(server: Served) -> None:
    answer = server.client.post(URL, json={"text": "x" * 4001})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "text"
    assert len(answer.content) < 600
