"""POST /code and POST /compare."""

import re
from typing import Any

import numpy as np
import onnx
import pytest

from app.answers import CodeOut, CompareOut
from engine.comparison import CONVENTIONS
from engine.frameworks import FRAMEWORKS
from tests.app.cases import CASES, IMAGES
from tests.app.serving import Served

ARTICLE = {"values": np.arange(1, 17).reshape(4, 4).tolist()}
KERNEL = [[1, 0, -1]] * 3
CONV = {"type": "conv2d", "kernel": KERNEL, "strides": [2, 2]}
TRANSPOSED = {"type": "conv2d_transpose", "kernel": [[1, 2, 1], [2, 4, 2], [1, 2, 1]], "strides": [2, 2]}


def ask(server: Served, path: str, status: int = 200, **body: Any) -> Any:
    answer = server.client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def compare(server: Served, first: str, second: str, operation: Any = CONV, **more: Any) -> Any:
    body = {"input": ARTICLE, "operation": operation} | more
    return ask(server, "compare", conventions=[first, second], **body)


def refusal(server: Served, path: str, **body: Any) -> tuple[str, str]:
    error = ask(server, path, 422, **body)["errors"][0]
    return error["field"], error["reason"]


class TestCode:
    @pytest.mark.parametrize("case", CASES)
    def test_every_operation_is_spelled_in_every_framework(self, server: Served, case: str) -> None:
        answer = ask(server, "code", input_shape=list(IMAGES.shape), operation=CASES[case])
        CodeOut.model_validate(answer, strict=True)
        assert [call["framework"] for call in answer["calls"]] == list(FRAMEWORKS)
        assert answer["program"] is None
        for call in answer["calls"]:
            assert call["text"] == "".join(token["text"] for token in call["tokens"])
            assert call["holds"] == all(note["kind"] == "takes" for note in call["notes"])

    def test_the_tokens_name_what_they_change(self, server: Served) -> None:
        (call, *_) = ask(server, "code", input=ARTICLE, operation=CONV)["calls"]
        assert (call["framework"], call["title"]) == ("tensorflow", "TensorFlow")
        strides = [token for token in call["tokens"] if token["field"] == "strides"]
        assert strides == [{"text": "2", "field": "strides", "at": [at]} for at in (0, 1)]

    def test_other_words_for_the_same_stand_beside_it(self, server: Served) -> None:
        asked = {"type": "max_pool2d", "kernel_size": [2, 2], "strides": [2, 2], "padding": "VALID"}
        calls = ask(server, "code", input=ARTICLE, operation=asked)["calls"]
        (also,) = next(call["also"] for call in calls if call["framework"] == "pytorch")
        assert also.startswith("nn.MaxPool2d((2, 2), stride=(2, 2)")

    def test_a_program_has_the_numbers_of_its_output(self, server: Served) -> None:
        program = ask(server, "code", input=ARTICLE, operation=CONV, framework="tensorflow")["program"]
        assert program["framework"] == "tensorflow"
        expected = program["text"].partition("expected = ")[2]
        assert [int(number) for number in re.findall(r"-?\d+(?=[],])", expected)][:4] == [-6, 21, -4, 26]
        assert "assert_allclose" in expected
        compile(program["text"], "program", "exec")

    @pytest.mark.parametrize("case", CASES)
    def test_a_model_as_a_file(self, server: Served, case: str) -> None:
        asked = {"input": {"values": IMAGES.tolist()}, "operation": CASES[case]}
        answer = server.client.post("/api/v1/code?format=onnx", json=asked)
        assert answer.headers["content-type"] == "application/x-onnx"
        model = onnx.load_model_from_string(answer.content)
        onnx.checker.check_model(model, full_check=True)
        (read,) = model.graph.input
        assert [one.dim_value for one in read.type.tensor_type.shape.dim] == [2, 6, 9, 11]
        assert refusal(server, "code?format=onnx", **asked, framework="pytorch")[0] == "framework"

    def test_a_file_that_would_not_run_is_refused(self, server: Served) -> None:
        wide = {"type": "avg_pool2d", "kernel_size": [2, 2], "dilations": [3, 1], "padding": [[2, 2], [0, 0]]}
        field, reason = refusal(server, "code?format=onnx", input_shape=[5, 7], operation=wide)
        said = "ONNX Runtime refuses pads of a pool that are as large as its kernel."
        assert (field, reason) == ("operation", f"cannot be a file that runs: {said}")

    def test_what_is_needed_is_said(self, server: Served) -> None:
        field, reason = refusal(server, "code", operation=CONV)
        assert (field, "either" in reason) == ("input", True)
        both = {"input": ARTICLE, "input_shape": [4, 4]}
        assert refusal(server, "code", operation=CONV, **both)[0] == "input"
        asked = {"input_shape": [4, 4], "operation": CONV, "framework": "tensorflow"}
        assert refusal(server, "code", **asked) == (
            "input",
            "is needed for a program, which ends with the numbers of its output",
        )
        field, reason = refusal(server, "code", input=ARTICLE, operation=CONV, framework="caffe")
        assert (field, reason) == ("framework", f"must be one of {', '.join(FRAMEWORKS)}")


