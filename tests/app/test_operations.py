"""Every operation through POST /outputs and POST /geometry, against plain NumPy."""

import base64
import io
from typing import Any

import numpy as np
import pytest

from engine.layouts import KERNEL_LAYOUTS
from tests.app import oracle
from tests.app.cases import CASES, IMAGES
from tests.app.serving import Served

LAYOUTS = {"NHWC": (0, 1, 2, 3), "NCHW": (0, 3, 1, 2)}


def npy(array: Any) -> str:
    stream = io.BytesIO()
    np.save(stream, array)
    return base64.b64encode(stream.getvalue()).decode()


def post(server: Served, operation: dict[str, Any], source: Any = None, **params: str) -> Any:
    body = {"input": source or {"values": IMAGES.tolist()}, "operation": operation}
    answer = server.client.post("/api/v1/outputs", json=body, params=params)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", CASES)
def test_the_output(server: Served, case: str, layout: str) -> None:
    axes = LAYOUTS[layout]
    source = {"npy": npy(IMAGES.astype(np.float32).transpose(axes)), "layout": layout}
    expected = oracle.output(CASES[case], IMAGES).transpose(axes)
    answer = post(server, CASES[case], source).json()
    assert answer["output"]["layout"] == layout
    assert answer["output"]["shape"] == list(expected.shape)
    np.testing.assert_allclose(answer["output"]["values"], expected, rtol=1e-6, atol=0)
    array = np.load(io.BytesIO(post(server, CASES[case], source, format="npy").content))
    assert array.dtype == np.float32
    assert np.array_equal(array, answer["output"]["values"])
    if CASES[case]["type"] == "max_pool2d":
        places = oracle.output(CASES[case], IMAGES, "argmax").transpose(*axes, 4)
        assert np.array_equal(answer["argmax"], places)
    else:
        assert set(answer) == {"output", "geometry"}


def test_the_argmax_of_a_grey_picture_is_nested_as_its_values(server: Served) -> None:
    operation = {"type": "max_pool2d", "kernel_size": [1, 2], "strides": [1, 2], "padding": "VALID"}
    answer = post(server, operation, {"values": [[3, 5, 7, 7], [2, 1, -4, -3]]}).json()
    assert answer["output"]["values"] == [[[5], [7]], [[2], [-3]]]
    assert answer["argmax"] == [[[[0, 1]], [[0, 2]]], [[[1, 0]], [[1, 3]]]]


@pytest.mark.parametrize("case", CASES)
def test_the_geometry(server: Served, case: str) -> None:
    operation = CASES[case]
    body = {"input_shape": list(IMAGES.shape), "operation": operation}
    geometry = server.client.post("/api/v1/geometry", json=body).json()
    tables = oracle.tables(operation, IMAGES[0])
    channels = oracle.out_channels(operation, IMAGES.shape[3])
    assert geometry["output_shape"] == [len(IMAGES), *map(len, tables), channels]
    assert geometry["positions"] == len(tables[0]) * len(tables[1])
    for name, size, table in zip("yx", IMAGES.shape[1:3], tables, strict=True):
        axis = geometry[name]
        assert axis["never_read"] == sorted(set(range(size)) - set(table.ravel().tolist()))
        assert (axis["input_size"], axis["kernel_size"], axis["output_size"]) == (size, *table.shape[::-1])
        assert axis["formula"].endswith(f"= {len(table)}")
        taps = axis["taps"]
        numbers = range(size if operation["type"] == "conv2d_transpose" else len(table))
        rule = {
            (number, tap): taps["first"] + number * taps["stride"] + offset
            for number in numbers
            for tap, offset in enumerate(taps["offsets"])
        }
        if operation["type"] == "conv2d_transpose":
            found = {(place, tap): cell for (cell, tap), place in rule.items() if 0 <= place < len(table)}
        else:
            found = {key: place for key, place in rule.items() if 0 <= place < size}
        wanted = {(place, tap): index for (place, tap), index in np.ndenumerate(table) if index >= 0}
        if operation.get("padding_mode", "zeros") == "zeros":
            assert found == wanted
        else:
            assert found.items() < wanted.items()


def test_the_geometry_of_one_transposed_axis_in_full(server: Served) -> None:
    operation = {
        "type": "conv2d_transpose",
        "kernel": [[1, 2], [3, 4], [5, 6]],
        "strides": [4, 3],
        "dilations": [2, 1],
        "padding": [[1, 0], [2, 0]],
        "output_padding": [3, 2],
    }
    body = {"input_shape": [5, 7], "operation": operation}
    geometry = server.client.post("/api/v1/geometry", json=body).json()
    assert geometry["y"] == {
        "input_size": 5,
        "kernel_size": 3,
        "stride": 4,
        "dilation": 2,
        "span": 5,
        "full_size": 21,
        "crop_before": 1,
        "crop_after": -3,
        "output_size": 23,
        "never_read": [],
        "taps": {"first": -1, "stride": 4, "offsets": [0, 2, 4]},
        "formula": "(5 − 1) × 4 + 5 − 1 + 3 = 23",
    }
    assert geometry["x"]["never_read"] == [0]  # both of its taps fall before the crop
    assert geometry["pads"] == {"top": 1, "bottom": -3, "left": 2, "right": -2}
    assert geometry["cells_never_read"] == 5
    assert geometry["output_shape"] == [1, 23, 20, 1]


