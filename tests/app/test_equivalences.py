"""POST /equivalences: every way comes out where the operation does, by arrays that add up on the way."""

import json
from typing import Any

import numpy as np
import pytest

from app.answers import EquivalencesOut
from engine.equivalences import depthwise_then_pointwise, narrowed, narrowed_transposed
from engine.ops import run
from engine.spec import Conv2D, Conv2DTranspose, DepthwiseConv2D
from tests.app.cases import CASES, IMAGES
from tests.app.serving import Served
from tests.golden import ways as golden

RANDOM = np.random.default_rng(8)
SQUARE = {"values": RANDOM.integers(-9, 10, (7, 10, 3)).tolist()}
SOBEL = {"type": "conv2d", "filter": "sobel_x", "dilations": [2, 3]}


def ask(server: Served, status: int = 200, **body: Any) -> Any:
    answer = server.client.post("/api/v1/equivalences", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def ways(server: Served, **body: Any) -> dict[str, Any]:
    answer = ask(server, **{"input": SQUARE} | body)
    EquivalencesOut.model_validate(answer, strict=True)
    return {way["name"]: way for way in answer["equivalences"]}


def test_the_page_is_tested_with_what_is_answered(server: Served) -> None:
    answered = golden.document(lambda body: ask(server, **body)["equivalences"])
    assert json.loads(answered) == json.loads(golden.PATH.read_text("utf-8")), "run tests.golden.ways"


def stage(way: Any, name: str, plane: int = 0) -> np.ndarray[Any, np.dtype[np.float64]]:
    (found,) = (one for one in way["stages"] if one["name"] == name)
    return np.array(found["planes"][plane]["values"])


@pytest.mark.parametrize("case", CASES)
def test_every_way_comes_out_where_the_operation_does(server: Served, case: str) -> None:
    operation, images = CASES[case], {"values": IMAGES.tolist()}
    found = ways(server, input=images, operation=operation, batch=1)
    outputs = server.client.post("/api/v1/outputs", json={"input": images, "operation": operation}).json()
    expected = np.array(outputs["output"]["values"])[1, :, :, 0]
    assert all(way["holds"] is (None if way["refusal"] else True) for way in found.values())
    assert bool(found) == ("pool" not in operation["type"])
    for way in found.values():
        if not way["refusal"]:
            assert stage(way, "output") == pytest.approx(
                expected, rel=1e-4, abs=1e-4 * np.abs(expected).max()
            )


def test_a_dilated_kernel_in_three_ways(server: Served) -> None:
    found = ways(server, operation=SOBEL, channel=1)
    cells = np.array(SQUARE["values"])[:, :, 1]
    stuffed = stage(found["zero_stuffed"], "stuffed")
    assert stuffed.shape == (5, 7)
    assert stuffed[::2, ::3].tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    batched = found["space_to_batch"]
    blocks = next(one for one in batched["stages"] if one["name"] == "blocks")["planes"]
    assert [plane["label"] for plane in blocks] == [f"{y}, {x}" for y in range(2) for x in range(3)]
    padded = np.pad(cells, ((2, 3), (3, 5)))
    assert np.array(blocks[4]["values"]).tolist() == padded[1::2, 1::3].tolist()
    matrix = stage(found["im2col"], "matrix")
    assert matrix.shape == (70, 27)
    assert matrix[23, 9:18].tolist() == padded[2 : 2 + 5 : 2, 3 : 3 + 7 : 3].ravel().tolist()


def test_two_passes_and_what_they_save(server: Served) -> None:
    found = ways(server, operation={"type": "conv2d", "filter": "sobel_x", "bias": [7], "activation": "relu"})
    way = found["separable"]
    column, row = stage(way, "column"), stage(way, "row")
    assert (column @ row).tolist() == stage(way, "kernel").tolist()
    assert way["counts"] == {
        "parameters": 18,
        "parameters_direct": 27,
        "multiplications": 70 * 3 * 6,
        "multiplications_direct": 70 * 3 * 9,
    }
    assert found["space_to_batch"]["refusal"].startswith("without dilation")
    assert way["singular_values"] == pytest.approx([12**0.5, 0, 0], abs=1e-6)
    laplacian = ways(server, operation={"type": "conv2d", "filter": "laplacian"})
    assert "is not separable" in laplacian["separable"]["refusal"]
    assert laplacian["separable"]["singular_values"][1] > 0.4
    assert laplacian["im2col"]["singular_values"] is None


def test_every_stage_that_mixes_channels_shows_all_of_them_where_they_are_few(server: Served) -> None:
    found = ways(server, operation={"type": "conv2d", "filter": "sobel_x", "bias": [2]}, channel=2)
    for name, weights in (("separable", "row"), ("depthwise_pointwise", "pointwise")):
        between = next(one for one in found[name]["stages"] if one["name"] == "between")["planes"]
        assert [plane["label"] for plane in between] == ["0", "1", "2"]
        assert stage(found[name], weights).shape == (1, 3)
    mixed = sum(stage(found["depthwise_pointwise"], "between", plane) for plane in range(3))
    assert (mixed + 2).tolist() == stage(found["depthwise_pointwise"], "output").tolist()
    product = stage(found["im2col"], "product")
    assert (product + 2).reshape(7, 10).tolist() == stage(found["im2col"], "output").tolist()
    many = {"values": RANDOM.integers(-9, 10, (4, 4, 9)).tolist()}
    few = ways(server, input=many, operation={"type": "conv2d", "filter": "sobel_x"}, channel=4)
    assert [
        [plane["label"] for plane in one["planes"]]
        for one in few["depthwise_pointwise"]["stages"]
        if one["name"] == "between"
    ] == [["4"]]


def test_a_true_convolution_with_the_kernel_itself_is_another_one(server: Served) -> None:
    kernel = RANDOM.integers(-5, 6, (2, 3)).tolist()
    way = ways(server, operation={"type": "conv2d", "kernel": kernel})["turned"]
    assert stage(way, "turned").tolist() == np.array(kernel)[::-1, ::-1].tolist()
    assert not np.array_equal(stage(way, "other"), stage(way, "output"))


@pytest.mark.parametrize("rank", [1, 2])
def test_a_full_convolution_takes_as_many_depthwise_kernels_as_its_rank(rank: int) -> None:
    few = RANDOM.normal(size=(3, 2, 4, rank))
    kernel = np.einsum("hwcm,cmo->hwco", few, RANDOM.normal(size=(4, rank, 6))).astype(np.float32)
    cells = RANDOM.integers(-9, 10, (1, 8, 7, 4)).astype(np.float32)
    conv = Conv2D(kernel, RANDOM.normal(size=6), strides=(2, 1), activation="relu")
    depthwise, pointwise, found = depthwise_then_pointwise(conv, cells)
    assert depthwise.kernel.shape == (3, 2, 4, rank)
    assert pointwise.kernel.shape == (1, 1, 4 * rank, 6)
    assert found.parameters == 3 * 2 * 4 * rank + 4 * rank * 6
    assert found.parameters_full == 3 * 2 * 4 * 6
    assert found.output == pytest.approx(run(conv, cells), rel=1e-4, abs=1e-3)


@pytest.mark.parametrize(
    "spec",
    [
        Conv2D(RANDOM.integers(-4, 5, (2, 3, 3, 4)), [1, 2, 3, 4], groups=2, flip_kernel=True),
        DepthwiseConv2D(RANDOM.integers(-4, 5, (2, 3, 6, 2)), padding="SAME_LOWER", padding_mode="reflect"),
    ],
)
def test_one_output_channel_by_itself(spec: Conv2D | DepthwiseConv2D) -> None:
    cells = RANDOM.integers(-9, 10, (2, 5, 7, 6)).astype(np.float32)
    for channel in range(spec.out_channels):
        one, read = narrowed(spec, cells, channel)
        assert run(one, read)[..., 0].tolist() == run(spec, cells)[..., channel].tolist()


def test_one_output_channel_of_a_transposed_one_by_itself() -> None:
    kernel = RANDOM.integers(-4, 5, (2, 3, 2, 6))
    spec = Conv2DTranspose(kernel, [1, 2, 3, 4], (2, 2), padding="VALID", groups=2, output_padding=(1, 0))
    cells = RANDOM.integers(-9, 10, (2, 5, 7, 6)).astype(np.float32)
    for channel in range(4):
        one, read = narrowed_transposed(spec, cells, channel)
        assert run(one, read)[..., 0].tolist() == run(spec, cells)[..., channel].tolist()


@pytest.mark.parametrize("field", ["batch", "out_channel", "channel"])
def test_refusals_name_the_field(server: Served, field: str) -> None:
    error = ask(server, 422, input=SQUARE, operation=SOBEL, **{field: 3})["errors"][0]
    assert error["field"] == field


def test_what_would_be_too_long_an_answer_is_refused(server: Served) -> None:
    photo = {"sample": "harbour", "size": [256, 256]}
    error = ask(server, 422, input=photo, operation=SOBEL)["errors"][0]
    assert error["field"] == "operation"
    assert "values in the answer; the limit is 1000000" in error["reason"]