class TestCompare:
    def test_the_articles_stride_of_two(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "pytorch_padding", position=[1, 0])
        CompareOut.model_validate(answer, strict=True)
        assert answer["verdict"] == "numbers"
        assert answer["sentence"] == "Same shape, different numbers."
        assert answer["detail"] == "4 of 4 outputs differ, by up to 32."
        assert [side["values"] for side in answer["sides"]] == [[[-6, 21], [-4, 26]], [[-8, -4], [-30, -6]]]
        assert answer["difference"] == {
            "cells": 4,
            "total": 4,
            "largest": 32,
            "at": [0, 1, 1, 0],
            "values": [[-2, -25], [-26, -32]],
        }
        assert {"name": "value", "first": -4, "second": -30, "differs": True} in answer["rows"]
        assert {"name": "pads_y", "first": [0, 1], "second": [1, 1], "differs": True} in answer["rows"]
        assert [one["name"] for one in answer["conventions"]] == list(CONVENTIONS)

    def test_tensorflow_is_told_how_to_do_as_pytorch(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "pytorch_padding")
        (line,) = answer["sides"][0]["calls"]
        assert "padding=[[0, 0], [1, 1], [1, 1], [0, 0]]" in line

    def test_a_mirrored_border_is_padded_beforehand(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "opencv")
        (line,) = answer["sides"][0]["calls"]
        assert "tf.pad(" in line
        assert "REFLECT" in line
        assert compare(server, "tensorflow_same", "scipy_ndimage")["sides"][0]["calls"] == []

    def test_a_transposed_one_is_moved(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "pytorch_padding", TRANSPOSED)
        assert answer["shift"] == [-1, -1]
        assert answer["detail"].endswith("The second is the first, moved 1 row up and 1 column to the left.")

    def test_shapes_first(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "tensorflow_valid", CONV | {"strides": [1, 1]})
        assert (answer["verdict"], answer["difference"]) == ("shapes", None)
        assert answer["sentence"] == "Different shapes: 4 × 4 and 2 × 2."

    def test_what_agrees_needs_no_lines(self, server: Served) -> None:
        answer = compare(server, "tensorflow_same", "keras_same")
        assert (answer["verdict"], answer["sentence"]) == ("same", "Same shape, same numbers.")
        assert [side["calls"] for side in answer["sides"]] == [[], []]

    def test_a_cell_that_one_output_has(self, server: Served) -> None:
        stride_one = CONV | {"strides": [1, 1]}
        answer = compare(server, "tensorflow_same", "tensorflow_valid", stride_one, position=[3, 0])
        assert {"name": "value", "first": -24, "second": None, "differs": True} in answer["rows"]
        nowhere = compare(server, "tensorflow_same", "tensorflow_valid", stride_one, position=[9, 0])
        plain = compare(server, "tensorflow_same", "tensorflow_valid", stride_one)
        assert nowhere["rows"] == plain["rows"]
        assert plain["rows"][-1]["name"] == "columns_read"

    def test_a_refusal_is_an_answer(self, server: Served) -> None:
        answer = compare(server, "pytorch_same", "tensorflow_same")
        CompareOut.model_validate(answer, strict=True)
        assert (answer["verdict"], answer["rows"]) == ("refused", [])
        assert answer["sides"][0]["refusal"] == "PyTorch refuses padding='same' with a stride above 1"
        assert answer["sides"][1]["refusal"] is None
        assert answer["sides"][1]["geometry"]["y"]["output_size"] == 2

    @pytest.mark.parametrize("case", CASES)
    @pytest.mark.parametrize("second", CONVENTIONS)
    def test_every_operation_in_every_convention(self, server: Served, case: str, second: str) -> None:
        asked = {"values": IMAGES.tolist()}
        answer = compare(server, "call", second, CASES[case], input=asked, batch=1, out_channel=0)
        CompareOut.model_validate(answer, strict=True)
        refused = [side["convention"]["name"] for side in answer["sides"] if side["refusal"]]
        assert (answer["verdict"] == "refused") == bool(refused)
        if answer["verdict"] in ("same", "numbers"):
            first, other = (np.array(side["values"]) for side in answer["sides"])
            slack = 1e-5 * np.abs(first).max()
            assert np.array(answer["difference"]["values"]) == pytest.approx(other - first, abs=slack + 1e-3)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"conventions": ["call", "caffe"]}, "conventions.1"),
            ({"conventions": ["call"]}, "conventions"),
            ({"pytorch_padding": [1]}, "pytorch_padding"),
            ({"pytorch_padding": [1, -1]}, "pytorch_padding"),
            ({"position": [0, -1]}, "position.1"),
            ({"batch": 1}, "batch"),
            ({"out_channel": 1}, "out_channel"),
        ],
    )
    def test_refusals_name_the_field(self, server: Served, more: dict[str, Any], field: str) -> None:
        body = {"input": ARTICLE, "operation": CONV, "conventions": ["call", "tensorflow_same"]}
        assert refusal(server, "compare", **body | more)[0] == field