def test_an_overhanging_window_is_told(server: Served) -> None:
    operation = {
        "type": "max_pool2d",
        "kernel_size": [3, 2],
        "strides": [2, 2],
        "padding": "VALID",
        "ceil_mode": True,
    }
    body = {"input_shape": [6, 8], "operation": operation}
    geometry = server.client.post("/api/v1/geometry", json=body).json()
    assert (geometry["y"]["overhang"], geometry["x"]["overhang"]) == (1, 0)
    assert geometry["y"]["formula"] == "⌈(6 + 0 + 0 − 3) ÷ 2⌉ + 1 = 3"
    assert (geometry["y"]["leftover"], geometry["y"]["padding_mode"]) == (0, "zeros")


TURNED = {"OIHW": (3, 2, 0, 1), "IOHW": (3, 2, 0, 1)}


@pytest.mark.parametrize("case", ["groups", "depthwise", "transposed, pads"])
def test_the_kernels_own_layouts(server: Served, case: str) -> None:
    operation = CASES[case]
    expected = post(server, operation).content
    for layout in KERNEL_LAYOUTS[operation["type"]]:
        kernel = np.transpose(operation["kernel"], TURNED.get(layout, (0, 1, 2, 3)))
        for given in (kernel.tolist(), {"npy": npy(np.ascontiguousarray(kernel))}):
            assert post(server, operation | {"kernel": given, "kernel_layout": layout}).content == expected


FLAT = [[1, 2, -3], [0, 4, 1]]
FULL = {
    # Two groups of three channels, each summed into an output channel of its own.
    "conv2d": ({"groups": 2}, np.repeat(np.array(FLAT)[:, :, None, None], 3, 2).repeat(2, 3)),
    "depthwise_conv2d": ({}, np.repeat(np.array(FLAT)[:, :, None, None], 6, 2)),
    "conv2d_transpose": ({"groups": 3}, np.repeat(np.array(FLAT)[:, :, None, None], 6, 3)),
}


@pytest.mark.parametrize("kind", FULL)
def test_a_flat_kernel_is_for_every_channel(server: Served, kind: str) -> None:
    fields, kernel = FULL[kind]
    operation = {"type": kind, "padding": "VALID"} | fields
    expected = oracle.output(operation | {"kernel": kernel}, IMAGES)
    assert expected.shape[3] == {"conv2d": 2, "depthwise_conv2d": 6, "conv2d_transpose": 3}[kind]
    assert np.array_equal(post(server, operation | {"kernel": FLAT}).json()["output"]["values"], expected)


@pytest.mark.parametrize("kind", FULL)
def test_filters_work_alike(server: Served, kind: str) -> None:
    sobel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    by_name, by_kernel = (
        post(server, {"type": kind} | weights).content
        for weights in ({"filter": "sobel_x"}, {"kernel": sobel})
    )
    assert by_name == by_kernel


WHOLE_OBJECT = {
    "filter": None,
    "kernel": None,
    "kernel_size": None,
    "bias": None,
    "strides": [1, 1],
    "dilations": [1, 1],
    "groups": 1,
    "padding": "SAME",
    "padding_mode": "zeros",
    "output_padding": [0, 0],
    "output_shape": None,
    "ceil_mode": False,
    "count_include_pad": False,
    "flip_kernel": False,
    "activation": None,
}


@pytest.mark.parametrize(
    "operation",
    [
        *({"type": kind, "kernel": FLAT} for kind in FULL),
        {"type": "max_pool2d", "kernel_size": [2, 3], "kernel_layout": None},
        {"type": "avg_pool2d", "kernel_size": [2, 3]},
    ],
    ids=lambda operation: operation["type"],
)
def test_the_whole_object_with_neutral_values_is_the_same_operation(
    server: Served, operation: dict[str, Any]
) -> None:
    source = {"values": IMAGES[0].tolist()}
    brief = server.trace(input=source, operation=operation)
    assert server.trace(input=source, operation=WHOLE_OBJECT | operation)["id"] == brief["id"]


def test_a_picture_of_a_pool(server: Served) -> None:
    operation = {"type": "max_pool2d", "kernel_size": [2, 2], "strides": [2, 2]}
    source = {"values": [[0, 90, 3, 4, 1], [2, 1, 200, 0, 255]]}
    content = post(server, operation, source, format="png", palette="clip").content
    from PIL import Image

    assert np.asarray(Image.open(io.BytesIO(content))).tolist() == [[90, 200, 255]]


def test_a_global_pool_may_be_larger_than_a_window_that_is_shown(server: Served) -> None:
    source = {"sample": "harbour", "size": [300, 400]}
    answer = post(server, {"type": "avg_pool2d", "kernel_size": "global"}, source).json()
    same = server.client.post(
        "/api/v1/outputs?format=npy",
        json={"input": source, "operation": {"type": "depthwise_conv2d", "filter": "identity"}},
    )
    pixels = np.load(io.BytesIO(same.content)).astype(np.float64)
    np.testing.assert_allclose(np.ravel(answer["output"]["values"]), pixels.mean(axis=(0, 1)), rtol=1e-6)
