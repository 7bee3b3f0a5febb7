"""POST /geometry explains itself, and follows a chain of layers."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.answers import ChainOut, ShapedGeometryOut
from tests.app.cases import CASES, IMAGES
from tests.app.serving import Served

SENTENCES = json.loads((Path(__file__).parent.parent / "golden" / "sentences.json").read_text("utf-8"))
CONV = {"type": "conv2d", "kernel": [[1, 2], [3, 4], [5, 6]]}  # 3 x 2
TRANSPOSED = {"type": "conv2d_transpose", "kernel": [[1, 2], [3, 4], [5, 6]]}
POOL = {"type": "max_pool2d", "kernel_size": [2, 3], "strides": [2, 3]}


def ask(server: Served, **body: Any) -> Any:
    answer = server.client.post("/api/v1/geometry", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refusal(server: Served, **body: Any) -> dict[str, Any]:
    answer = server.client.post("/api/v1/geometry", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    first: dict[str, Any] = answer.json()["errors"][0]
    return first


def test_both_axes_in_formulas(server: Served) -> None:
    operation = CONV | {"strides": [2, 1], "dilations": [2, 1], "padding": [[1, 3], [0, 0]]}
    answer = ask(server, input_shape=[9, 7], operation=operation)
    ShapedGeometryOut.model_validate(answer, strict=True)
    told = answer["derivation"]["y"]
    assert told["formula_symbols"] == "⌊(input_size + pad_before + pad_after − span) ÷ stride⌋ + 1"
    assert told["formula_numbers"] == "⌊(9 + 1 + 3 − 5) ÷ 2⌋ + 1"
    assert answer["y"]["formula"] == told["formula_numbers"] + " = 5"
    assert told["steps"][2] == {
        "name": "pad_after",
        "symbols": "padding[0][1]",
        "numbers": "3",
        "value": 3,
    }
    assert [step["name"] for step in answer["derivation"]["x"]["steps"]] == [
        "span",
        "pad_before",
        "pad_after",
        "output_size",
        "leftover",
    ]
    assert (answer["operation"], answer["input_shape"]) == ("conv2d", [1, 9, 7, 1])
    assert answer["receptive_field"] == {
        "y": {"size": 5, "jump": 2, "start": -1, "period": 1},
        "x": {"size": 2, "jump": 1, "start": 0, "period": 1},
    }


@pytest.mark.parametrize("case", SENTENCES["axes"], ids=lambda case: case["operation"]["type"])
def test_both_axes_in_english(server: Served, case: dict[str, Any]) -> None:
    told = ask(server, input_shape=[9, 7], operation=case["operation"])["derivation"]
    assert (told["y"]["sentence"], told["x"]["sentence"]) == (case["rows"], case["columns"])


@pytest.mark.parametrize("case", CASES)
def test_every_operation_is_explained(server: Served, case: str) -> None:
    answer = ask(server, input_shape=IMAGES.shape, operation=CASES[case])
    ShapedGeometryOut.model_validate(answer, strict=True)
    for name in ("y", "x"):
        axis, told = answer[name], answer["derivation"][name]
        field = answer["receptive_field"][name]
        assert f"{told['formula_numbers']} = {axis['output_size']}" == axis["formula"]
        values = {step["name"]: step["value"] for step in told["steps"]}
        assert {name: axis[name] for name in values if name in axis} == {
            name: value for name, value in values.items() if name in axis
        }
        assert told["sentence"].endswith(".")
        if "padding_mode" in axis:
            assert field == {
                "size": axis["span"],
                "jump": axis["stride"],
                "start": axis["taps"]["first"],
                "period": 1,
            }
        else:
            assert field["jump"] == pytest.approx(1 / axis["stride"])
            assert field["period"] == axis["stride"]


def test_a_chain_of_layers(server: Served) -> None:
    """The shapes of each layer are those of whole outputs of the layers before; receptive fields add up."""
    kernel = np.ones((3, 3, 2, 5)).tolist()
    layers = [
        {"type": "conv2d", "kernel": kernel, "padding": "VALID", "strides": [1, 2]},
        POOL,
        {"type": "depthwise_conv2d", "filter": "sobel_x", "dilations": [2, 1]},
        {"type": "conv2d", "filter": "box_blur", "padding": "VALID"},
    ]
    answer = ask(server, input_shape=[2, 23, 31, 2], layers=layers)
    ChainOut.model_validate(answer, strict=True)
    values = np.arange(2 * 23 * 31 * 2).reshape(2, 23, 31, 2) % 7
    shapes = [list(values.shape)]
    for layer in layers:
        output = server.output(input={"values": values.tolist()}, operation=layer)
        values = np.array(output["values"])
        shapes.append(output["shape"])
    told = answer["layers"]
    assert [layer["input_shape"] for layer in told] == shapes[:-1]
    assert [layer["output_shape"] for layer in told] == shapes[1:]
    assert (answer["input_shape"], answer["output_shape"]) == (shapes[0], shapes[-1])
    assert [layer["operation"] for layer in told] == [layer["type"] for layer in layers]
    rows = [layer["receptive_field"]["y"] for layer in told]
    assert [(field["size"], field["jump"], field["start"]) for field in rows] == [
        (3, 1, 0),
        (4, 2, 0),
        (12, 2, -4),
        (16, 2, -4),
    ]
    columns = [layer["receptive_field"]["x"] for layer in told]
    assert [(field["size"], field["jump"], field["start"]) for field in columns] == [
        (3, 2, 0),
        (7, 6, 0),
        (19, 6, -6),
        (31, 6, -6),
    ]


def test_a_layer_of_a_chain_is_what_the_operation_is_alone(server: Served) -> None:
    layers = [CONV, TRANSPOSED | {"strides": [2, 3]}, POOL]
    told = ask(server, input_shape=[9, 7], layers=layers)["layers"]
    for layer, operation in zip(told, layers, strict=True):
        alone = ask(server, input_shape=layer["input_shape"], operation=operation)
        assert {name: alone[name] for name in alone if name != "receptive_field"} == {
            name: layer[name] for name in layer if name != "receptive_field"
        }
    for one, following in pairwise(told):
        assert one["output_shape"] == following["input_shape"]
    assert told[1]["receptive_field"]["x"]["jump"] == pytest.approx(1 / 3)
    assert told[2]["receptive_field"]["x"] == {"size": 2, "jump": 1, "start": 0, "period": 1}


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (CONV | {"strides": [0, 1]}, "layers.2.strides", "must be at least 1; got 0."),
        (CONV | {"strides": 3}, "layers.2.strides", "must be two whole numbers"),
        (CONV | {"stride": [1, 1]}, "layers.2.stride", "is not a field of conv2d"),
        (CONV | {"filter": "sobel_x"}, "layers.2.kernel", "filter and kernel are both given"),
        ({"type": "conv2d", "filter": "sobel_z"}, "layers.2.filter", "sobel_z"),
        ({"type": "conv2d", "kernel": [[[1], [1]]]}, "layers.2.kernel", "has 3 dimensions"),
        (
            {"type": "conv2d", "kernel": [[[[1], [1]]]]},
            "layers.2.kernel",
            "2 input channels, and the input has 1",
        ),
        (CONV | {"padding": [[9000, 0], [0, 0]]}, "layers.2.padding", "the limit is 8192"),
        (
            CONV | {"dilations": [50, 1], "padding": "VALID"},
            "layers.2.kernel",
            "a window of 101 cells is larger",
        ),
        (POOL | {"kernel_size": [2]}, "layers.2.kernel_size", "must be two whole numbers"),
        ({"type": "conv3d"}, "layers.2.type", "must be one of"),
        (7, "layers.2", "must be one of"),
    ],
)
def test_a_refusal_names_the_layer(server: Served, wrong: Any, field: str, reason: str) -> None:
    first = refusal(server, input_shape=[9, 12], layers=[CONV, CONV, wrong])
    assert first["field"] == field
    assert reason in first["reason"]


def test_a_layer_whose_input_is_too_large_is_refused(server: Served) -> None:
    grow = TRANSPOSED | {"strides": [90, 1]}
    assert refusal(server, input_shape=[100, 3], layers=[CONV, grow, CONV]) == {
        "field": "layers.2",
        "value": [9000, 3],
        "reason": "is 9000 x 3; the longest side may be 8192",
    }
    assert refusal(server, input_shape=[9000, 3], layers=[CONV])["field"] == "input_shape"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"layers": []}, "layers"),
        ({"layers": [POOL] * 65}, "layers"),
        ({"layers": POOL}, "layers"),
        ({"layers": [POOL], "operation": POOL}, "operation"),
        ({"layers": [POOL], "more": 1}, "more"),
        ({"operation": POOL, "more": 1}, "more"),
        ({}, "operation"),
    ],
)
def test_what_is_no_chain_is_refused(server: Served, body: dict[str, Any], field: str) -> None:
    assert refusal(server, input_shape=[9, 12], **body)["field"] == field


def test_64_layers_are_a_chain(server: Served) -> None:
    layers = [{"type": "conv2d", "filter": "identity"}] * 64
    told = ask(server, input_shape=[9, 12], layers=layers)["layers"]
    assert told[-1]["receptive_field"]["y"] == {"size": 129, "jump": 1, "start": -64, "period": 1}


def test_a_field_that_is_too_large_is_not_told(server: Served) -> None:
    halves = {"type": "max_pool2d", "kernel_size": [2, 1], "strides": [2, 1]}
    told = ask(server, input_shape=[9, 12], layers=[halves] * 32)["layers"]
    assert told[29]["receptive_field"]["y"]["jump"] == 2**30
    assert told[31]["receptive_field"]["y"] is None
    assert told[31]["receptive_field"]["x"] == {"size": 1, "jump": 1, "start": 0, "period": 1}


OPERATIONS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["conv2d", "depthwise_conv2d", "conv2d_transpose"]),
        "filter": st.sampled_from(["sobel_x", "identity"]),
        "strides": st.lists(st.integers(1, 3), min_size=2, max_size=2),
        "padding": st.sampled_from(["SAME", "SAME_LOWER", "VALID"]),
    }
) | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["max_pool2d", "avg_pool2d"]),
        "kernel_size": st.lists(st.integers(1, 4), min_size=2, max_size=2) | st.just("global"),
        "ceil_mode": st.booleans(),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layers=st.lists(OPERATIONS, min_size=1, max_size=6), side=st.integers(1, 40))
def test_any_chain(server: Served, layers: list[dict[str, Any]], side: int) -> None:
    body = {"input_shape": [side, 21, 3], "layers": layers}
    answer = server.client.post("/api/v1/geometry", json=body)
    if answer.status_code == 200:
        told = answer.json()["layers"]
        assert [layer["operation"] for layer in told] == [layer["type"] for layer in layers]
        for one, following in pairwise(told):
            assert one["output_shape"] == following["input_shape"]
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith("layers.")
